import Foundation
import KubeClient
import KubeModel
import Outbound
import Scaling
import TestKit
import Testing

extension RealServers {
    /// The operator as the chart's Deployment runs it: with those arguments, that environment, and the rights of that
    /// ServiceAccount, on the real control plane.
    @Suite(.serialized, .timeLimit(.minutes(10))) struct ChartRun {
        /// What namespaces are marked with that the webhooks are asked about.
        static let mark = "chart"

        /// Rights that the run below does not use, and why they are granted all the same.
        static let reasons: [String: String] = [
            "get horizontalpodautoscalers.autoscaling": "one that exists before the watch has brought it: Adoption",
            "get triggerauthentications.keda.sh": "one that the watch has not brought yet",
            "get clustertriggerauthentications.keda.sh": "one that the watch has not brought yet",
            "patch secrets kedaorg-certs": "at renewal: CertificateLoad",
            "patch scaledjobs.keda.sh": "KEDA's finalizer is taken off at deletion: LeftByKEDA",
            "list cloudeventsources.eventing.keda.sh": "only where KEDA's CRDs are: LeftByKEDA",
            "watch cloudeventsources.eventing.keda.sh": "only where KEDA's CRDs are: LeftByKEDA",
            "patch cloudeventsources.eventing.keda.sh": "only where KEDA's CRDs are: LeftByKEDA",
            "list clustercloudeventsources.eventing.keda.sh": "only where KEDA's CRDs are: LeftByKEDA",
            "watch clustercloudeventsources.eventing.keda.sh": "only where KEDA's CRDs are: LeftByKEDA",
            "patch clustercloudeventsources.eventing.keda.sh": "only where KEDA's CRDs are: LeftByKEDA",
            "update scaledobjects/finalizers.keda.sh":
                "asked by OwnerReferencesPermissionEnforcement, which runs on OpenShift",
            "patch triggerauthentications.keda.sh": "KEDA's finalizer is taken off at deletion: LeftByKEDA",
            "patch clustertriggerauthentications.keda.sh": "KEDA's finalizer is taken off at deletion: LeftByKEDA",
        ]

        /// Values with ports that are free on this machine.
        static func values(_ ports: [Int]) -> String {
            """
            service: {portHttps: \(ports[0]), portHttpsTarget: \(ports[0])}
            webhooks: {port: \(ports[1]), healthProbePort: \(ports[2])}
            prometheus:
              operator: {enabled: true, port: \(ports[3])}
              metricServer: {port: \(ports[4])}
              webhooks: {port: \(ports[4])}
            permissions: {operator: {restrict: {allowAllServiceAccountTokenCreation: true}}}
            extraArgs: {keda: {metrics-service-bind-address: "127.0.0.1:\(ports[5])"}}
            """
        }

        /// What was rendered, with Services that lead to this machine, and webhooks for marked namespaces only.
        static func reachable(_ chart: RenderedChart, webhookPort: Int) throws -> RenderedChart {
            let objects = try chart.objects.map { object in
                var object = object
                switch object["kind"] {
                case "Service":
                    let ports = object[path: "spec", "ports"]?.array?
                        .compactMap { port -> JSONValue? in
                            port["name"]
                                .flatMap { name in
                                    port["targetPort"].map { ["name": name, "port": $0, "protocol": "TCP"] }
                                }
                        }
                    object["spec"] = [
                        "type": "ExternalName", "externalName": "localhost", "ports": .array(ports ?? []),
                    ]
                case "ValidatingWebhookConfiguration":
                    let webhooks = try #require(object["webhooks"]?.array)
                        .map { webhook in
                            var webhook = webhook
                            webhook[path: "clientConfig", "service", "port"] = .integer(Int64(webhookPort))
                            webhook["namespaceSelector"] = ["matchLabels": ["webhooks-of": .string(mark)]]
                            return webhook
                        }
                    object["webhooks"] = .array(webhooks)
                default: break
                }
                return object
            }
            return RenderedChart(text: chart.text, objects: objects)
        }

        /// Runs the operator from the chart for the length of a call.
        static func with(_ ports: [Int], _ test: @Sendable () async throws -> Void) async throws {
            let chart = try reachable(try await RenderedChart.with(values(ports)), webhookPort: ports[1])
            try await ChartInstall.prepare()
            try await ChartInstall.installed(chart) {
                let account = try await SwellProcess.writeKubeconfig(for: .manages)
                var environment = try chart.environment
                environment["KUBECONFIG"] = account
                for (name, value) in [("POD_NAME", "chart"), ("POD_NAMESPACE", "keda"), ("POD_IP", "127.0.0.1")] {
                    environment[name] = value
                }
                try await SwellProcess.run(
                    try chart.arguments,
                    environment: environment,
                    at: [ports[0], ports[3], ports[2]],
                    test
                )
                try FileManager.default.removeItem(atPath: account)
            }
        }

        /// Everything that the operator needs a right for, one after the other.
        static func exercise(_ cluster: TestCluster, _ pods: PodMetricsServer) async throws {
            try await WebhookManifests.mark(cluster, with: mark)
            try await cluster.waitUntilAsked()
            try await cluster.apply(credentials)
            _ = try await ChartInstall.kubectl(["apply", "-f", "-"], input: sharedSecret)
            try await cluster.scaled(
                "web",
                by: [
                    Neighbours.always(3),
                    [
                        "type": "kubernetes-workload",
                        "metadata": ["podSelector": "app=web", "value": "100"],
                    ],
                    prometheus(with: "login", "TriggerAuthentication"),
                    prometheus(with: "swell-chart-login", "ClusterTriggerAuthentication"),
                    prometheus(with: "token", "TriggerAuthentication"),
                ],
                spec: ["advanced": ["restoreToOriginalReplicaCount": true]]
            )
            try await cluster.reach(3, "web")
            try await cluster.respec("web", ["maxReplicaCount": 7])
            try await eventually("the HPA's new maximum", within: .seconds(60)) {
                try await cluster.autoscaler("keda-hpa-web")?.spec.maxReplicas == 7
            }
            try await cluster.annotate("web", "autoscaling.keda.sh/paused", "true")
            try await eventually("no HPA while paused", within: .seconds(60)) {
                try await cluster.autoscaler("keda-hpa-web") == nil
            }
            try await cluster.apply(
                #"{"apiVersion":"v1","kind":"LimitRange","metadata":{"name":"defaults"},"spec":{"limits":["#
                    + #"{"type":"Container","defaultRequest":{"cpu":"100m"}}]}}"#
            )
            try await cluster.scaled(
                "busy",
                by: [Neighbours.always(1), ["type": "cpu", "metricType": "Utilization", "metadata": ["value": "50"]]],
                annotations: ["autoscaling.swell.dev/engine": "direct"]
            )
            try await eventually("a question about pods' use", within: .seconds(60)) { pods.questions("app=busy") > 0 }
            try await cluster.apply(job)
            try await eventually("a ScaledJob that is told off", within: .seconds(60)) {
                try await cluster.client.get(ScaledJob.self, cluster.key("job")).status?[.ready]?.reason
                    == "NotSupported"
            }
            try await eventually("who uses the credentials", within: .seconds(60)) {
                try await cluster.client.get(TriggerAuthentication.self, cluster.key("login")).status?.scaledobjects
                    == "web"
            }
            // Without a namespace.
            let shared = ObjectKey(namespace: "", name: "swell-chart-login")
            try await eventually("who uses the shared credentials", within: .seconds(60)) {
                try await cluster.client.get(ClusterTriggerAuthentication.self, shared).status?.scaledobjects?
                    .contains("web") == true
            }
            try await cluster.kubectl("delete", "scaledobject", "web", "-n", cluster.namespace)
            #expect(try await cluster.replicas("web") == 0)
            try await cluster.kubectl("delete", "clustertriggerauthentication", shared.name)
        }

        /// A trigger whose source is not there, with credentials that must be read for it.
        static func prometheus(with name: String, _ kind: String) -> JSONValue {
            [
                "type": "prometheus", "authenticationRef": ["name": .string(name), "kind": .string(kind)],
                "metadata": [
                    "serverAddress": "http://127.0.0.1:1", "query": "x", "threshold": "1", "authModes": "bearer",
                ],
            ]
        }

        /// Credentials of each kind that takes a right of its own.
        static let credentials = """
            {"apiVersion":"v1","kind":"List","items":[
              {"apiVersion":"v1","kind":"Secret","metadata":{"name":"login"},"stringData":{"token":"t"}},
              {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"login"},"data":{"name":"n"}},
              {"apiVersion":"keda.sh/v1alpha1","kind":"TriggerAuthentication","metadata":{"name":"login"},
               "spec":{"secretTargetRef":[{"parameter":"bearerToken","name":"login","key":"token"}],
                 "configMapTargetRef":[{"parameter":"username","name":"login","key":"name"}]}},
              {"apiVersion":"keda.sh/v1alpha1","kind":"TriggerAuthentication","metadata":{"name":"token"},
               "spec":{"boundServiceAccountToken":[{"parameter":"bearerToken","serviceAccountName":"default"}]}},
              {"apiVersion":"keda.sh/v1alpha1","kind":"ClusterTriggerAuthentication",
               "metadata":{"name":"swell-chart-login"},
               "spec":{"secretTargetRef":[{"parameter":"bearerToken","name":"swell-chart-login","key":"token"}]}}]}
            """

        /// Where a ClusterTriggerAuthentication finds its Secret.
        static let sharedSecret = """
            {"apiVersion":"v1","kind":"Secret","metadata":{"name":"swell-chart-login","namespace":"keda"},
             "stringData":{"token":"t"}}
            """

        /// A ScaledJob.
        static let job = """
            {"apiVersion":"keda.sh/v1alpha1","kind":"ScaledJob","metadata":{"name":"job"},
             "spec":{"jobTargetRef":{"template":{"spec":{"containers":[{"name":"main","image":"none"}],
               "restartPolicy":"Never"}}},
               "triggers":[{"type":"cron","metadata":{"timezone":"UTC","start":"0 0 * * *","end":"0 1 * * *",
                 "desiredReplicas":"1"}}]}}
            """

        @Test func `the operator runs as the chart has it, and uses each right that it is given`() async throws {
            let ports = try (0..<6).map { _ in try SwellProcess.freePort() }
            let start = try AuditLog.end
            try await Self.with(ports) {
                try await TestCluster.with { cluster in
                    try await PodMetricsServer.with(cluster) { pods in
                        try await Self.exercise(cluster, pods)
                    }
                }
                let swell = try #require(SwellProcess.current)
                for port in [ports[3], ports[4]] {
                    let page = try await swell.page("metrics", port: port)
                    #expect(page.status == 200, "the page at \(port)")
                }
                #expect(!(try swell.wholeLog.contains("without effect")))
            }
            let lines = try AuditLog.lines(from: start)
            let asked = lines.filter { $0.user.username == SwellProcess.Role.manages.user }
            let forbidden = asked.filter { $0.responseStatus?.code == 403 }.map { "\($0.verb) \($0.requestURI)" }
                // Nothing may be created in a namespace that goes.
                .filter { !($0.hasPrefix("create ") && $0.contains("/namespaces/test-")) }
            #expect(forbidden == [])
            let used = Set(asked.filter { $0.responseStatus?.code ?? 500 < 400 }.compactMap(\.right))
            let chart = try await RenderedChart.with(Self.values(ports))
            var granted: Set<Right> = []
            for name in ["keda-operator", "keda-operator-minimal-cluster-role"] {
                granted.formUnion(Right.all(of: try chart.the("ClusterRole", name)))
            }
            granted.formUnion(Right.all(of: try chart.the("Role", "keda-operator-certs")))
            let unused = granted.filter { right in !used.contains { right.allows($0) } }
            #expect(unused.filter { Self.reasons[$0.description] == nil }.sorted() == [], "granted, and not used")
            #expect(
                Set(Self.reasons.keys).subtracting(granted.map(\.description)) == [],
                "reasons for what is not granted"
            )
        }
    }
}
