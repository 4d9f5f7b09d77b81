import Foundation
import KubeClient
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// The operator has the rights of `config/rbac` and no others, in every suite; here it does a little of everything.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct Rights {
        @Test func `what the operator asks for is what config rbac allows`() async throws {
            let start = try AuditLog.end
            try await SwellProcess.with {
                try await TestCluster.with { cluster in
                    try await cluster.deploy("web", replicas: 2)
                    try await cluster.apply(Self.credentials)
                    try await cluster.scale(
                        "web",
                        spec: """
                            "pollingInterval":1,"advanced":{"restoreToOriginalReplicaCount":true}
                            """,
                        triggers: """
                            [\(String(decoding: try KubeJSON.encode(Neighbours.always(3)), as: UTF8.self)),
                             {"type":"prometheus","authenticationRef":{"name":"login"},
                              "metadata":{"serverAddress":"http://127.0.0.1:1","query":"x","threshold":"1"}}]
                            """
                    )
                    try await eventually("the HPA's work", within: .seconds(60)) {
                        try await cluster.replicas("web") == 3
                    }
                    try await eventually("who uses the credentials", within: .seconds(60)) {
                        try await cluster.client.get(TriggerAuthentication.self, cluster.key("login")).status?
                            .scaledobjects == "web"
                    }
                    try await cluster.kubectl("delete", "scaledobject", "web", "-n", cluster.namespace)
                    #expect(try await cluster.replicas("web") == 2)
                }
            }
            let asked = try AuditLog.lines(from: start)
                .filter { $0.user.username == "system:serviceaccount:keda:keda-operator" }
            #expect(asked.count > 20)
            let events = asked.filter { $0.verb == "create" && $0.requestURI.hasSuffix("/events") }
            #expect(events.contains { $0.responseStatus?.code == 201 })
            // In a namespace that another test has deleted nothing may be created, whatever the rights. That HPAs and
            // Events may be is proven above.
            let forbidden = asked.filter { $0.responseStatus?.code == 403 }.map { "\($0.verb) \($0.requestURI)" }
                .filter { !($0.hasPrefix("create ") && $0.contains("/namespaces/test-")) }
            #expect(forbidden == [])
        }

        /// A Secret and who gives it to triggers.
        static let credentials = """
            {"apiVersion":"v1","kind":"List","items":[
              {"apiVersion":"v1","kind":"Secret","metadata":{"name":"login"},"stringData":{"token":"t"}},
              {"apiVersion":"keda.sh/v1alpha1","kind":"TriggerAuthentication","metadata":{"name":"login"},
               "spec":{"secretTargetRef":[{"parameter":"bearerToken","name":"login","key":"token"}]}}]}
            """
    }
}
