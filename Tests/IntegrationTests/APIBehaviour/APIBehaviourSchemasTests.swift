import KubeModel
import Testing

extension RealServers {
    /// Objects of custom kinds are checked, cut and completed by their schemas alike on every server.
    @Suite(.serialized) struct APIBehaviourSchemas {
        /// Where the things of a test are.
        private static let things = "/apis/schemas.example.com/v1/namespaces/{ns}/things"

        /// What a thing's spec may hold.
        private static let properties: JSONValue = [
            "must": ["type": "string"],
            "text": ["type": "string", "minLength": 2, "maxLength": 4, "pattern": "^a"],
            "choice": ["type": "string", "enum": ["A", "B"]],
            "count": ["type": "integer", "minimum": 1, "maximum": 3],
            "between": [
                "type": "number", "minimum": 1, "exclusiveMinimum": true, "maximum": 5, "exclusiveMaximum": true,
            ],
            "replicas": ["type": "integer", "maximum": 3],
            "flag": ["type": "boolean"],
            "percent": ["x-kubernetes-int-or-string": true],
            "list": ["type": "array", "minItems": 1, "maxItems": 2, "items": ["type": "string"]],
            "set": ["type": "array", "x-kubernetes-list-type": "set", "items": ["type": "string"]],
            "map": [
                "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                "items": [
                    "type": "object", "required": ["name"],
                    "properties": ["name": ["type": "string"], "v": ["type": "integer"]],
                ],
            ],
            "time": ["type": "string", "format": "date-time"],
            "day": ["type": "string", "format": "date"],
            "address": ["type": "string", "format": "ipv4"],
            "id": ["type": "string", "format": "uuid"],
            "bytes": ["type": "string", "format": "byte"],
            "free": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
            "sizes": [
                "type": "object", "additionalProperties": ["type": "integer"], "minProperties": 1, "maxProperties": 2,
            ],
            "maybe": ["type": "string", "nullable": true],
            "deep": ["type": "object", "default": [:], "properties": ["x": ["type": "integer", "default": 5]]],
            "either": [
                "type": "object", "properties": ["a": ["type": "string"], "b": ["type": "string"]],
                "oneOf": [["required": ["a"]], ["required": ["b"]]],
            ],
            "not": [
                "type": "object", "properties": ["a": ["type": "string"]], "not": ["required": ["a"]],
            ],
        ]

        /// Registers the kind.
        private static func register(_ api: APISession) async throws {
            let definition: JSONValue = [
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": ["name": "things.schemas.example.com"],
                "spec": [
                    "group": "schemas.example.com", "scope": "Namespaced",
                    "names": ["kind": "Thing", "plural": "things"],
                    "versions": [
                        [
                            "name": "v1", "served": true, "storage": true,
                            "subresources": [
                                "status": [:],
                                "scale": [
                                    "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.count",
                                ],
                            ],
                            "schema": [
                                "openAPIV3Schema": [
                                    "type": "object", "required": ["spec"],
                                    "properties": [
                                        "spec": ["type": "object", "required": ["must"], "properties": properties],
                                        "status": ["type": "object", "properties": ["count": ["type": "integer"]]],
                                    ],
                                ]
                            ],
                        ]
                    ],
                ],
            ]
            let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
            let made = try await api.send(.post, definitions, definition)
            #expect([201, 409].contains(made.status), "\(made.message)")
            #expect(try await api.eventually(.get, things) { $0.status == 200 }.status == 200)
        }

        /// A thing with more in its spec.
        private static func thing(_ more: [String: JSONValue] = [:]) -> JSONValue {
            [
                "apiVersion": "schemas.example.com/v1", "kind": "Thing", "metadata": ["name": "t"],
                "spec": .object(["must": "x"].merging(more) { $1 }),
            ]
        }

        /// The causes of a refusal as `field: message`, elements without their number, which only newer servers tell.
        private static func causes(_ said: Said) -> Set<String> {
            let causes = said.json[path: "details", "causes"]?.array ?? []
            return Set(causes.map { "\($0["field"]?.string ?? ""): \($0["message"]?.string ?? "")" })
        }

        /// A member of the spec, a value that will not do, and what the server says.
        static let refused: [(String, JSONValue, String)] = [
            ("must", 5, #"Invalid value: "integer": spec.must in body must be of type string: "integer""#),
            ("text", "a", #"Invalid value: "a": spec.text in body should be at least 2 chars long"#),
            ("text", "abcde", #"Invalid value: "abcde": spec.text in body should be at most 4 chars long"#),
            ("text", "bc", #"Invalid value: "bc": spec.text in body should match '^a'"#),
            ("choice", "C", #"Unsupported value: "C": supported values: "A", "B""#),
            ("count", 0, "Invalid value: 0: spec.count in body should be greater than or equal to 1"),
            ("count", 4, "Invalid value: 4: spec.count in body should be less than or equal to 3"),
            ("count", "1", #"Invalid value: "string": spec.count in body must be of type integer: "string""#),
            ("count", 1.5, #"Invalid value: "number": spec.count in body must be of type integer: "number""#),
            ("between", 1, "Invalid value: 1: spec.between in body should be greater than 1"),
            ("between", 5, "Invalid value: 5: spec.between in body should be less than 5"),
            ("flag", "yes", #"Invalid value: "string": spec.flag in body must be of type boolean: "string""#),
            (
                "percent", true,
                #"Invalid value: "boolean": spec.percent in body must be of type integer,string: "boolean""#
            ),
            ("list", [], "Invalid value: 0: spec.list in body should have at least 1 items"),
            ("list", ["a", "b", "c"], "Invalid value: 3: spec.list in body should have at most 2 items"),
            ("list", [:], #"Invalid value: "object": spec.list in body must be of type array: "object""#),
            ("sizes", [:], "Invalid value: 1: spec.sizes in body should have at least 1 properties"),
            (
                "sizes", ["a": 1, "b": 1, "c": 1],
                "Invalid value: 2: spec.sizes in body should have at most 2 properties"
            ),
            ("time", "today", #"Invalid value: "today": spec.time in body must be of type date-time: "today""#),
            ("day", "today", #"Invalid value: "today": spec.day in body must be of type date: "today""#),
            ("address", "here", #"Invalid value: "here": spec.address in body must be of type ipv4: "here""#),
            ("id", "me", #"Invalid value: "me": spec.id in body must be of type uuid: "me""#),
            ("bytes", "*", #"Invalid value: "*": spec.bytes in body must be of type byte: "*""#),
            ("free", [1], #"Invalid value: "array": spec.free in body must be of type object: "array""#),
        ]

        @Test(arguments: APIServer.atHand)
        func `what does not fit is refused in the same words`(server: APIServer) async throws {
            try await server.withSession { api in
                try await Self.register(api)
                for (member, value, message) in Self.refused {
                    let said = try await api.send(.post, Self.things, Self.thing([member: value]))
                    #expect(said.status == 422, "\(member) \(value)")
                    #expect(said.reason == "Invalid")
                    #expect(said.message == "Thing.schemas.example.com \"t\" is invalid: spec.\(member): \(message)")
                    #expect(Self.causes(said) == ["spec.\(member): \(message)"])
                }
                for (member, value, field, message) in [
                    ("set", ["a", "a"], "spec.set[1]", "Duplicate value: \"a\""),
                    (
                        "sizes", ["a.b/c": "x"], "spec.sizes.a.b/c",
                        #"Invalid value: "string": spec.sizes.a.b/c in body must be of type integer: "string""#
                    ),
                    (
                        "either", ["a": "1", "b": "2"], "<nil>",
                        #"Invalid value: "": "spec.either" must validate one and only one schema (oneOf). "#
                            + "Found 2 valid alternatives"
                    ),
                    (
                        "not", ["a": "1"], "<nil>",
                        #"Invalid value: "": "spec.not" must not validate the schema (not)"#
                    ),
                ] as [(String, JSONValue, String, String)] {
                    let said = try await api.send(.post, Self.things, Self.thing([member: value]))
                    #expect(Self.causes(said) == ["\(field): \(message)"])
                }
                let twice = try await api.send(
                    .post,
                    Self.things,
                    Self.thing(["map": [["name": "a"], ["name": "a", "v": 1]]])
                )
                #expect(twice.status == 422)
                #expect(twice.message.contains("spec.map[1]: Duplicate value: "))
            }
        }

        @Test(arguments: APIServer.atHand)
        func `what is missing is told where it should be`(server: APIServer) async throws {
            try await server.withSession { api in
                try await Self.register(api)
                var thing = Self.thing()
                thing["spec"] = nil
                let none = try await api.send(.post, Self.things, thing)
                #expect(none.message == "Thing.schemas.example.com \"t\" is invalid: spec: Required value")
                thing["spec"] = [:]
                let empty = try await api.send(.post, Self.things, thing)
                #expect(Self.causes(empty) == ["spec.must: Required value"])
                #expect(empty.json[path: "details", "causes"]?.array?.first?["reason"] == "FieldValueRequired")
            }
        }

        @Test(arguments: APIServer.atHand)
        func `what the schema does not have is dropped, and defaults are filled in`(server: APIServer) async throws {
            try await server.withSession { api in
                try await Self.register(api)
                var thing = Self.thing([
                    "unknown": [1], "maybe": nil, "text": nil, "percent": "5%", "sizes": ["a": 1],
                    "free": ["a": nil, "b": ["c": 1]], "map": [["name": "a", "w": 1]],
                ])
                thing["more"] = 1
                let made = try await api.send(.post, Self.things, thing)
                #expect(
                    made.json["spec"] == [
                        "must": "x", "maybe": nil, "percent": "5%", "sizes": ["a": 1],
                        "free": ["a": nil, "b": ["c": 1]], "map": [["name": "a"]], "deep": ["x": 5],
                    ],
                    "\(made.json)"
                )
                #expect(made.json["more"] == nil)
                let changed = try await api.merge(
                    Self.things + "/t",
                    ["spec": ["deep": ["y": 1], "other": 1, "free": nil, "maybe": nil]]
                )
                #expect(changed.generation == 2)
                #expect(
                    changed.json["spec"]
                        == ["must": "x", "percent": "5%", "sizes": ["a": 1], "map": [["name": "a"]], "deep": ["x": 5]],
                    "\(changed.json)"
                )
            }
        }

        @Test(arguments: APIServer.atHand)
        func `changes, status and scale are checked too`(server: APIServer) async throws {
            try await server.withSession { api in
                try await Self.register(api)
                try await api.send(.post, Self.things, Self.thing(["replicas": 1]))
                let spec = try await api.merge(Self.things + "/t", ["spec": ["must": nil]])
                #expect(Self.causes(spec) == ["spec.must: Required value"])
                let status = try await api.merge(Self.things + "/t/status", ["status": ["count": "x", "y": 1]])
                #expect(status.status == 422)
                let fits = try await api.merge(Self.things + "/t/status", ["status": ["count": 1, "y": 1]])
                #expect(fits.json["status"] == ["count": 1])
                let scale = try await api.merge(Self.things + "/t/scale", ["spec": ["replicas": 9]])
                #expect(scale.status == 422)
                #expect(scale.message.contains("spec.replicas in body should be less than or equal to 3"))
            }
        }
    }
}
