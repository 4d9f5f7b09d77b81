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
        try await withServices(scaling.watches + scaling.works + [certificate, server]) {
            try await eventually("the API server to ask", within: .seconds(60)) {
                do {
                    try await cluster.apply(Self.refused)
                    try await cluster.kubectl("delete", "ta", "refused", "-n", cluster.namespace)
                    return false
                } catch let error as Command.Failed {
                    return error.output.contains("denied the request")
                }
            }
            try await eventually("the index", within: .seconds(60)) { scaling.index.isComplete }
            try await body()
        }
    }

    /// What the API server says when it refuses a manifest; `nil` when it takes it.
    func refusal(of manifest: String, _ arguments: String...) async throws -> String? {
        do {
            try await Command(
                program: TestServers.variable("KUBECTL"),
                environment: ["KUBECONFIG": TestServers.variable("KUBECONFIG")]
            )
            .run(["apply", "-n", cluster.namespace, "-f", "-"] + arguments, input: manifest)
            return nil
        } catch let error as Command.Failed {
            return error.output
        }
    }

    /// A TriggerAuthentication that breaks a rule.
    static let refused = """
        {"apiVersion":"keda.sh/v1alpha1","kind":"TriggerAuthentication","metadata":{"name":"refused"},
         "spec":{"podIdentity":{"provider":"aws","externalID":"x"}}}
        """

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
        let file = "\(TestServers.root)/config/webhook/webhooks.yaml"
        let text = try await cluster.kubectl("create", "--dry-run=client", "-o", "json", "-f", file)
        // kubectl writes the objects of a file one after the other, or as a list.
        let objects = try text.replacing("}\n{", with: "}\u{0}{").split(separator: "\u{0}")
            .map { try JSONValue(parsing: [UInt8]($0.utf8)) }
            .flatMap { $0["items"]?.array ?? [$0] }
        var configuration = try #require(objects.first { $0["kind"] == "ValidatingWebhookConfiguration" })
        let webhooks = try #require(configuration["webhooks"]?.array)
        #expect(webhooks.count == 6)
        configuration["metadata"] = ["name": .string(name)]
        configuration["webhooks"] = .array(
            try webhooks.map { webhook in
                let path = try #require(webhook[path: "clientConfig", "service", "path"]?.string)
                var webhook = webhook
                webhook["clientConfig"] = [
                    "url": .string("https://127.0.0.1:\(port)\(path)"),
                    "caBundle": .string(Data(authority.certificate.utf8).base64EncodedString()),
                ]
                webhook["namespaceSelector"] = [
                    "matchLabels": ["webhooks-of": .string(cluster.namespace)]
                ]
                return webhook
            }
        )
        // Older servers give namespaces no label with their name.
        try await cluster.kubectl("label", "namespace", cluster.namespace, "webhooks-of=\(cluster.namespace)")
        let json = String(decoding: try KubeJSON.encode(configuration), as: UTF8.self)
        try await cluster.kubectl("apply", "-f", "-", input: json)
    }

    /// Takes the configuration away.
    private func withdraw() async throws {
        try await cluster.kubectl("delete", "validatingwebhookconfiguration", name, "--ignore-not-found")
    }
}
