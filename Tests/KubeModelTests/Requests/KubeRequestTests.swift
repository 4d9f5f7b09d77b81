import KubeModel
import Testing

@Suite struct KubeRequestTests {
    static let rollouts = ResourceType(GroupVersion("argoproj.io", "v1alpha1"), kind: "Rollout", plural: "rollouts")
    static let namespaces = ResourceType(
        GroupVersion("", "v1"),
        kind: "Namespace",
        plural: "namespaces",
        isNamespaced: false
    )
    static let web = ObjectKey(namespace: "shop", name: "web")

    @Test(arguments: [
        (KubeRequest.list(Pod.resourceType), "GET /api/v1/pods", []),
        (.list(Pod.resourceType, in: "shop"), "GET /api/v1/namespaces/shop/pods", []),
        (.list(Pod.resourceType, in: ""), "GET /api/v1/pods", []),
        (
            .list(rollouts, in: "shop", limit: 500), "GET /apis/argoproj.io/v1alpha1/namespaces/shop/rollouts",
            ["limit=500"]
        ),
        (
            .list(
                Pod.resourceType,
                labels: LabelSelector([.isIn("a", ["b"])]),
                fields: "spec.nodeName=n",
                limit: 1,
                continuing: "t"
            ),
            "GET /api/v1/pods", ["labelSelector=a=b", "fieldSelector=spec.nodeName=n", "limit=1", "continue=t"]
        ),
        (.list(namespaces, in: "shop"), "GET /api/v1/namespaces", []),
        (
            .watch(rollouts, from: "42", seconds: 290), "GET /apis/argoproj.io/v1alpha1/rollouts",
            ["watch=true", "allowWatchBookmarks=true", "resourceVersion=42", "timeoutSeconds=290"]
        ),
        (.get(rollouts, web), "GET /apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/web", []),
        (
            .get(rollouts, web, subresource: "scale"),
            "GET /apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/web/scale", []
        ),
        (.get(namespaces, ObjectKey(namespace: "", name: "shop")), "GET /api/v1/namespaces/shop", []),
    ])
    func `reading goes to the right place`(request: KubeRequest, line: String, query: [String]) {
        #expect("\(request.method.rawValue) \(request.pathText)" == line)
        #expect(request.query.map { "\($0.name)=\($0.value)" } == query)
        #expect(request.body.isEmpty && request.contentType == nil)
    }

    @Test func `a new object goes to its collection`() throws {
        let map = ConfigMap(metadata: ObjectMeta(name: "m", namespace: "shop"), data: ["k": "v"])
        let request = try KubeRequest.create(map)
        #expect("\(request.method.rawValue) \(request.pathText)" == "POST /api/v1/namespaces/shop/configmaps")
        #expect(request.contentType == "application/json")
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"apiVersion":"v1","data":{"k":"v"},"kind":"ConfigMap","metadata":{"name":"m","namespace":"shop"}}"#
        )
    }

    @Test(arguments: [
        (KubeRequest.PatchKind.merge, "application/merge-patch+json"),
        (.json, "application/json-patch+json"),
        (.strategicMerge, "application/strategic-merge-patch+json"),
        (.apply, "application/apply-patch+yaml"),
    ])
    func `a patch says what kind it is`(kind: KubeRequest.PatchKind, type: String) throws {
        let request = try KubeRequest.patch(Self.rollouts, Self.web, subresource: "status", kind, with: ["a": 1])
        #expect(request.method == .patch)
        #expect(request.path.suffix(2) == ["web", "status"])
        #expect(request.contentType == type)
        #expect(request.body == Array(#"{"a":1}"#.utf8))
    }

    @Test func `a delete may mean one life of a name`() throws {
        let any = try KubeRequest.delete(Self.rollouts, Self.web)
        let one = try KubeRequest.delete(Self.rollouts, Self.web, uid: "u-1")
        #expect(any.method == .delete && any.path.last == "web")
        #expect(try KubeJSON.decode(JSONValue.self, from: any.body)["preconditions"] == nil)
        #expect(try KubeJSON.decode(JSONValue.self, from: one.body)["preconditions"] == ["uid": "u-1"])
    }

    @Test(arguments: [
        ("v1", "", "v1"), ("apps/v1", "apps", "v1"), ("autoscaling/v2beta2", "autoscaling", "v2beta2"),
        ("a.b/c/d", "a.b", "c/d"), ("", "", ""),
    ])
    func `an apiVersion is a group and a version`(text: String, group: String, version: String) {
        let read = GroupVersion(apiVersion: text)
        #expect((read.group, read.version) == (group, version))
        #expect(read.description == text)
    }

    @Test func `the core group has an empty name in a qualified kind`() {
        #expect(Pod.resourceType.qualifiedKind == "/v1.Pod")
        #expect(Self.rollouts.qualifiedKind == "argoproj.io/v1alpha1.Rollout")
    }
}
