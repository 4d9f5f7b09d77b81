import KubeModel
import Testing

extension RealServers {
    /// Server-side apply behaves alike on every server.
    @Suite(.serialized) struct APIBehaviourApply {
        /// A ConfigMap as somebody wants it.
        private static func map(_ data: JSONValue?, labels: JSONValue? = nil, name: String = "c") -> JSONValue {
            var map: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)]]
            if let data { map["data"] = data }
            if let labels { map[path: "metadata", "labels"] = labels }
            return map
        }

        @Test(arguments: APIServer.atHand)
        func `fields have owners, and go with the last of them`(server: APIServer) async throws {
            try await server.withSession { api in
                let path = "configmaps/c"
                let made = try await api.apply(path, Self.map(["a": "1", "b": "2"], labels: ["l": "1"]), by: "one")
                #expect(made.status == 201)
                #expect(
                    made.owners == [
                        "one Apply": ["f:data": ["f:a": [:], "f:b": [:]], "f:metadata": ["f:labels": ["f:l": [:]]]]
                    ]
                )
                let same = try await api.apply(path, Self.map(["a": "1", "b": "2"], labels: ["l": "1"]), by: "one")
                #expect(same.status == 200)
                #expect(same.version == made.version)
                let less = try await api.apply(path, Self.map(["a": "1"], labels: ["l": "1"]), by: "one")
                #expect(less.json["data"] == ["a": "1"])
                let shared = try await api.apply(path, Self.map(["a": "1", "c": "3"]), by: "two")
                #expect(shared.json["data"] == ["a": "1", "c": "3"])
                let given = try await api.apply(path, Self.map([:], labels: ["l": "1"]), by: "one")
                #expect(given.json["data"] == ["a": "1", "c": "3"])
                #expect(given.owners["two Apply"] == ["f:data": ["f:a": [:], "f:c": [:]]])
                let none = try await api.apply(path, Self.map(nil), by: "two")
                #expect(none.json["data"] == nil)
                #expect(none.json[path: "metadata", "labels"] == ["l": "1"])
                #expect(none.owners.keys.sorted() == ["one Apply"])
            }
        }

        @Test(arguments: APIServer.atHand)
        func `what others own is a conflict unless it is the same or forced`(server: APIServer) async throws {
            try await server.withSession { api in
                let path = "configmaps/c"
                try await api.apply(path, Self.map(["a": "1"]), by: "one")
                let refused = try await api.apply(path, Self.map(["a": "2", "b": "1"]), by: "two")
                #expect(refused.status == 409)
                #expect(refused.reason == "Conflict")
                #expect(refused.message == "Apply failed with 1 conflict: conflict with \"one\": .data.a")
                #expect(
                    refused.json[path: "details", "causes"] == [
                        ["reason": "FieldManagerConflict", "message": "conflict with \"one\"", "field": ".data.a"]
                    ]
                )
                #expect(try await api.send(.get, path).json["data"] == ["a": "1"])
                let change = try await api.send(
                    .patch,
                    path,
                    ["data": ["b": "5", "c": "6"]],
                    query: ["fieldManager": "hand"],
                    type: KubeRequest.PatchKind.merge.rawValue
                )
                #expect(change.owners["hand Update"] == ["f:data": ["f:b": [:], "f:c": [:]]])
                let several = try await api.apply(path, Self.map(["a": "2", "b": "1", "c": "1"]), by: "two")
                #expect(
                    several.message == """
                        Apply failed with 3 conflicts: conflicts with "hand" using v1:
                        - .data.b
                        - .data.c
                        conflicts with "one":
                        - .data.a
                        """
                )
                let forced = try await api.apply(path, Self.map(["a": "2", "b": "1"]), by: "two", force: true)
                #expect(forced.json["data"] == ["a": "2", "b": "1", "c": "6"])
                #expect(forced.owners.keys.sorted() == ["hand Update", "two Apply"])
                #expect(forced.owners["hand Update"] == ["f:data": ["f:c": [:]]])
                let same = try await api.apply(path, Self.map(["c": "6"]), by: "three")
                #expect(same.status == 200)
                // A write takes what it changes from those who have applied it.
                try await api.merge(path, ["data": ["a": "3"]])
                let back = try await api.apply(path, Self.map(["a": "2", "b": "1"]), by: "two")
                #expect(back.status == 409)
            }
        }

        @Test(arguments: APIServer.atHand)
        func `elements of lists are told apart by their keys`(server: APIServer) async throws {
            try await server.withSession { api in
                let path = "/apis/apps/v1/namespaces/{ns}/deployments/web"
                func deployment(_ containers: [JSONValue], replicas: Int64? = nil) -> JSONValue {
                    var spec: JSONValue = [
                        "selector": ["matchLabels": ["app": "web"]],
                        "template": [
                            "metadata": ["labels": ["app": "web"]],
                            "spec": ["containers": .array(containers)],
                        ],
                    ]
                    if let replicas { spec["replicas"] = .integer(replicas) }
                    return [
                        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"], "spec": spec,
                    ]
                }
                func containers(_ said: Said) -> [String] {
                    let list = said.json[path: "spec", "template", "spec", "containers"]?.array ?? []
                    return list.map { "\($0["name"]?.string ?? "") \($0["image"]?.string ?? "")" }
                }
                let main: JSONValue = [
                    "name": "main", "image": "m:1", "env": [["name": "E", "value": "1"]],
                    "ports": [["containerPort": 80]],
                ]
                let made = try await api.apply(path, deployment([main], replicas: 2), by: "one")
                #expect(made.status == 201, "\(made.message)")
                let owned: JSONValue = [
                    ".": [:], "f:name": [:], "f:image": [:],
                    "f:env": ["k:{\"name\":\"E\"}": [".": [:], "f:name": [:], "f:value": [:]]],
                    "f:ports": ["k:{\"containerPort\":80,\"protocol\":\"TCP\"}": [".": [:], "f:containerPort": [:]]],
                ]
                #expect(
                    made.owners["one Apply"] == [
                        "f:spec": [
                            "f:replicas": [:], "f:selector": [:],
                            "f:template": [
                                "f:metadata": ["f:labels": ["f:app": [:]]],
                                "f:spec": ["f:containers": ["k:{\"name\":\"main\"}": owned]],
                            ],
                        ]
                    ]
                )
                let side = try await api.apply(path, deployment([["name": "side", "image": "s:1"]]), by: "two")
                #expect(containers(side) == ["main m:1", "side s:1"])
                #expect(side.json[path: "spec", "replicas"] == 2)
                let other: JSONValue = ["name": "main", "env": [["name": "E", "value": "2"], ["name": "F"]]]
                let refused = try await api.apply(path, deployment([other]), by: "three")
                #expect(
                    refused.message == "Apply failed with 1 conflict: conflict with \"one\": "
                        + ".spec.template.spec.containers[name=\"main\"].env[name=\"E\"].value"
                )
                let replaced = try await api.apply(
                    path,
                    deployment([["name": "new", "image": "n:1"]], replicas: 2),
                    by: "one"
                )
                #expect(containers(replaced) == ["side s:1", "new n:1"])
                let fewer = try await api.apply(path, deployment([["name": "new", "image": "n:1"]]), by: "one")
                #expect(fewer.json[path: "spec", "replicas"] == 1, "the default comes back")
            }
        }

        @Test(arguments: APIServer.atHand)
        func `what cannot be applied is refused`(server: APIServer) async throws {
            try await server.withSession { api in
                let path = "configmaps/c"
                let type = KubeRequest.PatchKind.apply.rawValue
                let nobody = try await api.send(.patch, path, Self.map(["a": "1"]), type: type)
                #expect(nobody.status == 422)
                let words = "PatchOptions.meta.k8s.io \"\" is invalid: "
                #expect(nobody.message == words + "fieldManager: Required value: is required for apply patch")
                for (config, status, message) in [
                    (
                        ["metadata": ["name": "c"]], 400,
                        "Incorrect version specified in apply patch. Specified patch version: , expected: v1"
                    ),
                    (
                        ["apiVersion": "v1", "kind": "ConfigMap"], 400,
                        "the name of the object (c based on URL) was undeterminable: name must be provided"
                    ),
                    (
                        Self.map([:], name: "other"), 400,
                        "the name of the object (other) does not match the name on the URL (c)"
                    ),
                    (
                        [
                            "apiVersion": "v1", "kind": "ConfigMap",
                            "metadata": ["name": "c", "managedFields": [["manager": "x"]]],
                        ], 400,
                        "metadata.managedFields must be nil"
                    ),
                ] as [(JSONValue, Int, String)] {
                    let said = try await api.apply(path, config, by: "one")
                    #expect(said.status == status)
                    #expect(said.message == message)
                }
                let pod: JSONValue = [
                    "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"],
                    "spec": ["containers": [["name": "a", "image": "a:1"], ["name": "a", "image": "a:2"]]],
                ]
                let twice = try await api.apply("pods/p", pod, by: "one")
                #expect(twice.status == 500)
                #expect(
                    twice.message == "failed to create typed patch object: .spec.containers: "
                        + "duplicate entries for key [name=\"a\"]"
                )
                try await api.apply(path, Self.map(["a": "1"]), by: "one")
                var old = Self.map(["a": "2"])
                old[path: "metadata", "resourceVersion"] = "1"
                #expect(try await api.apply(path, old, by: "one").status == 409)
                let merge = KubeRequest.PatchKind.merge.rawValue
                let forced = try await api.send(.patch, path, [:], query: ["force": "true"], type: merge)
                #expect(forced.message == words + "force: Forbidden: may not be specified for non-apply patch")
                #expect(try await api.send(.get, path).json["data"] == ["a": "1"])
            }
        }

        @Test(arguments: APIServer.atHand)
        func `a dry run changes nothing, and owners can be forgotten`(server: APIServer) async throws {
            try await server.withSession { api in
                let path = "configmaps/c"
                let tried = try await api.apply(path, Self.map(["a": "1"]), by: "one", more: ["dryRun": "All"])
                #expect(tried.status == 201)
                #expect(try await api.send(.get, path).status == 404)
                var made = try await api.apply(path, Self.map(["a": "1"]), by: "one").json
                made[path: "metadata", "managedFields"] = []
                #expect(try await api.send(.put, path, made).owners.isEmpty)
                try await api.merge(path, ["data": ["b": "1"]])
                let refused = try await api.apply(path, Self.map(["a": "2"]), by: "one")
                #expect(
                    refused.message
                        == "Apply failed with 1 conflict: conflict with \"before-first-apply\" using v1: .data.a"
                )
            }
        }

        @Test(arguments: APIServer.atHand)
        func `custom kinds go by their schemas`(server: APIServer) async throws {
            try await server.withSession { api in
                try await Self.register(api)
                let path = "/apis/apply.example.com/v1/namespaces/{ns}/baskets/l"
                func list(_ spec: JSONValue) -> JSONValue {
                    [
                        "apiVersion": "apply.example.com/v1", "kind": "Basket", "metadata": ["name": "l"],
                        "spec": spec,
                    ]
                }
                let made = try await api.apply(
                    path,
                    list([
                        "set": ["a"], "map": [["name": "x", "v": 1]], "plain": ["p"], "whole": ["a": 1],
                        "parts": ["a": 1],
                    ]),
                    by: "one"
                )
                #expect(made.status == 201, "\(made.message)")
                #expect(made.json[path: "spec", "deep"] == nil)
                #expect(
                    made.owners["one Apply"] == [
                        "f:spec": [
                            "f:set": ["v:\"a\"": [:]],
                            "f:map": ["k:{\"name\":\"x\"}": [".": [:], "f:name": [:], "f:v": [:]]], "f:plain": [:],
                            "f:whole": [:], "f:parts": ["f:a": [:]],
                        ]
                    ]
                )
                let other = try await api.apply(
                    path,
                    list(["set": ["b"], "map": [["name": "y", "v": 2]], "parts": ["b": 2], "deep": ["v": 1]]),
                    by: "two"
                )
                #expect(
                    other.json["spec"] == [
                        "set": ["a", "b"], "map": [["name": "x", "v": 1], ["name": "y", "v": 2]], "plain": ["p"],
                        "whole": ["a": 1], "parts": ["a": 1, "b": 2], "deep": ["v": 1, "d": "standard"],
                    ],
                    "\(other.json)"
                )
                let refused = try await api.apply(path, list(["plain": ["q"], "whole": ["b": 1]]), by: "two")
                #expect(
                    refused.message
                        == "Apply failed with 2 conflicts: conflicts with \"one\":\n- .spec.plain\n- .spec.whole"
                )
                let less = try await api.apply(path, list(["set": ["b"]]), by: "two")
                #expect(less.json[path: "spec", "map"] == [["name": "x", "v": 1]])
                #expect(less.json[path: "spec", "parts"] == ["a": 1])
                let unknown = try await api.apply(path, list(["other": 1]), by: "three")
                #expect(unknown.status == 500)
                #expect(
                    unknown.message.hasSuffix(".spec.other: field not declared in schema"),
                    "\(unknown.message)"
                )
            }
        }

        /// Registers a kind with lists and objects of every type.
        private static func register(_ api: APISession) async throws {
            let items: JSONValue = [
                "type": "object", "required": ["name"],
                "properties": ["name": ["type": "string"], "v": ["type": "integer"]],
            ]
            let texts: JSONValue = ["type": "string"]
            let numbers: JSONValue = ["type": "integer"]
            let properties: JSONValue = [
                "set": ["type": "array", "x-kubernetes-list-type": "set", "items": texts],
                "map": [
                    "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
                    "items": items,
                ],
                "plain": ["type": "array", "items": texts],
                "whole": ["type": "object", "x-kubernetes-map-type": "atomic", "additionalProperties": numbers],
                "parts": ["type": "object", "additionalProperties": numbers],
                "deep": [
                    "type": "object", "properties": ["v": numbers, "d": ["type": "string", "default": "standard"]],
                ],
            ]
            let definition: JSONValue = [
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                "metadata": ["name": "baskets.apply.example.com"],
                "spec": [
                    "group": "apply.example.com", "scope": "Namespaced",
                    "names": ["kind": "Basket", "plural": "baskets"],
                    "versions": [
                        [
                            "name": "v1", "served": true, "storage": true,
                            "schema": [
                                "openAPIV3Schema": [
                                    "type": "object",
                                    "properties": ["spec": ["type": "object", "properties": properties]],
                                ]
                            ],
                        ]
                    ],
                ],
            ]
            let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
            let made = try await api.send(.post, definitions, definition)
            #expect([201, 409].contains(made.status), "\(made.message)")
            let path = "/apis/apply.example.com/v1/namespaces/{ns}/baskets"
            #expect(try await api.eventually(.get, path) { $0.status == 200 }.status == 200)
        }
    }
}

extension APISession {
    /// Applies a configuration by the server.
    @discardableResult
    fileprivate func apply(
        _ path: String,
        _ config: JSONValue,
        by manager: String,
        force: Bool = false,
        more: [String: String] = [:]
    ) async throws -> Said {
        var query = more
        query["fieldManager"] = manager
        if force { query["force"] = "true" }
        return try await send(.patch, path, config, query: query, type: KubeRequest.PatchKind.apply.rawValue)
    }
}

extension Said {
    /// Who owns what, by `manager operation`.
    fileprivate var owners: [String: JSONValue] {
        let entries = json[path: "metadata", "managedFields"]?.array ?? []
        return Dictionary(
            entries.map { entry in
                let name = "\(entry["manager"]?.string ?? "") \(entry["operation"]?.string ?? "")"
                return (name, entry["fieldsV1"] ?? [:])
            }
        ) { first, _ in first }
    }
}
