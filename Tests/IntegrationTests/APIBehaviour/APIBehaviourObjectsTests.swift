import KubeModel
import Testing

extension RealServers {
    /// Objects come, change and are refused in the same way on every server.
    @Suite struct APIBehaviourObjects {
        /// A ConfigMap.
        private static func map(_ name: String, _ data: JSONValue = ["a": "1"]) -> JSONValue {
            ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)], "data": data]
        }

        @Test(arguments: APIServer.atHand)
        func `an object gets its metadata and keeps it`(server: APIServer) async throws {
            try await server.withSession { api in
                let made = try await api.send(.post, "configmaps", Self.map("one"))
                #expect(made.status == 201)
                #expect(made.json["kind"] == "ConfigMap")
                for field in ["uid", "resourceVersion", "creationTimestamp"] {
                    #expect(made.json[path: "metadata", field]?.string?.isEmpty == false)
                }
                #expect(made.generation == nil)
                let read = try await api.send(.get, "configmaps/one")
                #expect(read.version == made.version)
                let same = try await api.send(.put, "configmaps/one", Self.map("one"))
                #expect(same.version == made.version)
                let other = try await api.send(.put, "configmaps/one", Self.map("one", ["a": "2"]))
                #expect(other.version != made.version)
                #expect(other.json[path: "metadata", "uid"] == made.json[path: "metadata", "uid"])
                let again = try await api.send(.post, "configmaps", Self.map("one"))
                #expect(again.status == 409)
                #expect(again.reason == "AlreadyExists")
                #expect(again.message == "configmaps \"one\" already exists")
            }
        }

        /// A request that is refused, with its status and reason.
        struct Refusal: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let method: KubeRequest.Method
            let path: String
            var body: JSONValue?
            var type = "application/json"
            let status: Int
            let reason: String?
        }

        /// Requests that every server refuses alike, where the ConfigMap `one` is there.
        static let refusals: [Refusal] = [
            .init(
                testDescription: "nothing there",
                method: .get,
                path: "configmaps/none",
                status: 404,
                reason: "NotFound"
            ),
            .init(testDescription: "no such kind", method: .get, path: "nothings", status: 404, reason: "NotFound"),
            .init(
                testDescription: "no such version",
                method: .get,
                path: "/apis/apps/v9/deployments",
                status: 404,
                reason: "NotFound"
            ),
            .init(
                testDescription: "no such namespace",
                method: .post,
                path: "/api/v1/namespaces/none/configmaps",
                body: map("a"),
                status: 404,
                reason: "NotFound"
            ),
            .init(
                testDescription: "a bad name",
                method: .post,
                path: "configmaps",
                body: map("Bad_Name"),
                status: 422,
                reason: "Invalid"
            ),
            .init(
                testDescription: "no name",
                method: .post,
                path: "configmaps",
                body: ["data": [:]],
                status: 422,
                reason: "Invalid"
            ),
            .init(
                testDescription: "another kind",
                method: .post,
                path: "configmaps",
                body: ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "a"]],
                status: 400,
                reason: "BadRequest"
            ),
            .init(
                testDescription: "another version",
                method: .post,
                path: "configmaps",
                body: ["apiVersion": "v2", "kind": "ConfigMap", "metadata": ["name": "a"]],
                status: 400,
                reason: "BadRequest"
            ),
            .init(
                testDescription: "another namespace",
                method: .post,
                path: "configmaps",
                body: ["metadata": ["name": "a", "namespace": "default"]],
                status: 400,
                reason: "BadRequest"
            ),
            .init(
                testDescription: "a bad label",
                method: .post,
                path: "configmaps",
                body: ["metadata": ["name": "a", "labels": ["x": "not valid"]]],
                status: 422,
                reason: "Invalid"
            ),
            .init(
                testDescription: "a bad key",
                method: .post,
                path: "configmaps",
                body: map("a", ["x/y": "1"]),
                status: 422,
                reason: "Invalid"
            ),
            .init(
                testDescription: "a bad finalizer",
                method: .post,
                path: "configmaps",
                body: ["metadata": ["name": "a", "finalizers": ["not a name"]]],
                status: 422,
                reason: "Invalid"
            ),
            .init(
                testDescription: "another type of body",
                method: .post,
                path: "configmaps",
                body: map("a"),
                type: "text/plain",
                status: 415,
                reason: "UnsupportedMediaType"
            ),
            .init(
                testDescription: "no such type of patch",
                method: .patch,
                path: "configmaps/one",
                body: ["data": [:]],
                status: 415,
                reason: "UnsupportedMediaType"
            ),
            .init(
                testDescription: "another name in the body",
                method: .put,
                path: "configmaps/one",
                body: map("two"),
                status: 400,
                reason: "BadRequest"
            ),
            .init(
                testDescription: "a change of what is not there",
                method: .put,
                path: "configmaps/none",
                body: map("none"),
                status: 404,
                reason: "NotFound"
            ),
            .init(
                testDescription: "a post to an object",
                method: .post,
                path: "configmaps/one",
                body: map("one"),
                status: 405,
                reason: "MethodNotAllowed"
            ),
            .init(
                testDescription: "a put to a collection",
                method: .put,
                path: "configmaps",
                body: map("one"),
                status: 405,
                reason: "MethodNotAllowed"
            ),
            .init(
                testDescription: "another life",
                method: .put,
                path: "configmaps/one",
                body: ["metadata": ["name": "one", "uid": "00000000-0000-4000-8000-000000000000"]],
                status: 409,
                reason: "Conflict"
            ),
            .init(
                testDescription: "a deletion of another life",
                method: .delete,
                path: "configmaps/one",
                body: ["preconditions": ["uid": "00000000-0000-4000-8000-000000000000"]],
                status: 409,
                reason: "Conflict"
            ),
            .init(
                testDescription: "a Deployment without a selector",
                method: .post,
                path: "/apis/apps/v1/namespaces/{ns}/deployments",
                body: [
                    "metadata": ["name": "a"],
                    "spec": ["template": ["spec": ["containers": [["name": "a", "image": "a"]]]]],
                ],
                status: 422,
                reason: "Invalid"
            ),
            .init(
                testDescription: "an HPA with a maximum below the minimum",
                method: .post,
                path: "/apis/autoscaling/v1/namespaces/{ns}/horizontalpodautoscalers",
                body: [
                    "metadata": ["name": "a"],
                    "spec": [
                        "minReplicas": 5, "maxReplicas": 2, "scaleTargetRef": ["kind": "Deployment", "name": "x"],
                    ],
                ],
                status: 422,
                reason: "Invalid"
            ),
            .init(
                testDescription: "a Lease changed without its version",
                method: .put,
                path: "/apis/coordination.k8s.io/v1/namespaces/{ns}/leases/lease",
                body: ["metadata": ["name": "lease"], "spec": ["holderIdentity": "other"]],
                status: 422,
                reason: "Invalid"
            ),
            .init(
                testDescription: "an event of another namespace",
                method: .post,
                path: "events",
                body: [
                    "metadata": ["name": "e"], "involvedObject": ["kind": "Pod", "name": "x", "namespace": "default"],
                ],
                status: 422,
                reason: "Invalid"
            ),
            .init(
                testDescription: "a new event without what new events need",
                method: .post,
                path: "/apis/events.k8s.io/v1/namespaces/{ns}/events",
                body: ["metadata": ["name": "e"]],
                status: 422,
                reason: "Invalid"
            ),
        ]

        @Test(arguments: APIServer.atHand)
        func `what is wrong is refused alike`(server: APIServer) async throws {
            try await server.withSession { api in
                try await api.send(.post, "configmaps", Self.map("one"))
                let leases = "/apis/coordination.k8s.io/v1/namespaces/{ns}/leases"
                try await api.send(.post, leases, ["metadata": ["name": "lease"], "spec": ["holderIdentity": "me"]])
                for refusal in Self.refusals {
                    let said = try await api.send(refusal.method, refusal.path, refusal.body, type: refusal.type)
                    #expect(said.status == refusal.status, "\(refusal.testDescription): \(said.message)")
                    #expect(said.reason == refusal.reason, "\(refusal.testDescription): \(said.message)")
                    if refusal.status == 422 {
                        #expect(
                            said.json[path: "details", "causes"]?.array?.isEmpty == false,
                            "\(refusal.testDescription)"
                        )
                    }
                }
            }
        }

        @Test(arguments: APIServer.atHand)
        func `an old version is a conflict in the same words`(server: APIServer) async throws {
            try await server.withSession { api in
                let old = try await api.send(.post, "configmaps", Self.map("one"))
                try await api.merge("configmaps/one", ["data": ["a": "2"]])
                var wish = old.json
                wish[path: "data", "a"] = "3"
                let put = try await api.send(.put, "configmaps/one", wish)
                #expect(put.status == 409)
                #expect(put.reason == "Conflict")
                #expect(
                    put.message
                        == "Operation cannot be fulfilled on configmaps \"one\": the object has been modified; "
                        + "please apply your changes to the latest version and try again"
                )
                let patch: JSONValue = ["metadata": ["resourceVersion": .string(old.version)], "data": ["a": "4"]]
                #expect(try await api.merge("configmaps/one", patch).status == 409)
                let deletion: JSONValue = ["preconditions": ["resourceVersion": .string(old.version)]]
                #expect(try await api.send(.delete, "configmaps/one", deletion).status == 409)
            }
        }

        @Test(arguments: APIServer.atHand)
        func `a dry run changes nothing`(server: APIServer) async throws {
            try await server.withSession { api in
                let dry = ["dryRun": "All"]
                #expect(try await api.send(.post, "configmaps", Self.map("one"), query: dry).status == 201)
                #expect(try await api.send(.get, "configmaps/one").status == 404)
                let made = try await api.send(.post, "configmaps", Self.map("one"))
                let tried = try await api.send(.put, "configmaps/one", Self.map("one", ["a": "2"]), query: dry)
                #expect(tried.json["data"] == ["a": "2"])
                #expect(try await api.send(.delete, "configmaps/one", query: dry).status == 200)
                #expect(try await api.send(.get, "configmaps/one").version == made.version)
            }
        }

        @Test(arguments: APIServer.atHand)
        func `texts of a secret become data, and its type cannot change`(server: APIServer) async throws {
            try await server.withSession { api in
                let secret: JSONValue = [
                    "metadata": ["name": "s"], "stringData": ["user": "me"], "data": ["raw": "AAE="],
                ]
                let made = try await api.send(.post, "secrets", secret)
                #expect(made.json["data"] == ["user": "bWU=", "raw": "AAE="])
                #expect(made.json["stringData"] == nil)
                #expect(made.json["type"] == "Opaque")
                let change = try await api.merge("secrets/s", ["type": "kubernetes.io/tls"])
                #expect(change.status == 422)
                #expect(try await api.merge("secrets/s", ["immutable": true]).status == 200)
                #expect(try await api.merge("secrets/s", ["stringData": ["user": "you"]]).status == 422)
            }
        }

        @Test(arguments: APIServer.atHand)
        func `events are one store with two faces`(server: APIServer) async throws {
            try await server.withSession { api in
                let event: JSONValue = [
                    "metadata": ["name": "e1", "namespace": .string(api.namespace)], "reason": "Because",
                    "action": "Act",
                    "note": "a note", "type": "Normal", "eventTime": "2026-01-01T00:00:00.000000Z",
                    "reportingController": "swell", "reportingInstance": "swell-1",
                    "regarding": ["kind": "Pod", "name": "p", "namespace": .string(api.namespace)],
                ]
                let made = try await api.send(.post, "/apis/events.k8s.io/v1/namespaces/{ns}/events", event)
                #expect(made.status == 201, "\(made.message)")
                let core = try await api.send(.get, "events/e1")
                #expect(core.json["message"] == "a note")
                #expect(core.json[path: "involvedObject", "name"] == "p")
                #expect(core.json["reportingComponent"] == "swell")
                #expect(core.json["note"] == nil)
                let selected = try await api.send(
                    .get,
                    "events",
                    query: ["fieldSelector": "involvedObject.name=p,reason=Because"]
                )
                #expect(selected.names == ["e1"])
                let none = try await api.send(.get, "events", query: ["fieldSelector": "involvedObject.name=q"])
                #expect(none.names == [])
                #expect(try await api.send(.get, "events", query: ["fieldSelector": "note=x"]).status == 400)
            }
        }
    }
}
