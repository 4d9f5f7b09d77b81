import Manifests
import Testing

@Suite struct HeaderTests {
    @Test(arguments: [
        ("- a\n- b\n", ["1:1 error: a manifest is an object with apiVersion, kind and metadata"]),
        ("just text\n", ["1:1 error: a manifest is an object with apiVersion, kind and metadata"]),
        (
            "a: 1\n",
            ["1:1 error: this has neither apiVersion nor kind, so it is no manifest; is it a Helm values file?"]
        ),
        ("apiVersion: v1\nkind:\n", ["1:1 error metadata.name: is required", "2:1 error kind: is required"]),
        ("kind: Pod\nmetadata:\n  name: x\n", ["1:1 error apiVersion: is required"]),
        ("apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {}\n", ["3:1 error metadata.name: is required"]),
        (
            "apiVersion: v1\nkind: Pod\nmetadata: {name: 5}\n",
            ["3:12 error metadata.name: must be a text; put it in quotes"]
        ),
        ("apiVersion: 1\nkind: Pod\nmetadata: {name: x}\n", ["1:1 error apiVersion: must be a text; put it in quotes"]),
        ("apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: x-}\n", []),
        ("apiVersion: v1\nkind: List\nitems: []\n", ["error: it holds no manifest"]),
        ("apiVersion: v1\nkind: List\nitems: {}\n", ["1:1 error metadata.name: is required"]),
        (
            "apiVersion: v1\nkind: List\nitems: [5]\n",
            ["3:9 error items[0]: a manifest is an object with apiVersion, kind and metadata"]
        ),
    ])
    func `every document needs a version, a kind and a name`(text: String, expected: [String]) {
        #expect(check(text) == expected)
    }

    @Test func `other kinds are left alone`() {
        let text = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, annotations: {a: 1}}
            spec: {replicas: many, whatever: true}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: web}
            data: [1, 2]
            ---
            apiVersion: eventing.keda.sh/v1alpha1
            kind: CloudEventSource
            metadata: {name: web}
            """
        #expect(check(text) == [])
        #expect(report(text).documents == 3)
    }

    @Test(arguments: [
        (
            "keda.sh/v1alpha2", "ScaledObject",
            "1:1 error apiVersion: ScaledObject has no version v1alpha2; write keda.sh/v1alpha1"
        ),
        ("keda.sh/v1alpha1", "ScaledObjct", "2:1 error kind: keda.sh has no such kind, did you mean ScaledObject?"),
        ("keda.sh/v1alpha1", "Deployment", "2:1 error kind: keda.sh has no such kind"),
    ])
    func `a kind or version of our group that there is not is told`(version: String, kind: String, expected: String) {
        #expect(check("apiVersion: \(version)\nkind: \(kind)\nmetadata: {name: x}\n") == [expected])
    }

    @Test(arguments: [
        ("Web", false), ("web_1", false), ("-web", false), ("web-", false), ("web..a", false), ("web.a-1", true),
        ("7", true),
    ])
    func `names are those of the API server`(name: String, isGood: Bool) {
        let text = """
            apiVersion: keda.sh/v1alpha1
            kind: TriggerAuthentication
            metadata:
              name: "\(name)"
            spec: {}
            """
        let message =
            "4:3 error metadata.name: must be lower-case letters, digits, - and ., "
            + "begin and end with a letter or digit, and have at most 253 characters"
        #expect(check(text) == (isGood ? [] : [message]))
    }
}
