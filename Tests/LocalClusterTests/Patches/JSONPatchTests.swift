import KubeModel
import Testing

@testable import LocalCluster

@Suite struct JSONPatchTests {
    /// A document, a patch and the result; `nil` where the patch does not fit.
    ///
    /// Most are the examples of RFC 6902's
    /// appendix A.
    private static let table: [(JSONValue, JSONValue, JSONValue?)] = [
        (["foo": "bar"], [["op": "add", "path": "/baz", "value": "qux"]], ["baz": "qux", "foo": "bar"]),
        (["foo": ["bar", "baz"]], [["op": "add", "path": "/foo/1", "value": "qux"]], ["foo": ["bar", "qux", "baz"]]),
        (["foo": ["bar"]], [["op": "add", "path": "/foo/-", "value": ["abc"]]], ["foo": ["bar", ["abc"]]]),
        (["foo": 1], [["op": "add", "path": "/foo/-", "value": 2]], nil),
        (["foo": [1]], [["op": "add", "path": "/foo/2", "value": 2]], nil),
        (["foo": "bar"], [["op": "add", "path": "/baz/bat", "value": "qux"]], nil),
        (["foo": .null], [["op": "add", "path": "", "value": [1]]], [1]),
        (["baz": "qux", "foo": "bar"], [["op": "remove", "path": "/baz"]], ["foo": "bar"]),
        (["foo": ["bar", "qux", "baz"]], [["op": "remove", "path": "/foo/1"]], ["foo": ["bar", "baz"]]),
        (["foo": [1]], [["op": "remove", "path": "/foo/1"]], nil),
        (["foo": 1], [["op": "remove", "path": "/bar"]], nil),
        (["baz": "qux"], [["op": "replace", "path": "/baz", "value": "boo"]], ["baz": "boo"]),
        (["baz": [1, 2]], [["op": "replace", "path": "/baz/1", "value": 3]], ["baz": [1, 3]]),
        (["baz": 1], [["op": "replace", "path": "/none", "value": 3]], nil),
        (
            ["foo": ["bar": "baz", "waldo": "fred"], "qux": ["corge": "grault"]],
            [["op": "move", "from": "/foo/waldo", "path": "/qux/thud"]],
            ["foo": ["bar": "baz"], "qux": ["corge": "grault", "thud": "fred"]]
        ),
        (
            ["foo": ["all", "cows", "eat"]], [["op": "move", "from": "/foo/0", "path": "/foo/2"]],
            ["foo": ["cows", "eat", "all"]]
        ),
        (["a": ["b": 1]], [["op": "move", "from": "/a", "path": "/a/b"]], nil),
        (["a": 1], [["op": "copy", "from": "/a", "path": "/b"]], ["a": 1, "b": 1]),
        (["a": 1], [["op": "test", "path": "/a", "value": 1], ["op": "remove", "path": "/a"]], [:]),
        (["a": 1], [["op": "test", "path": "/a", "value": 2], ["op": "remove", "path": "/a"]], nil),
        (
            ["a/b": 1, "m~n": 2], [["op": "remove", "path": "/a~1b"], ["op": "test", "path": "/m~0n", "value": 2]],
            ["m~n": 2]
        ),
        (["a": 1], [], ["a": 1]),
    ]

    @Test(arguments: table)
    func `operations do what the standard says, all or none`(document: JSONValue, patch: JSONValue, result: JSONValue?)
        throws
    {
        let operations = try JSONPatch.parse(patch)
        if let result {
            #expect(try JSONPatch.apply(operations, to: document) == result)
        } else {
            let failure = #expect(throws: APIFailure.self) { try JSONPatch.apply(operations, to: document) }
            #expect(failure?.status.code == 422)
        }
    }

    /// What is no patch.
    private static let nonsense: [JSONValue] = [
        [:], "text", [["path": "/a"]], [["op": "add", "path": "/a"]], [["op": "none", "path": "/a", "value": 1]],
        [["op": "add", "path": "a", "value": 1]], [["op": "move", "path": "/a"]], [1],
    ]

    @Test(arguments: nonsense)
    func `what is no patch is refused`(body: JSONValue) {
        let failure = #expect(throws: APIFailure.self) { try JSONPatch.parse(body) }
        #expect(failure?.status.code == 400)
    }
}
