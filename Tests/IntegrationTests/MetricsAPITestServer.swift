import Certificates
import Foundation
import KubeClient
import KubeModel
import Logging
import MetricsAPI
import Outbound
import OutboundCurl
import Scaling
import ServiceLifecycle
import Serving
import Telemetry
import TestKit
import Testing

/// The external metrics API in this process, known to the real control plane as its provider of external metrics.
struct MetricsAPITestServer: Sendable {
    /// Where it listens.
    let port: Int
    /// Signs its certificate.
    let authority: CertificateAuthority
    /// The control plane, and a namespace of the test's own.
    let cluster: TestCluster

    /// The name by which kube-apiserver verifies the certificate.
    static let serverName = "keda-operator-metrics-apiserver.keda.svc"

    /// Every metric of every object is 4.5.
    struct Halves: MetricSource {
        /// See ``MetricSource``.
        func readings(of metric: String, for object: ObjectKey) async throws(MetricSourceError) -> [MetricReading] {
            let time = Date(timeIntervalSince1970: 1_781_606_897)
            return [MetricReading(metric: metric, value: Quantity(milli: 4500), time: time)]
        }
    }

    /// Nothing is decided about any object.
    struct Undecided: DecisionSource {
        /// See ``DecisionSource``.
        func report(on object: ObjectKey) async throws(DecisionSourceError) -> DecisionReport {
            throw .notPolled(object)
        }
    }

    /// Serves for the length of a test, with a certificate that kube-apiserver verifies.
    static func with(
        _ source: some MetricSource = Halves(),
        _ test: @escaping @Sendable (MetricsAPITestServer) async throws -> Void
    ) async throws {
        try await TestCluster.with { cluster in
            let now = Date()
            let authority = try CertificateAuthority(now: now)
            let request = CertificateRequest(commonName: "swell", names: [serverName], addresses: ["127.0.0.1"])
            let logger = Logger(label: "metrics-api", factory: { _ in SwiftLogNoOpLogHandler() })
            let certificate = try ServingCertificate(
                OwnCertificate(request, signedBy: authority, from: now),
                asksClients: true,
                logger: logger
            )
            let reader = AuthenticationConfigurationReader(
                cluster.client,
                every: .milliseconds(100),
                logger: logger
            )
            let api = MetricsAPI(
                source,
                decisions: Undecided(),
                reviews: Reviews(cluster.client),
                configuration: reader,
                version: "v0.0.0-test",
                registry: MetricRegistry(),
                logger: logger
            )
            let (ports, told) = AsyncStream.makeStream(of: Int.self)
            let server = api.server(
                at: .at(host: "127.0.0.1", port: 0),
                certificate: certificate,
                onListening: { told.yield($0) }
            )
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(services: [certificate, reader, server], logger: logger)
            )
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    defer { told.finish() }
                    try await group.run()
                }
                tasks.addTask {
                    do {
                        for await port in ports {
                            let server = MetricsAPITestServer(port: port, authority: authority, cluster: cluster)
                            try await eventually("the authentication configuration") { reader.unready == nil }
                            try await test(server)
                            await group.triggerGracefulShutdown()
                        }
                    } catch {
                        await group.triggerGracefulShutdown()
                        throw error
                    }
                }
                try await tasks.waitForAll()
            }
        }
    }

    /// Makes kube-apiserver pass the API on to this process for the length of a test.
    ///
    /// The provider is taken away again: an API whose server is gone disturbs discovery, and so everybody.
    func aggregated(_ test: () async throws -> Void) async throws {
        try await withdraw()
        try await cluster.kubectl("apply", "-f", "\(TestServers.root)/config/rbac")
        let path = "\(TestServers.root)/config/apiservice/development/metrics-api.yaml"
        let bundle = Data(authority.certificate.utf8).base64EncodedString()
        let manifest = try String(contentsOfFile: path, encoding: .utf8)
            .replacing("6443", with: "\(port)")
            .replacing("insecureSkipTLSVerify: true", with: "caBundle: \(bundle)")
        try #require(manifest.contains("caBundle"))
        try await cluster.kubectl("apply", "-f", "-", input: manifest)
        do {
            try await Self.eventuallyAggregated { try await cluster.kubectl("get", "--raw", $0) }
            try await test()
        } catch {
            try await withdraw()
            throw error
        }
        try await withdraw()
    }

    /// Waits until kube-apiserver passes on all our APIs: discovery fails as a whole while one of them does not answer.
    ///
    /// - Parameter get: asks kube-apiserver for a path.
    /// - Throws: what did not come true.
    static func eventuallyAggregated(_ get: (String) async throws -> String) async throws {
        for service in MetricsAPI.serviceNames {
            let parts = service.split(separator: ".", maxSplits: 1)
            try await eventually("the aggregated API \(service)", within: .seconds(90)) {
                try await get("/apis/\(parts[1])/\(parts[0])").contains("APIResourceList")
            }
        }
    }

    /// Takes the provider of both APIs away.
    private func withdraw() async throws {
        try await cluster.kubectl(["delete", "apiservice", "--ignore-not-found"] + MetricsAPI.serviceNames)
    }

    /// The path of a metric of the test's namespace, with the query that an HPA sends.
    var metricPath: String {
        "/apis/external.metrics.k8s.io/v1beta1/namespaces/\(cluster.namespace)/s0-cron"
            + "?labelSelector=scaledobject.keda.sh%2Fname%3Dweb"
    }

    /// Asks for the metric straight at the port.
    ///
    /// - Returns: the status and the body.
    func ask(
        as client: CertificatePair? = nil,
        user: String? = nil,
        groups: [String] = [],
        token: Secret<String>? = nil
    ) async throws -> (status: Int, body: JSONValue) {
        let url = WebAddress(scheme: "https", host: "127.0.0.1", port: port)
            .appending("apis", "external.metrics.k8s.io", "v1beta1", "namespaces", cluster.namespace, "s0-cron")
            .asking("labelSelector", "scaledobject.keda.sh/name=web")
        var headers = groups.map { HTTPRequest.Header("X-Remote-Group", $0) }
        if let user { headers.append(HTTPRequest.Header("X-Remote-User", user)) }
        let request = HTTPRequest(
            .get,
            url,
            headers: headers,
            authorization: token.map { .bearer($0) },
            tls: TLSSettings(
                authorities: authority.certificate,
                certificate: client?.certificates,
                privateKey: client?.privateKey
            ),
            deadline: .seconds(30)
        )
        return try await withCurlTransport(environment: [:]) { transport in
            let response = try await transport.collect(request, upTo: 1 << 20)
            return (response.status, try KubeJSON.decode(from: response.body))
        }
    }

    /// Lets a subject list the metric, in the test's namespace.
    ///
    /// The subject is as `kubectl create rolebinding` takes it: `--user=…` or `--serviceaccount=…`.
    func allow(_ subject: String) async throws {
        let name = "reader-\(UUID().uuidString.lowercased().prefix(8))"
        try await cluster.apply(
            """
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"\(name)"},
             "rules":[{"apiGroups":["external.metrics.k8s.io"],"resources":["s0-cron"],"verbs":["list"]}]}
            """
        )
        try await cluster.kubectl("create", "rolebinding", name, "--role=\(name)", subject, "-n", cluster.namespace)
    }

    /// A token of a new service account of the test's namespace.
    func token(of account: String) async throws -> Secret<String> {
        try await cluster.kubectl("create", "serviceaccount", account, "-n", cluster.namespace)
        let review: JSONValue = ["apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": [:]]
        let request = KubeRequest(
            .post,
            path: ["api", "v1", "namespaces", cluster.namespace, "serviceaccounts", account, "token"],
            body: try KubeJSON.encode(review),
            contentType: "application/json"
        )
        let answer = try await cluster.client.answer(to: request, as: JSONValue.self)
        return Secret(try #require(answer["status"]?["token"]?.string))
    }

    /// One of the files that `SWELL_TEST_…` names.
    static func file(_ variable: String) throws -> String {
        try String(contentsOfFile: TestServers.variable(variable), encoding: .utf8)
    }

    /// The certificate with which kube-apiserver calls aggregated servers.
    static func frontProxy() throws -> CertificatePair {
        CertificatePair(
            certificates: try file("FRONT_PROXY_CERT"),
            privateKey: Secret(try file("FRONT_PROXY_KEY"))
        )
    }

    /// An authority of the control plane: `FRONT_PROXY_CA` or `CLIENT_CA`.
    static func authority(_ name: String) throws -> CertificateAuthority {
        try CertificateAuthority(certificate: file("\(name)_CERT"), privateKey: Secret(file("\(name)_KEY")))
    }
}
