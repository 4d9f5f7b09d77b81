import KubeModel
import Testing

extension RealServers {
    /// Custom kinds and `/scale` behave alike on every server.
    @Suite struct APIBehaviourCustomKinds {
        /// Where the widgets of a test are.
        private static let widgets = "/apis/behaviour.example.com/v1/namespaces/{ns}/widgets"

        /// Registers `widgets` with status and scale, and `gadgets` without either.
        private static func register(_ api: APISession) async throws {
            for (kind, plural, subresources) in [
                (
                    "Widget", "widgets",
                    [
                        "status": [:],
                        "scale": [
                            "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas",
                            "labelSelectorPath": ".status.selector",
                        ],
                    ]
                ),
                ("Gadget", "gadgets", [:]),
            ] as [(String, String, JSONValue)] {
                let definition: JSONValue = [
                    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                    "metadata": ["name": .string("\(plural).behaviour.example.com")],
                    "spec": [
                        "group": "behaviour.example.com", "scope": "Namespaced",
                        "names": ["kind": .string(kind), "plural": .string(plural)],
                        "versions": [
                            [
                                "name": "v1", "served": true, "storage": true, "subresources": subresources,
                                "schema": [
                                    "openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
                                ],
                                "additionalPrinterColumns": [
                                    ["name": "Size", "type": "integer", "jsonPath": ".spec.size"],
                                    [
                                        "name": "Ready", "type": "string",
                                        "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status",
                                    ],
                                ],
                            ]
                        ],
                    ],
                ]
                let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
                let made = try await api.send(.post, definitions, definition)
                #expect([201, 409].contains(made.status), "\(made.message)")
                let path = "/apis/behaviour.example.com/v1/namespaces/{ns}/\(plural)"
                #expect(try await api.eventually(.get, path) { $0.status == 200 }.status == 200)
            }
        }

        /// A widget.
        private static func widget(_ spec: JSONValue, name: String = "w", kind: String = "Widget") -> JSONValue {
            [
                "apiVersion": "behaviour.example.com/v1", "kind": .string(kind), "metadata": ["name": .string(name)],
                "spec": spec,
            ]
        }

        @Test(arguments: APIServer.atHand)
        func `status has a path of its own and leaves the generation alone`(server: APIServer) async throws {
            try await server.withSession { api in
                try await Self.register(api)
                var widget = Self.widget(["size": 1])
                widget["status"] = ["replicas": 5]
                let made = try await api.send(.post, Self.widgets, widget)
                #expect(made.status == 201, "\(made.message)")
                #expect(made.json["status"] == nil)
                #expect(made.generation == 1)
                let status = try await api.merge(
                    Self.widgets + "/w/status",
                    ["status": ["replicas": 3], "spec": ["size": 9]]
                )
                #expect(status.json["status"] == ["replicas": 3])
                #expect(status.json["spec"] == ["size": 1])
                #expect(status.generation == 1)
                let main = try await api.merge(Self.widgets + "/w", ["status": ["replicas": 8], "spec": ["size": 2]])
                #expect(main.json["status"] == ["replicas": 3])
                #expect(main.json["spec"] == ["size": 2])
                #expect(main.generation == 2)
                #expect(try await api.merge(Self.widgets + "/w", ["metadata": ["labels": ["a": "b"]]]).generation == 2)
                #expect(try await api.merge(Self.widgets + "/w", ["other": 1]).generation == 3)
            }
        }

        @Test(arguments: APIServer.atHand)
        func `without a status path any change but of metadata counts`(server: APIServer) async throws {
            try await server.withSession { api in
                try await Self.register(api)
                let gadgets = "/apis/behaviour.example.com/v1/namespaces/{ns}/gadgets"
                try await api.send(.post, gadgets, Self.widget([:], name: "g", kind: "Gadget"))
                #expect(try await api.merge(gadgets + "/g", ["status": ["x": 1]]).generation == 2)
                #expect(try await api.merge(gadgets + "/g", ["metadata": ["annotations": ["a": "b"]]]).generation == 2)
                #expect(try await api.send(.get, gadgets + "/g/status").status == 404)
                #expect(try await api.send(.get, gadgets + "/g/scale").status == 404)
            }
        }

        @Test(arguments: APIServer.atHand)
        func `a put needs the version, a strategic patch is refused`(server: APIServer) async throws {
            try await server.withSession { api in
                try await Self.register(api)
                try await api.send(.post, Self.widgets, Self.widget(["size": 1]))
                let put = try await api.send(.put, Self.widgets + "/w", Self.widget(["size": 2]))
                #expect(put.status == 422)
                #expect(put.message.contains("metadata.resourceVersion"))
                let strategic = KubeRequest.PatchKind.strategicMerge.rawValue
                let patch = try await api.send(.patch, Self.widgets + "/w", ["spec": ["size": 2]], type: strategic)
                #expect(patch.status == 415)
                #expect(patch.reason == "UnsupportedMediaType")
                let nameless = try await api.send(.post, Self.widgets, ["metadata": ["name": "x"]])
                #expect(nameless.status == 400)
            }
        }

        @Test(arguments: APIServer.atHand)
        func `scale of a custom kind reads and writes the paths of its definition`(server: APIServer) async throws {
            try await server.withSession { api in
                try await Self.register(api)
                try await api.send(.post, Self.widgets, Self.widget(["replicas": 2]))
                try await api.merge(Self.widgets + "/w/status", ["status": ["replicas": 1, "selector": "app=w"]])
                let scale = try await api.send(.get, Self.widgets + "/w/scale")
                #expect(scale.json["kind"] == "Scale")
                #expect(scale.json["apiVersion"] == "autoscaling/v1")
                #expect(scale.json["spec"] == ["replicas": 2])
                #expect(scale.json["status"] == ["replicas": 1, "selector": "app=w"])
                var wish = scale.json
                wish[path: "spec", "replicas"] = 7
                #expect(try await api.send(.put, Self.widgets + "/w/scale", wish).json["spec"] == ["replicas": 7])
                let old = try await api.send(.put, Self.widgets + "/w/scale", wish)
                #expect(old.status == 409)
                let after = try await api.send(.get, Self.widgets + "/w")
                #expect(after.json[path: "spec", "replicas"] == 7)
                #expect(after.generation == 2)
            }
        }

        @Test(arguments: APIServer.atHand)
        func `scale of a Deployment changes replicas and nothing else`(server: APIServer) async throws {
            try await server.withSession { api in
                let path = "/apis/apps/v1/namespaces/{ns}/deployments"
                let deployment: JSONValue = [
                    "metadata": ["name": "web"],
                    "spec": [
                        "replicas": 0, "selector": ["matchLabels": ["app": "web", "tier": "front"]], "paused": true,
                        "template": [
                            "metadata": ["labels": ["app": "web", "tier": "front"]],
                            "spec": ["containers": [["name": "main", "image": "app:1"]]],
                        ],
                    ],
                ]
                try await api.send(.post, path, deployment)
                let scale = try await api.send(.get, path + "/web/scale")
                #expect(scale.json["spec"] == [:])
                #expect(scale.json[path: "status", "selector"] == "app=web,tier=front")
                let patched = try await api.merge(path + "/web/scale", ["spec": ["replicas": 2]])
                #expect(patched.status == 200)
                #expect(patched.json["spec"] == ["replicas": 2])
                let negative = try await api.merge(path + "/web/scale", ["spec": ["replicas": -1]])
                #expect(negative.status == 422)
                #expect(negative.reason == "Invalid")
                #expect(try await api.send(.get, path + "/none/scale").status == 404)
                let after = try await api.send(.get, path + "/web")
                #expect(after.json[path: "spec", "replicas"] == 2)
                #expect(after.generation == 2)
            }
        }

        @Test(arguments: APIServer.atHand)
        func `printer columns come from the definition`(server: APIServer) async throws {
            try await server.withSession { api in
                try await Self.register(api)
                try await api.send(.post, Self.widgets, Self.widget(["size": 4]))
                let condition: JSONValue = [["type": "Other", "status": "x"], ["type": "Ready", "status": "True"]]
                try await api.merge(Self.widgets + "/w/status", ["status": ["conditions": condition]])
                let table = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
                let said = try await api.send(.get, Self.widgets, accept: table)
                let columns = said.json["columnDefinitions"]?.array ?? []
                #expect(columns.map { $0["name"] } == ["Name", "Size", "Ready"])
                #expect(said.json["rows"]?.array?.first?["cells"] == ["w", 4, "True"])
            }
        }

        @Test(arguments: APIServer.atHand)
        func `discovery lists kinds and their subresources`(server: APIServer) async throws {
            try await server.withSession { api in
                try await Self.register(api)
                let said = try await api.send(.get, "/apis/behaviour.example.com/v1")
                let names = Set(said.json["resources"]?.array?.compactMap { $0["name"]?.string } ?? [])
                #expect(names.isSuperset(of: ["widgets", "widgets/status", "widgets/scale", "gadgets"]))
                #expect(!names.contains("gadgets/status"))
                let scale = said.json["resources"]?.array?.first { $0["name"] == "widgets/scale" }
                #expect(scale?["kind"] == "Scale")
                #expect(scale?["group"] == "autoscaling")
                let groups = try await api.send(.get, "/apis").json["groups"]?.array ?? []
                #expect(
                    groups.contains {
                        $0["name"] == "behaviour.example.com" && $0[path: "preferredVersion", "version"] == "v1"
                    }
                )
                let apps = try await api.send(.get, "/apis/apps/v1").json["resources"]?.array ?? []
                let deployments = apps.first { $0["name"] == "deployments" }
                #expect(deployments?["shortNames"] == ["deploy"])
                #expect(deployments?["namespaced"] == true)
            }
        }
    }
}
