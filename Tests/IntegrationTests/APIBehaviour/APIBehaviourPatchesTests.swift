import KubeModel
import Testing

extension RealServers {
    /// Patches have the same results on every server.
    @Suite struct APIBehaviourPatches {
        /// A Deployment that runs no pod.
        private static let deployment: JSONValue = [
            "metadata": ["name": "web", "labels": ["a": "1", "b": "2"]],
            "spec": [
                "replicas": 0, "selector": ["matchLabels": ["app": "web"]],
                "template": [
                    "metadata": ["labels": ["app": "web"]],
                    "spec": [
                        "containers": [
                            [
                                "name": "main", "image": "app:1", "env": [["name": "X", "value": "1"]],
                                "ports": [["containerPort": 80]],
                            ], ["name": "side", "image": "side:1"],
                        ],
                        "volumes": [["name": "v", "emptyDir": [:]]],
                    ],
                ],
            ],
        ]

        /// Where Deployments are.
        private static let path = "/apis/apps/v1/namespaces/{ns}/deployments"

        /// A strategic merge patch, a place in the result and what is to be there.
        struct Case: Sendable {
            let name: String
            let patch: JSONValue
            let place: [String]
            let result: JSONValue?
        }

        /// Patches of the template's containers and volumes, each applied to the same Deployment.
        static let strategic: [Case] = [
            Case(
                name: "a container is merged by its name",
                patch: ["containers": [["name": "side", "image": "side:2"]]],
                place: ["containers", "image"],
                result: ["app:1", "side:2"]
            ),
            Case(
                name: "a container is added before those that the patch does not name",
                patch: ["containers": [["name": "new", "image": "new:1"]]],
                place: ["containers", "name"],
                result: ["new", "main", "side"]
            ),
            Case(
                name: "a container is deleted",
                patch: ["containers": [["name": "main", "$patch": "delete"]]],
                place: ["containers", "name"],
                result: ["side"]
            ),
            Case(
                name: "all containers are replaced",
                patch: ["containers": [["$patch": "replace"], ["name": "only", "image": "only:1"]]],
                place: ["containers", "name"],
                result: ["only"]
            ),
            Case(
                name: "variables are merged by name",
                patch: ["containers": [["name": "main", "env": [["name": "Y", "value": "2"]]]]],
                place: ["containers", "env"],
                result: [[["name": "Y", "value": "2"], ["name": "X", "value": "1"]]]
            ),
            Case(
                name: "a variable is deleted",
                patch: ["containers": [["name": "main", "env": [["name": "X", "$patch": "delete"]]]]],
                place: ["containers", "env"],
                result: []
            ),
            Case(
                name: "the source of a volume is exchanged",
                patch: [
                    "volumes": [["name": "v", "$retainKeys": ["name", "configMap"], "configMap": ["name": "m"]]]
                ],
                place: ["volumes", "emptyDir"],
                result: []
            ),
            Case(
                name: "ports are merged by number",
                patch: ["containers": [["name": "main", "ports": [["containerPort": 80, "name": "web"]]]]],
                place: ["containers", "ports"],
                result: [[["containerPort": 80, "name": "web", "protocol": "TCP"]]]
            ),
        ]

        @Test(arguments: APIServer.atHand)
        func `strategic patches merge lists by their keys`(server: APIServer) async throws {
            try await server.withSession { api in
                for (index, sample) in Self.strategic.enumerated() {
                    var deployment = Self.deployment
                    deployment[path: "metadata", "name"] = .string("web\(index)")
                    try await api.send(.post, Self.path, deployment)
                    let patch: JSONValue = ["spec": ["template": ["spec": sample.patch]]]
                    let said = try await api.send(
                        .patch,
                        "\(Self.path)/web\(index)",
                        patch,
                        type: KubeRequest.PatchKind.strategicMerge.rawValue
                    )
                    #expect(said.status == 200, "\(sample.name): \(said.message)")
                    let list = said.json[path: "spec", "template", "spec"]?[sample.place[0]]?.array ?? []
                    let values = list.compactMap { $0[sample.place[1]] }
                    #expect(.array(values) == sample.result, "\(sample.name)")
                }
            }
        }

        @Test(arguments: APIServer.atHand)
        func `merge patches replace lists and remove with null`(server: APIServer) async throws {
            try await server.withSession { api in
                try await api.send(.post, Self.path, Self.deployment)
                let labels = try await api.merge(
                    Self.path + "/web",
                    ["metadata": ["labels": ["a": .null, "b": "3", "c": "4"]]]
                )
                #expect(labels.json[path: "metadata", "labels"] == ["b": "3", "c": "4"])
                let containers: JSONValue = [["name": "only", "image": "only:1"]]
                let list = try await api.merge(
                    Self.path + "/web",
                    ["spec": ["template": ["spec": ["containers": containers]]]]
                )
                let names = list.json[path: "spec", "template", "spec", "containers"]?.array?.map { $0["name"] }
                #expect(names == ["only"])
            }
        }

        /// JSON patches of a ConfigMap with `a` = `1`: the status, and the data afterwards.
        static let operations: [(JSONValue, Int, JSONValue)] = [
            ([["op": "add", "path": "/data/b", "value": "2"]], 200, ["a": "1", "b": "2"]),
            ([["op": "replace", "path": "/data/a", "value": "9"]], 200, ["a": "9"]),
            ([["op": "move", "from": "/data/a", "path": "/data/c"]], 200, ["c": "1"]),
            ([["op": "copy", "from": "/data/a", "path": "/data/c"]], 200, ["a": "1", "c": "1"]),
            ([["op": "test", "path": "/data/a", "value": "1"], ["op": "remove", "path": "/data/a"]], 200, .null),
            (
                [["op": "test", "path": "/data/a", "value": "2"], ["op": "remove", "path": "/data/a"]], 422, ["a": "1"]
            ),
            ([["op": "remove", "path": "/data/none"]], 422, ["a": "1"]),
            ([["op": "add", "path": "/none/deep/er", "value": "2"]], 422, ["a": "1"]),
            (["not": "a list"], 400, ["a": "1"]),
        ]

        @Test(arguments: APIServer.atHand)
        func `JSON patches are carried out whole or not at all`(server: APIServer) async throws {
            try await server.withSession { api in
                for (index, (patch, status, data)) in Self.operations.enumerated() {
                    let name = "m\(index)"
                    try await api.send(.post, "configmaps", ["metadata": ["name": .string(name)], "data": ["a": "1"]])
                    let said = try await api.send(
                        .patch,
                        "configmaps/\(name)",
                        patch,
                        type: KubeRequest.PatchKind.json.rawValue
                    )
                    #expect(said.status == status, "\(index): \(said.message)")
                    let after = try await api.send(.get, "configmaps/\(name)").json["data"]
                    // An empty map may be left out.
                    #expect(after ?? .null == data || (data == .null && after == [:]), "\(index)")
                }
            }
        }

        @Test(arguments: APIServer.atHand)
        func `a patch may not rename, and finds what is not there missing`(server: APIServer) async throws {
            try await server.withSession { api in
                try await api.send(.post, "configmaps", ["metadata": ["name": "one"]])
                let renamed = try await api.merge("configmaps/one", ["metadata": ["name": "two"]])
                #expect(renamed.status == 400 || renamed.status == 422, "\(renamed.message)")
                #expect(try await api.merge("configmaps/none", ["data": ["a": "1"]]).status == 404)
            }
        }

        @Test(arguments: APIServer.atHand)
        func `the generation counts changes of the spec`(server: APIServer) async throws {
            try await server.withSession { api in
                let made = try await api.send(.post, Self.path, Self.deployment)
                #expect(made.generation == 1)
                #expect(try await api.merge(Self.path + "/web", ["metadata": ["labels": ["x": "y"]]]).generation == 1)
                #expect(try await api.merge(Self.path + "/web", ["spec": ["revisionHistoryLimit": 5]]).generation == 2)
                #expect(try await api.merge(Self.path + "/web", ["spec": ["revisionHistoryLimit": 5]]).generation == 2)
                #expect(
                    try await api.merge(Self.path + "/web/status", ["spec": ["revisionHistoryLimit": 7]]).generation
                        == 2
                )
                let last = try await api.send(.get, Self.path + "/web")
                #expect(last.json[path: "spec", "revisionHistoryLimit"] == 5)
            }
        }

        @Test(arguments: APIServer.atHand)
        func `defaults are filled in alike`(server: APIServer) async throws {
            try await server.withSession { api in
                let made = try await api.send(.post, Self.path, Self.deployment)
                let spec = made.json["spec"] ?? [:]
                #expect(
                    spec["strategy"] == [
                        "type": "RollingUpdate", "rollingUpdate": ["maxSurge": "25%", "maxUnavailable": "25%"],
                    ]
                )
                #expect(spec["progressDeadlineSeconds"] == 600)
                #expect(spec["revisionHistoryLimit"] == 10)
                let pod = spec[path: "template", "spec"] ?? [:]
                for (field, value) in [
                    ("restartPolicy", "Always"), ("dnsPolicy", "ClusterFirst"), ("schedulerName", "default-scheduler"),
                ] {
                    #expect(pod[field] == .string(value))
                }
                let container = pod["containers"]?.array?.first ?? [:]
                let expected: JSONValue = [
                    "name": "main", "image": "app:1", "env": [["name": "X", "value": "1"]],
                    "ports": [["containerPort": 80, "protocol": "TCP"]], "resources": [:],
                    "imagePullPolicy": "IfNotPresent", "terminationMessagePath": "/dev/termination-log",
                    "terminationMessagePolicy": "File",
                ]
                #expect(container == expected)
            }
        }
    }
}
