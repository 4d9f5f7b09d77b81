import Certificates
import Foundation
import KubeClient
import KubeModel
import MetricsAPI
import Scaling
import Subprocess
import TestKit
import Testing

extension RealServers {
    /// Two replicas: one leads, both answer, and the other takes over.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct Replicas {
        /// The metric of an object that is always open.
        static let metric = ExternalMetrics.metric

        /// A control plane with one replica's API known to it, and an object that is always open.
        static func with(_ test: @Sendable (TestCluster, _ ports: [Int]) async throws -> Void) async throws {
            let ports = try (0..<2).map { _ in try SwellProcess.freePort() }
            try await TestCluster.with { cluster in
                try await cluster.kubectl("apply", "-f", "\(TestServers.root)/config/crd")
                // Left by other suites; a caBundle does not go together with what it says.
                try await cluster.kubectl(["delete", "apiservice", "--ignore-not-found"] + MetricsAPI.serviceNames)
                try await cluster.apply(Self.holders(in: cluster.namespace, port: ports[0]))
                try await Neighbours.deploy("web", replicas: 0, in: cluster)
                try await Neighbours.create("web", [Neighbours.always(3)], in: cluster)
                try await test(cluster, ports)
                try await cluster.kubectl(["delete", "apiservice"] + MetricsAPI.serviceNames)
                let webhooks = "validatingwebhookconfiguration"
                try await cluster.kubectl("delete", webhooks, cluster.namespace)
            }
        }

        /// What the chart installs beside the operator; the API server reaches us by the name localhost.
        static func holders(in namespace: String, port: Int) -> String {
            """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"keda-operator-metrics-apiserver"},
             "spec":{"type":"ExternalName","externalName":"localhost","ports":[{"port":\(port)}]}}
            ---
            \(service("external.metrics.k8s.io", "v1beta1", in: namespace, port: port))
            ---
            \(service("decisions.swell.dev", "v1alpha1", in: namespace, port: port))
            ---
            {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration",
             "metadata":{"name":"\(namespace)"},"webhooks":[
               {"name":"vscaledobject.kb.io","admissionReviewVersions":["v1"],"sideEffects":"None",
                "failurePolicy":"Ignore","clientConfig":{"service":{"name":"w","namespace":"\(namespace)"}},
                "namespaceSelector":{"matchLabels":{"nobody":"has-this"}}}]}
            """
        }

        /// An APIService, without a caBundle.
        static func service(_ group: String, _ version: String, in namespace: String, port: Int) -> String {
            """
            {"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService","metadata":{"name":"\(version).\(group)"},
             "spec":{"group":"\(group)","version":"\(version)","groupPriorityMinimum":100,
               "versionPriority":100,"service":{"name":"keda-operator-metrics-apiserver",
               "namespace":"\(namespace)","port":\(port)}}}
            """
        }

        /// Which replica holds the lease.
        static func leader(_ cluster: TestCluster) async throws -> String? {
            let lease = try await cluster.client.find(Lease.self, cluster.key("operator.keda.sh"))
            return lease?.spec.holderIdentity.map { String($0.prefix { $0 != "_" }) }
        }

        /// Whether a replica, asked by itself, gives the metric.
        static func answers(_ replica: SwellReplica, _ cluster: TestCluster) async throws -> Bool {
            let answer = try await replica.ask(metric, of: "web", in: cluster)
            guard answer["items"]?.array?.first?["value"] == "3" else {
                struct Other: Error { let answer: JSONValue }
                throw Other(answer: answer)
            }
            return true
        }

        /// Waits until a change of the object's spec has come through to its status's HPA.
        static func expectWork(in cluster: TestCluster, maximum: Int) async throws {
            let patch: JSONValue = ["spec": ["maxReplicaCount": .integer(Int64(maximum))]]
            _ = try await cluster.client.patch(ScaledObject.self, cluster.key("web"), with: patch)
            try await eventually("the HPA of a maximum of \(maximum)", within: .seconds(60)) {
                try await cluster.hpa("web").spec.maxReplicas == maximum
            }
        }

        /// Checks that a replica's webhook refuses what KEDA refuses, and tells of settings without effect.
        static func expectWebhook(of replica: SwellReplica, in cluster: TestCluster) async throws {
            var object = try await cluster.client.get(ScaledObject.self, cluster.key("web"))
            object.metadata.name = "asked-\(replica.name)"
            object.spec.scaleTargetRef.name = object.metadata.name
            (object.spec.minReplicaCount, object.spec.cooldownPeriod, object.spec.pollingInterval) = (1, 30, nil)
            let admitted = try await replica.review(object, in: cluster)
            #expect(admitted["allowed"] == true, "\(admitted)")
            #expect(admitted["warnings"]?.array?.count == 1, "\(admitted)")
            let name = object.metadata.name
            try await eventually("an Event of the webhook of \(replica.name)", within: .seconds(30)) {
                let request = KubeRequest.list(EventObject.resourceType, in: cluster.namespace)
                return try await cluster.client.answer(to: request, as: KubeList<EventObject>.self).items
                    .contains { $0.regarding?.name == name && $0.reportingController == "keda-admission" }
            }
            object.spec.triggers = []
            let refused = try await replica.review(object, in: cluster)
            #expect(refused["allowed"] == false && refused["status"]?["code"] == 403, "\(refused)")
        }

        @Test(arguments: [
            ("update", "leases/operator.keda.sh", true), ("create", "leases", true),
            ("create", "secrets", true), ("watch", "secrets/kedaorg-certs", true),
            ("patch", "secrets/kedaorg-certs", true), ("patch", "secrets/other", false),
            ("patch", "apiservices/v1beta1.external.metrics.k8s.io", true),
            ("patch", "apiservices/v1alpha1.decisions.swell.dev", true), ("patch", "apiservices/v1.apps", false),
            ("patch", "validatingwebhookconfigurations/keda-admission", true),
            ("patch", "validatingwebhookconfigurations/other", false),
        ])
        func `the operator's account may do what leading takes, and no more`(
            verb: String,
            what: String,
            isAllowed: Bool
        ) async throws {
            try await TestCluster.with { cluster in
                try await cluster.kubectl("apply", "-f", "\(TestServers.root)/config/rbac")
                // The question's own exit code says the same, as a failure.
                let answer = try? await cluster.kubectl(
                    "auth",
                    "can-i",
                    verb,
                    what,
                    "-n",
                    "keda",
                    "--as=system:serviceaccount:keda:keda-operator"
                )
                #expect((answer?.hasPrefix("yes") ?? false) == isAllowed)
            }
        }

        @Test func `the leader makes the certificates known, and both replicas answer by them`() async throws {
            try await Self.with { cluster, ports in
                try await SwellReplica.with("one", in: cluster.namespace, port: ports[0]) { one in
                    try await eventually("leading", within: .seconds(60)) {
                        try await Self.leader(cluster) == "one"
                    }
                    try await SwellReplica.with("two", in: cluster.namespace, port: ports[1]) { two in
                        for replica in [one, two] {
                            try await eventually("an answer of \(replica.name)", within: .seconds(60)) {
                                try await Self.answers(replica, cluster)
                            }
                        }
                        // Through the API server, which verifies by the bundle alone.
                        try await eventually("the aggregated API", within: .seconds(60)) {
                            try await ExternalMetrics.ask(in: cluster)["items"]?.array?.count == 1
                        }
                        try await eventually("decisions through the aggregated API", within: .seconds(60)) {
                            try await !Decisions.ask(in: cluster).entries.isEmpty
                        }
                        // Only the leader decides, so the follower has asked it.
                        try await eventually("the follower's word of decisions", within: .seconds(60)) {
                            try await !two.decisions(about: "web", in: cluster).entries.isEmpty
                        }
                        let secret = try await cluster.client.get(SecretObject.self, cluster.key("kedaorg-certs"))
                        let bundle = secret.data?["ca.crt"]?.base64EncodedString()
                        let services = MetricsAPI.serviceNames.map { "apiservice/\($0)" }
                        for kind in services + ["validatingwebhookconfiguration/\(cluster.namespace)"] {
                            let text = try await cluster.kubectl("get", kind, "-o", "json")
                            #expect(text.contains(try #require(bundle)), "\(kind) has no bundle")
                        }
                        let lease = try await cluster.client.get(Lease.self, cluster.key("operator.keda.sh"))
                        #expect(lease.metadata.annotations?[PollingReplica.annotation]?.hasPrefix("127.0.0.1:") == true)
                        #expect(try AuditedWrite.all(by: ["two"], in: cluster.namespace).isEmpty)
                        for replica in [one, two] { try await Self.expectWebhook(of: replica, in: cluster) }
                        // In good order: the lease is given back, and the other one need not wait.
                        try one.signal(.terminate)
                        try await eventually("two leading", within: .seconds(60)) {
                            try await Self.leader(cluster) == "two"
                        }
                        try await eventually("an answer of the new leader", within: .seconds(60)) {
                            try await Self.answers(two, cluster)
                        }
                        try two.signal(.terminate)
                    }
                }
            }
        }

        @Test func `a leader that is killed is replaced, and the other answers before and after`() async throws {
            try await Self.with { cluster, ports in
                try await SwellReplica.with("one", in: cluster.namespace, port: ports[0], endsWith: .signaled(SIGKILL))
                {
                    one in
                    try await SwellReplica.with("two", in: cluster.namespace, port: ports[1]) { two in
                        try await eventually("an answer of the follower", within: .seconds(60)) {
                            guard try await Self.leader(cluster) == "one" else { return false }
                            return try await Self.answers(two, cluster)
                        }
                        try one.signal(.kill)
                        let killed = ContinuousClock.now
                        try await eventually("two leading", within: .seconds(60)) {
                            try await Self.leader(cluster) == "two"
                        }
                        // The lease of 6 s and two retries of 1 s, with room for a slow machine.
                        #expect(ContinuousClock.now - killed < .seconds(12))
                        try await eventually("an answer of the new leader", within: .seconds(60)) {
                            try await Self.answers(two, cluster)
                        }
                        try await Self.expectWork(in: cluster, maximum: 7)
                        try two.signal(.terminate)
                    }
                }
            }
        }

        @Test func `a leader that was suspended past its lease writes nothing more, and ends`() async throws {
            try await Self.with { cluster, ports in
                try await SwellReplica.with("one", in: cluster.namespace, port: ports[0], endsWith: .exited(1)) { one in
                    try await SwellReplica.with("two", in: cluster.namespace, port: ports[1]) { two in
                        try await Self.expectWork(in: cluster, maximum: 7)
                        #expect(try await Self.leader(cluster) == "one")
                        try one.signal(.suspend)
                        try await eventually("two leading", within: .seconds(60)) {
                            try await Self.leader(cluster) == "two"
                        }
                        try await Self.expectWork(in: cluster, maximum: 8)
                        let before = try AuditedWrite.all(by: ["one"], in: cluster.namespace).count(where: \.isDone)
                        // Changes that wait for the old leader in its watches when it wakes.
                        try await Self.expectWork(in: cluster, maximum: 9)
                        try one.signal(.resume)
                        try await eventually("the old leader's last words", within: .seconds(60)) {
                            one.wholeLog.contains("leadership was lost")
                        }
                        try await Self.expectWork(in: cluster, maximum: 10)
                        let writes = try AuditedWrite.all(by: ["one", "two"], in: cluster.namespace).filter(\.isDone)
                        let late = writes.filter { $0.user.username.hasPrefix("one.") }.dropFirst(before)
                        #expect(late.isEmpty, "\(late.map(\.description))")
                        // Whoever wrote after the other never was followed by them.
                        let order = writes.map { $0.user.username.prefix(3) }
                        #expect(order == order.sorted(), "\(order)")
                        #expect(Set(order) == ["one", "two"])
                        try two.signal(.terminate)
                    }
                }
            }
        }
    }
}
