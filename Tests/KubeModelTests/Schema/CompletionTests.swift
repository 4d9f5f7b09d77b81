import KubeModel
import Testing

/// What an API server makes of an object before it checks it.
@Suite struct CompletionTests {
    private static let schema = StructuralSchema([
        "type": "object",
        "properties": [
            "text": ["type": "string"],
            "maybe": ["type": "string", "nullable": true],
            "size": ["type": "integer", "default": 5],
            "deep": ["type": "object", "default": [:], "properties": ["x": ["type": "integer", "default": 1]]],
            "free": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
            "list": ["type": "array", "items": ["type": "object", "properties": ["k": ["default": "d"]]]],
            "map": ["type": "object", "additionalProperties": ["type": "object", "properties": ["y": [:]]]],
            "embedded": [
                "type": "object", "x-kubernetes-embedded-resource": true, "properties": ["spec": ["type": "object"]],
            ],
        ],
    ])

    @Test(
        arguments: [
            ([:], [:]),
            (["unknown": 1, "text": "a"], ["text": "a"]),
            (["text": nil, "maybe": nil], ["maybe": nil]),
            (["size": nil], [:]),
            (["size": 7], ["size": 7]),
            (["deep": ["x": 2, "z": 3]], ["deep": ["x": 2]]),
            (["free": ["a": nil, "b": [1]]], ["free": ["a": nil, "b": [1]]]),
            (["list": [[:], ["k": "e", "l": 1], 5]], ["list": [["k": "d"], ["k": "e"], 5]]),
            (["map": ["a": ["y": 1, "z": 2], "b": nil]], ["map": ["a": ["y": 1]]]),
            (
                ["embedded": ["apiVersion": "v1", "metadata": ["name": "x"], "spec": ["a": 1], "b": 2]],
                ["embedded": ["apiVersion": "v1", "metadata": ["name": "x"], "spec": [:]]]
            ),
        ] as [(JSONValue, JSONValue)]
    )
    func `unknown members and nulls go, defaults come`(value: JSONValue, expected: JSONValue) {
        var whole: JSONValue = ["size": 5, "deep": ["x": 1]]
        for (name, member) in expected.object ?? [:] { whole[name] = member }
        #expect(Self.schema.completed(value) == whole)
    }
}
