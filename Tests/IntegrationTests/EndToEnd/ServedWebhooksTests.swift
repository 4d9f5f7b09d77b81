import Foundation
import KubeClient
import KubeModel
import Outbound
import Scaling
import TestKit
import Testing

extension RealServers {
    /// The webhooks of the real program: as `config/webhook` makes them known, by the authority that it puts there.
    @Suite(.serialized, .servedWebhooks, .timeLimit(.minutes(5))) struct ServedWebhooks {
        /// Runs a test in a namespace that the API server asks about.
        static func with(_ test: (TestCluster) async throws -> Void) async throws {
            try await TestCluster.with { cluster in
                try await WebhookManifests.mark(cluster, with: ServedWebhooksTrait.mark)
                try await cluster.waitUntilAsked()
                try await test(cluster)
            }
        }

        /// The counters of a namespace, by metric, action and reason, for whatever is not zero.
        static func counted(in cluster: TestCluster) async throws -> [String: Double] {
            let swell = try #require(SwellProcess.current)
            let body = try await swell.page("metrics", port: swell.pagePort).body
            let page = try #require(ScrapedPage(String(decoding: body, as: UTF8.self)))
            var counted: [String: Double] = [:]
            for name in ["validations", "validation_errors"] {
                let metric = "keda_webhook_scaled_object_\(name)_total"
                for sample in page.all(metric, ["namespace": cluster.namespace]) {
                    let words = [name, sample.labels["action"], sample.labels["reason"]].compactMap(\.self)
                    counted[words.joined(separator: " ")] = sample.value
                }
            }
            return counted
        }

        @Test func `the operator's authority stands in each webhook, which is otherwise as it was applied`()
            async throws
        {
            try await Self.with { cluster in
                let configuration = try await cluster.kubectl(
                    "get",
                    "validatingwebhookconfiguration",
                    "keda-admission",
                    "-o",
                    "json"
                )
                let key = ObjectKey(namespace: "keda", name: "kedaorg-certs")
                let bundle = try await cluster.client.get(SecretObject.self, key).data?["ca.crt"]?.base64EncodedString()
                let webhooks = try #require(try JSONValue(parsing: [UInt8](configuration.utf8))["webhooks"]?.array)
                let applied = try #require(ServedWebhooksTrait.applied?.configuration["webhooks"]?.array)
                try #require(webhooks.count == applied.count)
                for (webhook, applied) in zip(webhooks, applied) {
                    var expected = applied
                    expected[path: "clientConfig", "caBundle"] = .string(try #require(bundle))
                    // The API server adds a scope.
                    expected["rules"] = webhook["rules"]
                    #expect(webhook == expected)
                }
            }
        }

        @Test(arguments: [
            (
                #""minReplicaCount":5,"maxReplicaCount":3,"triggers":[\#(WebhookTestServer.cron)]"#,
                "MinReplicaCount=5 must be less than MaxReplicaCount=3", "incorrect-replicas"
            ),
            (
                #""triggers":[{"type":"x","name":"n","metadata":{}},{"type":"y","name":"n","metadata":{}}]"#,
                #"triggerName "n" is defined multiple times"#, "incorrect-triggers"
            ),
            (
                #""advanced":{"scalingModifiers":{"formula":"x +","target":"1"}},"triggers":[\#(WebhookTestServer.cron)]"#,
                "error validating formula in ScalingModifiers", "scaling-modifiers"
            ),
        ])
        func `an object that breaks a rule is refused with our words`(
            spec: String,
            message: String,
            reason: String
        ) async throws {
            try await Self.with { cluster in
                let refusal = try await cluster.refusal(of: WebhookTestServer.object("web", on: "web", spec: spec))
                #expect(refusal?.contains(#"admission webhook "vscaledobject.kb.io" denied the request"#) == true)
                #expect(refusal?.contains(message) == true, "\(refusal ?? "admitted")")
                #expect(try await cluster.client.find(ScaledObject.self, cluster.key("web")) == nil)
                #expect(
                    try await Self.counted(in: cluster)
                        == ["validations create": 1, "validation_errors create \(reason)": 1]
                )
            }
        }

        @Test func `what is only odd is admitted with a warning, and told in an Event`() async throws {
            try await Self.with { cluster in
                try await cluster.deploy("web", replicas: 1)
                let spec = #""minReplicaCount":1,"cooldownPeriod":5,"triggers":[\#(WebhookTestServer.cron)]"#
                let object = WebhookTestServer.object("web", on: "web", spec: spec)
                let warning = try await cluster.refusal(of: object, "--warnings-as-errors", "--dry-run=server")
                #expect(warning?.contains("Warning: ") == true)
                #expect(warning?.contains("CooldownPeriod is configured but is not relevant") == true)
                #expect(try await cluster.events("KEDAScalerInfo", about: "web").isEmpty, "a dry run is not told")
                #expect(try await cluster.refusal(of: object) == nil)
                try await eventually("the Event", within: .seconds(60)) {
                    try await cluster.events("KEDAScalerInfo", about: "web")
                        .contains { $0.hasPrefix("CooldownPeriod is configured but is not relevant") }
                }
                #expect(try await Self.counted(in: cluster)["validation_errors create"] == nil)
            }
        }

        @Test func `a good object comes, stays good and goes, while the operator asks itself about its own changes`()
            async throws
        {
            try await Self.with { cluster in
                try await cluster.deploy("web", replicas: 0)
                let object = WebhookTestServer.object("web", on: "web", spec: #""triggers":[\#(try Self.always)]"#)
                #expect(try await cluster.refusal(of: object, "--warnings-as-errors") == nil)
                try await cluster.reach(3, "web")
                try await cluster.reach(.ready, .yes, of: "web")
                let impossible = #""minReplicaCount":5,"maxReplicaCount":3,"triggers":[\#(try Self.always)]"#
                let worse = WebhookTestServer.object("web", on: "web", spec: impossible)
                #expect(try await cluster.refusal(of: worse)?.contains("denied the request") == true)
                try await cluster.reach(.ready, .yes, of: "web")
                let counted = try await Self.counted(in: cluster)
                #expect(counted["validations create"] == 1)
                // The operator's label and finalizer, and the change that was refused.
                #expect(counted["validations update"] ?? 0 >= 2)
                // An API server that has judged by its cache asks again with what is stored.
                #expect(counted["validation_errors update incorrect-replicas"] ?? 0 >= 1)
                try await cluster.kubectl("delete", "so", "web", "--timeout=60s", "-n", cluster.namespace)
            }
        }

        @Test func `a broken authentication is refused, of either kind, and a good one is not`() async throws {
            try await Self.with { cluster in
                for kind in ["TriggerAuthentication", "ClusterTriggerAuthentication"] {
                    let name = "\(cluster.namespace)-\(kind.lowercased())"
                    let broken = Self.authentication(kind, name, #""podIdentity":{"provider":"aws","externalID":"x"}"#)
                    let refusal = try await cluster.refusal(of: broken)
                    #expect(refusal?.contains("externalID of PodIdentity requires roleArn to be set") == true)
                    #expect(refusal?.contains(#"admission webhook "vs\#(kind.lowercased()).kb.io" denied"#) == true)
                    let good = Self.authentication(kind, name, #""env":[{"parameter":"a","name":"A"}]"#)
                    #expect(try await cluster.refusal(of: good, "--warnings-as-errors") == nil)
                    try await cluster.kubectl("delete", kind.lowercased(), name, "-n", cluster.namespace)
                }
            }
        }

        /// An authentication of either kind.
        static func authentication(_ kind: String, _ name: String, _ spec: String) -> String {
            """
            {"apiVersion":"keda.sh/v1alpha1","kind":"\(kind)","metadata":{"name":"\(name)"},"spec":{\(spec)}}
            """
        }

        /// A trigger that wants 3 pods at any time.
        static var always: String {
            get throws { String(decoding: try KubeJSON.encode(Neighbours.always(3)), as: UTF8.self) }
        }
    }
}

/// Runs one operator around a whole suite that serves the webhooks, with `config/webhook` turned to its port.
struct ServedWebhooksTrait: SuiteTrait, TestScoping {
    /// What is applied while the suite runs.
    @TaskLocal static var applied: WebhookManifests?
    /// What namespaces are marked with.
    static let mark = "swell"

    /// Once, around all tests of the suite.
    var isRecursive: Bool { false }

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        let port = try SwellProcess.freePort()
        do {
            let manifests = try await Self.install(port)
            let flags = ["--webhook-bind-address", "127.0.0.1:\(port)", "--enable-cert-rotation"]
            try await SwellProcess.with(flags) {
                try await Self.$applied.withValue(manifests) { try await function() }
            }
        } catch {
            try await Self.uninstall()
            throw error
        }
        try await Self.uninstall()
    }

    /// Applies the manifests before the operator runs; the API server reaches its port by the name localhost.
    private static func install(_ port: Int) async throws -> WebhookManifests {
        try await kubectl(["apply", "-f", "\(TestServers.root)/config/rbac"])
        var manifests = try await WebhookManifests.read(for: mark)
        let number = JSONValue.integer(Int64(port))
        manifests.service["spec"] = ["type": "ExternalName", "externalName": "localhost", "ports": [["port": number]]]
        try manifests.redirect { $0[path: "service", "port"] = number }
        try await WebhookManifests.apply(manifests.service)
        try await WebhookManifests.apply(manifests.configuration)
        return manifests
    }

    /// Takes away what others must not meet.
    private static func uninstall() async throws {
        try await kubectl(["delete", "--ignore-not-found", "-f", "\(TestServers.root)/config/webhook"])
        try await kubectl(["delete", "--ignore-not-found", "secret", "kedaorg-certs", "-n", "keda"])
    }

    /// kubectl as the administrator.
    private static func kubectl(_ arguments: [String]) async throws {
        try await Command(
            program: TestServers.variable("KUBECTL"),
            environment: ["KUBECONFIG": TestServers.variable("KUBECONFIG")]
        )
        .run(arguments)
    }
}

extension Trait where Self == ServedWebhooksTrait {
    /// One `swell operator` runs while the suite does, and answers admission webhooks.
    static var servedWebhooks: ServedWebhooksTrait { ServedWebhooksTrait() }
}
