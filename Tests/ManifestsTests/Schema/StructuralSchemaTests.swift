import KubeModel
import Testing

@testable import Manifests

@Suite struct StructuralSchemaTests {
    /// A problem as `path: message`, an unknown field with `?` in front.
    private func problems(_ schema: JSONValue, _ value: JSONValue) -> [String] {
        StructuralSchema(schema).problems(in: value).map { "\($0.isFatal ? "" : "?")\($0.path): \($0.message)" }
    }

    @Test(
        arguments: [
            (["type": "string"], "x", []),
            (["type": "string"], 5, [": must be a text, not a number; put it in quotes"]),
            (["type": "string"], true, [": must be a text, not true or false; put it in quotes"]),
            (["type": "string"], ["a"], [": must be a text, not a list"]),
            (["type": "string"], nil, [": must be a text, not empty"]),
            (["type": "string", "nullable": true], nil, []),
            (["type": "integer"], 5, []),
            (["type": "integer"], .number(1e20), [": is too large a number"]),
            (["type": "integer"], 1.5, [": must be a whole number, not a number with a fraction"]),
            (["type": "integer"], "5", [": must be a whole number, not a text"]),
            (["type": "integer", "format": "int32"], 2_147_483_647, []),
            (["type": "integer", "format": "int32"], 2_147_483_648, [": is too large a number"]),
            (["type": "integer", "format": "int64"], .integer(.max), [": is too large a number"]),
            (["type": "number"], 5, []),
            (["type": "number"], 0.5, []),
            (["type": "number"], "x", [": must be a number, not a text"]),
            (["type": "boolean"], false, []),
            (["type": "boolean"], "yes", [": must be true or false, not a text"]),
            (["x-kubernetes-int-or-string": true], "5%", []),
            (["x-kubernetes-int-or-string": true], 5, []),
            (
                ["x-kubernetes-int-or-string": true], 0.5,
                [": must be a whole number or a text, not a number with a fraction"]
            ),
            ([:], ["anything": [1, "x", nil]], []),
            (["minimum": 1, "maximum": 3, "type": "integer"], 0, [": must be 1 or more"]),
            (["minimum": 1, "maximum": 3, "type": "integer"], 4, [": must be 3 or less"]),
            (["minimum": 1, "exclusiveMinimum": true, "type": "number"], 1, [": must be more than 1"]),
            (["maximum": 1, "exclusiveMaximum": true, "type": "number"], 1, [": must be less than 1"]),
            (["minLength": 1, "type": "string"], "", [": must not be empty"]),
            (["maxLength": 2, "type": "string"], "abc", [": must have at most 2 characters"]),
            (["maxLength": 1, "type": "string"], "👩‍👩‍👧", [": must have at most 1 characters"]),
            (["pattern": "^a+$", "type": "string"], "aab", [": must match ^a+$"]),
            (["pattern": "a+", "type": "string"], "xay", []),
            (
                ["enum": ["Alpha", "Beta"], "type": "string"], "beta",
                [": must be one of Alpha, Beta, did you mean \"Beta\"?"]
            ),
            (["minItems": 1, "type": "array"], [], [": must have at least 1 element"]),
            (["maxItems": 1, "type": "array"], [1, 2], [": must have at most 1 elements"]),
            (["minProperties": 1, "type": "object"], [:], [": must have at least 1 member"]),
            (["type": "array", "x-kubernetes-list-type": "set"], [1, 2, 1], ["[2]: is in the list already"]),
            (
                ["type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["n", "p"]],
                [["n": 1, "p": 1], ["n": 1, "p": 2], ["n": 1, "p": 1, "x": 2]], ["[2]: is in the list already"]
            ),
            (["type": "string", "format": "date-time"], "2026-11-21T15:00:00.5+01:00", []),
            (["type": "string", "format": "date-time"], "2026-11-21", [": must be a date-time"]),
            (["type": "string", "format": "date"], "2026-13-21", [": must be a date"]),
            (["type": "string", "format": "byte"], "cQ==", []),
            (["type": "string", "format": "byte"], "*", [": must be a byte"]),
            (["type": "string", "format": "ipv4"], "10.0.0.256", [": must be a ipv4"]),
            (["type": "string", "format": "uuid"], "5e8c9a4e-0001-4000-8000-00000000000f", []),
            (["type": "string", "format": "of our own"], "x", []),
            (["anyOf": [["required": ["a"]], ["required": ["b"]]]], ["b": 1], []),
            (
                ["anyOf": [["required": ["a"]], ["required": ["b"]]]], [:],
                [": must fit one of its alternatives (anyOf)"]
            ),
            (
                ["oneOf": [["required": ["a"]], ["required": ["b"]]]], ["a": 1, "b": 1],
                [": must fit one of its alternatives and no other (oneOf)"]
            ),
            (["allOf": [["minimum": 1], ["maximum": 3]]], 4, [": must fit all of its alternatives (allOf)"]),
            (["not": ["required": ["a"]]], ["a": 1], [": must not be what it is (not)"]),
        ] as [(JSONValue, JSONValue, [String])]
    )
    func `a value is checked against its keywords`(schema: JSONValue, value: JSONValue, expected: [String]) {
        #expect(problems(schema, value) == expected)
    }

    private static let nested: JSONValue = [
        "type": "object",
        "required": ["name", "list"],
        "properties": [
            "name": ["type": "string"],
            "list": ["type": "array", "items": ["type": "object", "properties": ["size": ["type": "integer"]]]],
            "labels": ["type": "object", "additionalProperties": ["type": "string"]],
            "free": [
                "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                "properties": ["n": ["type": "integer"]],
            ],
            "empty": ["type": "object"],
        ],
    ]

    @Test(
        arguments: [
            (["name": "x", "list": []], []),
            ([:], ["name: is required", "list: is required"]),
            (["name": nil, "list": []], ["name: is required"]),
            (["name": "x", "list": [], "labels": nil], []),
            (
                ["name": "x", "list": [["size": "1"], [1]]],
                ["list[0].size: must be a whole number, not a text", "list[1]: must be an object, not a list"]
            ),
            (["name": "x", "list": [nil]], ["list[0]: must be an object, not empty"]),
            (
                ["name": "x", "list": [["sizes": 1]]],
                ["?list[0].sizes: unknown field, which the API server drops; did you mean \"size\"?"]
            ),
            (
                ["name": "x", "list": [], "labels": ["a.b/c": 1, "d": "x"]],
                ["labels[\"a.b/c\"]: must be a text, not a number; put it in quotes"]
            ),
            (["name": "x", "list": [], "free": ["n": "x", "m": 1]], ["free.n: must be a whole number, not a text"]),
            (["name": "x", "list": [], "empty": ["a": 1]], ["?empty.a: unknown field, which the API server drops"]),
        ] as [(JSONValue, [String])]
    )
    func `all problems of an object are told at once`(value: JSONValue, expected: [String]) {
        #expect(problems(Self.nested, value) == expected)
    }

    @Test func `an object has metadata of its own whatever its CRD says`() {
        let schema = StructuralSchema.ofObject(["type": "object", "properties": ["metadata": ["type": "object"]]])
        let value: JSONValue = [
            "apiVersion": "v1", "kind": "X",
            "metadata": [
                "name": "x", "labels": ["a": 1], "annotations": ["b": true], "managedFields": [["manager": "kubectl"]],
                "lables": [:],
            ],
        ]
        #expect(
            schema.problems(in: value).map { "\($0.path): \($0.message)" } == [
                "metadata.annotations.b: must be a text, not true or false; put it in quotes",
                "metadata.labels.a: must be a text, not a number; put it in quotes",
                "metadata.lables: unknown field, which the API server drops; did you mean \"labels\"?",
            ]
        )
    }
}
