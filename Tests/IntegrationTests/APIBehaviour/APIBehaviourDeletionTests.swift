import KubeModel
import Testing

extension RealServers {
    /// Objects go in the same way on every server.
    @Suite struct APIBehaviourDeletion {
        @Test(arguments: APIServer.atHand)
        func `a deletion is told with a status`(server: APIServer) async throws {
            try await server.withSession { api in
                let made = try await api.send(.post, "configmaps", ["metadata": ["name": "a"]])
                let said = try await api.send(.delete, "configmaps/a")
                #expect(said.status == 200)
                #expect(said.json["kind"] == "Status")
                #expect(said.json["status"] == "Success")
                #expect(said.json[path: "details", "name"] == "a")
                #expect(said.json[path: "details", "kind"] == "configmaps")
                #expect(said.json[path: "details", "uid"] == made.json[path: "metadata", "uid"])
                #expect(try await api.send(.delete, "configmaps/a").status == 404)
            }
        }

        @Test(arguments: APIServer.atHand)
        func `finalizers hold an object until the last is gone`(server: APIServer) async throws {
            try await server.withSession { api in
                let finalizers: JSONValue = ["example.com/one", "example.com/two"]
                try await api.send(.post, "configmaps", ["metadata": ["name": "a", "finalizers": finalizers]])
                let said = try await api.send(.delete, "configmaps/a")
                #expect(said.status == 200)
                #expect(said.json["kind"] == "ConfigMap")
                #expect(said.json[path: "metadata", "deletionTimestamp"] != nil)
                let more = try await api.merge(
                    "configmaps/a",
                    ["metadata": ["finalizers": ["example.com/one", "x.com/y"]]]
                )
                #expect(more.status == 422)
                #expect(more.message.contains("no new finalizers can be added if the object is being deleted"))
                let other = try await api.merge("configmaps/a", ["data": ["still": "here"]])
                #expect(other.status == 200)
                #expect(
                    try await api.merge("configmaps/a", ["metadata": ["finalizers": ["example.com/two"]]]).status == 200
                )
                #expect(try await api.send(.get, "configmaps/a").status == 200)
                #expect(try await api.merge("configmaps/a", ["metadata": ["finalizers": .null]]).status == 200)
                #expect(try await api.send(.get, "configmaps/a").status == 404)
                let events = try await api.watch("configmaps", from: said.version, upTo: 3)
                #expect(events.map(\.summary) == ["MODIFIED a", "MODIFIED a", "DELETED a"])
            }
        }

        @Test(arguments: APIServer.atHand)
        func `what is owned goes after its owner, and orphans stay`(server: APIServer) async throws {
            try await server.withSession { api in
                for policy in ["Background", "Orphan"] {
                    let owner = try await api.send(.post, "configmaps", ["metadata": ["name": "owner"]])
                    let uid = owner.json[path: "metadata", "uid"] ?? ""
                    let reference: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": uid]
                    try await api.send(
                        .post,
                        "configmaps",
                        ["metadata": ["name": "child", "ownerReferences": [reference]]]
                    )
                    let deletion = try await api.send(
                        .delete,
                        "configmaps/owner",
                        ["propagationPolicy": .string(policy)]
                    )
                    #expect(deletion.status == 200)
                    let gone = try await api.eventually(.get, "configmaps/owner") { $0.status == 404 }
                    #expect(gone.status == 404)
                    let child = try await api.eventually(.get, "configmaps/child") {
                        policy == "Orphan" ? $0.json[path: "metadata", "ownerReferences"] == nil : $0.status == 404
                    }
                    #expect(child.status == (policy == "Orphan" ? 200 : 404), "\(policy)")
                }
            }
        }

        @Test(arguments: APIServer.atHand)
        func `a collection is deleted as it is selected`(server: APIServer) async throws {
            try await server.withSession { api in
                for (name, label) in [("a", "x"), ("b", "x"), ("c", "y")] {
                    let metadata: JSONValue = ["name": .string(name), "labels": ["l": .string(label)]]
                    try await api.send(.post, "configmaps", ["metadata": metadata])
                }
                let said = try await api.send(.delete, "configmaps", query: ["labelSelector": "l=x"])
                #expect(said.status == 200)
                #expect(try await api.send(.get, "configmaps", query: ["labelSelector": "l"]).names == ["c"])
            }
        }

        @Test(arguments: APIServer.atHand)
        func `the namespaces of the cluster itself stay`(server: APIServer) async throws {
            try await server.withSession { api in
                for name in ["default", "kube-system"] {
                    let said = try await api.send(.delete, "/api/v1/namespaces/\(name)", query: ["dryRun": "All"])
                    #expect(said.status == 403)
                    #expect(said.reason == "Forbidden")
                }
                #expect(try await api.send(.delete, "/api/v1/namespaces", query: ["dryRun": "All"]).status == 405)
            }
        }

        @Test(arguments: APIServer.atHand)
        func `a namespace is emptied, takes nothing new, and goes`(server: APIServer) async throws {
            try await server.withSession { api in
                let name = api.namespace + "-inner"
                let path = "/api/v1/namespaces/\(name)"
                try await api.send(.post, "/api/v1/namespaces", ["metadata": ["name": .string(name)]])
                try await api.send(
                    .post,
                    path + "/configmaps",
                    ["metadata": ["name": "held", "finalizers": ["example.com/hold"]]]
                )
                let said = try await api.send(.delete, path)
                #expect(said.json["kind"] == "Namespace")
                #expect(said.json[path: "status", "phase"] == "Terminating")
                let late = try await api.send(.post, path + "/configmaps", ["metadata": ["name": "late"]])
                #expect(late.status == 403)
                #expect(late.reason == "Forbidden")
                let held = try await api.eventually(.get, path + "/configmaps/held") {
                    $0.json[path: "metadata", "deletionTimestamp"] != nil
                }
                #expect(held.status == 200)
                try await api.merge(path + "/configmaps/held", ["metadata": ["finalizers": .null]])
                #expect(try await api.eventually(.get, path) { $0.status == 404 }.status == 404)
            }
        }
    }
}
