import Admission
import Certificates
import Foundation
import KubeClient
import KubeModel
import Logging
import Operator
import Outbound
import OutboundCurl
import ScalerKit
import Scalers
import Scaling
import ServiceLifecycle
import Serving
import Telemetry
import TestKit
import Testing

/// The webhooks in this process, beside an operator for one namespace; the real API server asks them about it.
struct WebhookTestServer: Sendable {
    /// Signs its certificate.
    let authority: CertificateAuthority
    /// Where it listens.
    let port: Int
    /// The control plane, and a namespace of the test's own.
    let cluster: TestCluster

    /// Makes the API server ask this process about the namespace, for the length of a test.
    static func with(_ test: @escaping @Sendable (WebhookTestServer) async throws -> Void) async throws {
        try await TestCluster.with { cluster in
            try await cluster.kubectl("apply", "-f", "\(TestServers.root)/config/crd")
            let server = WebhookTestServer(
                authority: try CertificateAuthority(now: Date()),
                port: try SwellProcess.freePort(),
                cluster: cluster
            )
            do {
                try await server.configure()
                try await test(server)
            } catch {
                try await server.withdraw()
                throw error
            }
            try await server.withdraw()
        }
    }

    /// Serves for the length of a call, once the API server asks.
    func serving(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let quiet = TestCluster.silence
        let now = Date()
        let request = CertificateRequest(commonName: "swell", addresses: ["127.0.0.1"])
        let certificate = try ServingCertificate(OwnCertificate(request, signedBy: authority, from: now), logger: quiet)
        var settings = ScalingOperator.Settings(version: "v0.0.0-test", instance: "test")
        settings.namespaces = [cluster.namespace]
        let outside = ScalingOperator.Outside(
            client: cluster.client,
            hpaType: try await Discovery(cluster.client).horizontalPodAutoscaler(),
            http: ScriptedTransport(),
            sql: AnsweringSQL { _ in throw OutboundError(.rejected, "no database here", isRetryable: false) },
            time: .system
        )
        let scaling = ScalingOperator(settings, registry: .builtIn, outside: outside, logger: quiet)
        let webhooks = AdmissionWebhooks(
            index: scaling.index,
            targets: ClusterTargetReader(cluster.client),
            scalers: .builtIn,
            metrics: MetricRegistry(),
            logger: quiet
        )
        let server = webhooks.server(at: .at(host: "127.0.0.1", port: port), certificate: certificate)
        try await withServices(scaling.watches + scaling.works + scaling.chores + [certificate, server]) {
            try await cluster.waitUntilAsked()
            try await eventually("the index", within: .seconds(60)) { scaling.index.isComplete }
            try await body()
        }
    }

    /// A ScaledObject; `spec` is what stands beside its target.
    static func object(_ name: String, on target: String, spec: String = #""triggers":[\#(cron)]"#) -> String {
        """
        {"apiVersion":"keda.sh/v1alpha1","kind":"ScaledObject","metadata":{"name":"\(name)"},
         "spec":{"scaleTargetRef":{"name":"\(target)"},\(spec)}}
        """
    }

    /// A good trigger.
    static let cron = """
        {"type":"cron","metadata":{"timezone":"UTC","start":"0 9 * * *","end":"0 18 * * *","desiredReplicas":"1"}}
        """

    /// The name of the configuration, which must not be in the way of others.
    private var name: String { "keda-admission-\(cluster.namespace)" }

    /// Applies the configuration that users apply, but for this process and this namespace.
    private func configure() async throws {
        var manifests = try await WebhookManifests.read(for: cluster.namespace)
        manifests.configuration["metadata"] = ["name": .string(name)]
        try manifests.redirect { config in
            let path = try #require(config[path: "service", "path"]?.string)
            config = [
                "url": .string("https://127.0.0.1:\(port)\(path)"),
                "caBundle": .string(Data(authority.certificate.utf8).base64EncodedString()),
            ]
        }
        try await WebhookManifests.mark(cluster, with: cluster.namespace)
        try await WebhookManifests.apply(manifests.configuration)
    }

    /// Takes the configuration away.
    private func withdraw() async throws {
        try await cluster.kubectl("delete", "validatingwebhookconfiguration", name, "--ignore-not-found")
    }
}
