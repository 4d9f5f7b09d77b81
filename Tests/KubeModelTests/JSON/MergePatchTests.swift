import KubeModel
import Testing

@Suite struct MergePatchTests {
    /// The examples of RFC 7386, appendix A: target, patch, result.
    static let examples: [(JSONValue, JSONValue, JSONValue)] = [
        (["a": "b"], ["a": "c"], ["a": "c"]),
        (["a": "b"], ["b": "c"], ["a": "b", "b": "c"]),
        (["a": "b"], ["a": nil], [:]),
        (["a": "b", "b": "c"], ["a": nil], ["b": "c"]),
        (["a": ["b"]], ["a": "c"], ["a": "c"]),
        (["a": "c"], ["a": ["b"]], ["a": ["b"]]),
        (["a": ["b": "c"]], ["a": ["b": "d", "c": nil]], ["a": ["b": "d"]]),
        (["a": [["b": "c"]]], ["a": [1]], ["a": [1]]),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        (["a": "b"], ["c"], ["c"]),
        (["a": "foo"], nil, nil),
        (["a": "foo"], "bar", "bar"),
        (["e": nil], ["a": 1], ["e": nil, "a": 1]),
        ([1, 2], ["a": "b", "c": nil], ["a": "b"]),
        ([:], ["a": ["bb": ["ccc": nil]]], ["a": ["bb": [:]]]),
    ]

    @Test(arguments: examples)
    func `a patch does what the RFC says`(target: JSONValue, patch: JSONValue, result: JSONValue) {
        #expect(MergePatch.apply(patch, to: target) == result)
    }

    @Test func `the difference of any two objects leads from one to the other`() {
        let leaves: [JSONValue] = [1, "x", [1, 2], [:], ["k": 1], ["k": ["l": true]]]
        var objects: [JSONValue] = [[:]]
        for one in leaves {
            objects.append(["a": one])
            for other in leaves { objects.append(["a": one, "b": other]) }
        }
        for old in objects {
            for new in objects {
                let patch = MergePatch.difference(from: old, to: new)
                #expect((patch == nil) == (old == new))
                if let patch { #expect(MergePatch.apply(patch, to: old) == new, "\(old) to \(new) by \(patch)") }
            }
        }
    }

    @Test func `a difference says only what differs`() {
        let old: JSONValue = ["spec": ["a": 1, "b": 2], "status": ["x": [1], "y": "z"]]
        let new: JSONValue = ["spec": ["a": 1, "b": 2], "status": ["x": [1, 2]]]
        #expect(MergePatch.difference(from: old, to: new) == ["status": ["x": [1, 2], "y": nil]])
    }
}
