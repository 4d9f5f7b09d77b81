import KubeModel
import Manifests
import Testing

@Suite struct YAMLBoundsTests {
    /// Lists of nine aliases of the list before, thirty times: 9^30 elements if somebody counts.
    static let laughs =
        "a0: &a0 [lol]\n"
        + (1...30).map { "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ","))]\n" }
        .joined()
    /// The same idea in one direction: twenty thousand levels.
    static let chain = "a0: &a0 [x]\n" + (1...20_000).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }.joined()
    /// The same with one name.
    static let shadow = "a0: &a [x]\n" + (1...20_000).map { "a\($0): &a [*a]\n" }.joined()

    static let tooLarge = "aliases make this document too large; write out what they stand for"
    static let tooDeep = "objects and lists may lie at most 200 deep in each other"
    static let key = "a key must be a plain text; write it out"

    @Test(arguments: [
        (laughs, tooLarge),
        (laughs + "? *a30\n: 1\n", key),
        (laughs + "*a30 : 1\n", key),
        (laughs + "b: {[*a30]: 1}\n", key),
        (laughs + "b: {? *a30 : 1}\n", key),
        (laughs + "?\n  - *a30\n: 1\n", key),
        (laughs + "b:\n  <<: {c: *a30}\n", tooLarge),
        (chain, tooDeep),
        (shadow, tooDeep),
        (String(repeating: "[", count: 100_000), tooDeep),
        (String(repeating: "[", count: 900) + String(repeating: "]", count: 900), tooDeep),
        (String(repeating: "- ", count: 100_000) + "x", tooDeep),
        (String(repeating: "{a: ", count: 100_000), tooDeep),
    ])
    func `texts that grow without end are refused`(text: String, message: String) {
        let reading = read(text)
        #expect(reading.manifests.isEmpty)
        #expect(reading.problems.map(\.message) == [message])
    }

    @Test func `a chain of aliases in a text with a mistake is let go of without harm`() {
        for text in [Self.chain, Self.shadow] {
            #expect(read(text + "b: \"\n").problems.count == 1)
        }
    }

    @Test func `200 levels and ordinary aliases are fine`() {
        let deep = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        let aliases = "a: &a {x: 1}\nb: [" + Array(repeating: "*a", count: 1000).joined(separator: ", ") + "]\n"
        let script = "a: &a 1\nb: *a\nc: |\n  case $1 in *b) : ;; esac\n  see? *x: y\nd: \"* * * * *: ?\"\n"
        for text in [deep, aliases, script] {
            #expect(read(text).problems.isEmpty)
            #expect(read(text).manifests.count == 1)
        }
    }

    @Test func `a ScaledObject of a megabyte is checked whole`() {
        let trigger = """

                - type: cron
                  metadata:
                    timezone: Asia/Seoul
                    start: 0 9 * * *
                    end: 0 25 * * *
                    desiredReplicas: "1"
                    note: \(String(repeating: "x", count: 300))
            """
        let text = scaledObject("", triggers: goodTriggers + String(repeating: trigger, count: 2200))
        #expect(text.utf8.count > 1_000_000)
        let report = report(text)
        #expect(report.problems == 2200)
        #expect(report.warnings == 2200)
        #expect(report.findings.first?.field.description == "spec.triggers[1].metadata.end")
    }

    @Test func `thousands of unknown and endless keys are checked`() {
        let keys = (0..<5000).map { "  minReplicaCount\($0): 1\n" }.joined()
        let long = "  ? \(String(repeating: "k", count: 200_000))\n  : 1"
        #expect(report(scaledObject(keys + long)).warnings == 5001)
    }
}
