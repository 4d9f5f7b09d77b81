import Certificates
import Foundation
import KubeClient
import KubeModel
import Outbound
import OutboundCurl
import Scaling
import Subprocess
import SystemPackage
import TestKit
import Testing

/// One of several `swell operator` processes on the real control plane, each with a name of its own there, so that the
/// audit log tells who wrote what.
struct SwellReplica: Sendable {
    /// What it is called: the beginning of its identity, and of its user towards the API server.
    let name: String
    /// Where its external metrics API listens.
    let metricsPort: Int
    /// Where its webhooks listen.
    let webhookPort: Int
    /// Where its probes listen.
    let healthPort: Int
    /// Where its log goes.
    let log: String
    /// Sends it a signal.
    let signal: @Sendable (Signal) throws -> Void

    /// Runs a replica in a namespace until the test ends it.
    ///
    /// - Parameters:
    ///   - name: what it is called.
    ///   - namespace: its own, and the one that it looks after.
    ///   - port: where its external metrics API listens.
    ///   - webhookPort: where its webhooks listen; any free one unless given.
    ///   - flags: what it is called with besides.
    ///   - waits: whether the test begins once it is ready.
    ///   - expected: how it must end; the test sends the signal.
    ///   - test: gets the replica.
    /// - Throws: what the test throws.
    static func with(
        _ name: String,
        in namespace: String,
        port: Int,
        webhookPort: Int? = nil,
        flags: [String] = [],
        waits: Bool = true,
        endsWith expected: TerminationStatus = .exited(0),
        _ test: @Sendable (SwellReplica) async throws -> Void
    ) async throws {
        let ports = try (0..<2).map { _ in try SwellProcess.freePort() } + [webhookPort ?? SwellProcess.freePort()]
        let folder = FileManager.default.temporaryDirectory.appending(path: "\(namespace)-\(name)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let log = "\(folder)/log"
        let file = try FileDescriptor.open(
            FilePath(log),
            .writeOnly,
            options: [.create, .truncate],
            permissions: .ownerReadWrite
        )
        let kubeconfig = "\(folder)/kubeconfig"
        try Self.kubeconfig(for: AuditedWrite.user(name, in: namespace))
            .write(toFile: kubeconfig, atomically: true, encoding: .utf8)
        let result = try await Subprocess.run(
            .path(SwellProcess.executable),
            arguments: Arguments(
                [
                    "operator", "--kubeconfig", kubeconfig, "--log-level", "debug", "--watch-namespace", namespace,
                    "--external-metrics-bind-address", "127.0.0.1:\(port)", "--metrics-bind-address", "0",
                    "--health-bind-address", "127.0.0.1:\(ports[0])", "--webhook-bind-address",
                    "127.0.0.1:\(ports[2])", "--metrics-service-bind-address", "127.0.0.1:\(ports[1])",
                    "--advertise-address", "127.0.0.1",
                    "--leader-elect", "--leader-elect-lease-duration=6s", "--leader-elect-renew-deadline=4s",
                    "--leader-elect-retry-period=1s", "--enable-cert-rotation",
                    "--metrics-server-service-name=keda-operator-metrics-apiserver",
                    "--validating-webhook-name=\(namespace)",
                ] + flags
            ),
            environment: .inherit.updating(["POD_NAMESPACE": namespace, "POD_NAME": name]),
            input: .none,
            output: .discarded,
            error: .fileDescriptor(file, closeAfterSpawningProcess: true)
        ) { execution in
            let replica = SwellReplica(
                name: name,
                metricsPort: port,
                webhookPort: ports[2],
                healthPort: ports[0],
                log: log
            ) { try execution.send(signal: $0) }
            do {
                if waits { try await replica.waitUntilReady() }
                try await test(replica)
            } catch {
                print("the log of \(name) is \(log); its end:\n\(replica.endOfLog)")
                try replica.signal(.kill)
                throw error
            }
        }
        // Without it the log stays where it is.
        try #require(result.terminationStatus == expected, "\(name) did not end as it should; its log is \(log)")
        try FileManager.default.removeItem(atPath: folder)
    }

    /// The last lines of the log.
    private var endOfLog: String {
        wholeLog.split(separator: "\n").suffix(40).joined(separator: "\n")
    }

    /// What it has logged.
    var wholeLog: String {
        // The log of a process that never started is empty, which is just as telling.
        (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    }

    /// Waits until its probe says that it is ready; a follower is as ready as a leader.
    func waitUntilReady() async throws {
        try await eventually("readiness of \(name)", within: .seconds(90)) { try await readiness().status == 200 }
    }

    /// What its probe says.
    func readiness() async throws -> HTTPResponse {
        try await withCurlTransport(environment: [:]) { transport in
            let url = WebAddress(host: "127.0.0.1", port: healthPort).appending("readyz")
            return try await transport.collect(HTTPRequest(.get, url, deadline: .seconds(30)), upTo: 1 << 20)
        }
    }

    /// Whether it polls an object itself, by what it says at its probes' port.
    func polls(_ object: String, in namespace: String) async throws -> Bool {
        try await withCurlTransport(environment: [:]) { transport in
            let url = WebAddress(host: "127.0.0.1", port: healthPort).appending("debug", "decisions", namespace, object)
            return try await transport.collect(HTTPRequest(.get, url, deadline: .seconds(30)), upTo: 1 << 20).status
                == 200
        }
    }

    /// Asks its own port for a metric, as an administrator, trusting the shared authority.
    func ask(_ metric: String, of object: String, in cluster: TestCluster, port: Int? = nil) async throws -> JSONValue {
        let address = WebAddress(scheme: "https", host: "127.0.0.1", port: port ?? metricsPort)
            .appending("apis", "external.metrics.k8s.io", "v1beta1", "namespaces", cluster.namespace, metric)
            .asking("labelSelector", "scaledobject.keda.sh/name=\(object)")
        return try await ask(address, in: cluster)
    }

    /// Asks its own port for the decisions about an object, as an administrator, trusting the shared authority.
    func decisions(about object: String, in cluster: TestCluster) async throws -> DecisionReport {
        let address = WebAddress(scheme: "https", host: "127.0.0.1", port: metricsPort)
            .appending("apis", "decisions.swell.dev", "v1alpha1", "namespaces", cluster.namespace)
            .appending("scaledobjects", object)
        return try await ask(address, in: cluster)
    }

    /// Asks its own port as an administrator, trusting the shared authority.
    private func ask<Answer: Decodable & Sendable>(
        _ address: WebAddress,
        in cluster: TestCluster
    ) async throws -> Answer {
        let secret = try await cluster.client.get(SecretObject.self, cluster.key("kedaorg-certs"))
        let client = try Self.certificate(for: "test", in: ["system:masters"])
        let request = HTTPRequest(
            .get,
            address,
            tls: TLSSettings(
                authorities: CertificateSecret(secret).authority,
                certificate: client.certificates,
                privateKey: client.privateKey,
                serverName: "keda-operator-metrics-apiserver.\(cluster.namespace).svc"
            ),
            deadline: .seconds(30)
        )
        return try await withCurlTransport(environment: [:]) { transport in
            let response = try await transport.collect(request, upTo: 1 << 20)
            return try KubeJSON.decode(from: response.body)
        }
    }

    /// Asks its webhook what it says of a new ScaledObject, trusting the shared authority as the API server does.
    func review(_ object: ScaledObject, in cluster: TestCluster) async throws -> JSONValue {
        let secret = try await cluster.client.get(SecretObject.self, cluster.key("kedaorg-certs"))
        let question: JSONValue = [
            "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
            "request": [
                "uid": "1", "operation": "CREATE", "namespace": .string(cluster.namespace),
                "object": try KubeJSON.value(of: object),
            ],
        ]
        let request = HTTPRequest(
            .post,
            WebAddress(scheme: "https", host: "127.0.0.1", port: webhookPort)
                .appending("validate-keda-sh-v1alpha1-scaledobject"),
            body: try KubeJSON.encode(question),
            tls: TLSSettings(
                authorities: CertificateSecret(secret).authority,
                serverName: "keda-admission-webhooks.\(cluster.namespace).svc"
            ),
            deadline: .seconds(30)
        )
        return try await withCurlTransport(environment: [:]) { transport in
            let response = try await transport.collect(request, upTo: 1 << 20)
            return try KubeJSON.decode(JSONValue.self, from: response.body)["response"] ?? .null
        }
    }

    /// A kubeconfig for a user who may do everything.
    private static func kubeconfig(for name: String) throws -> String {
        /// A text as base64.
        func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
        let pair = try certificate(for: name, in: ["system:masters"])
        let authority = try String(contentsOfFile: TestServers.variable("KUBE_CA"), encoding: .utf8)
        return """
            apiVersion: v1
            kind: Config
            clusters:
            - name: c
              cluster:
                server: \(try TestServers.variable("KUBE_URL"))
                certificate-authority-data: \(base64(authority))
            users:
            - name: u
              user:
                client-certificate-data: \(base64(pair.certificates))
                client-key-data: \(pair.privateKey.withValue(base64))
            contexts:
            - name: x
              context: {cluster: c, user: u}
            current-context: x
            """
    }

    /// A client certificate that the control plane accepts.
    private static func certificate(for name: String, in groups: [String]) throws -> CertificatePair {
        let authority = try CertificateAuthority(
            certificate: String(contentsOfFile: TestServers.variable("CLIENT_CA_CERT"), encoding: .utf8),
            privateKey: Secret(String(contentsOfFile: TestServers.variable("CLIENT_CA_KEY"), encoding: .utf8))
        )
        return try authority.issue(
            CertificateRequest(commonName: name, organizations: groups, usages: [.client]),
            now: Date()
        )
    }
}

/// Who wrote what, and when, by the API server's audit log.
struct AuditedWrite: Sendable, Decodable {
    /// The user.
    struct User: Sendable, Decodable {
        /// A replica's name.
        let username: String
    }

    /// The object.
    struct Reference: Sendable, Decodable {
        /// Plural of its kind.
        let resource: String?
        /// Its name; `nil` for one that is being made.
        let name: String?
    }

    /// Such as `patch`.
    let verb: String
    /// Who.
    let user: User
    /// What.
    let objectRef: Reference?
    /// When, in UTC with a fixed number of digits, so that texts compare as times.
    let requestReceivedTimestamp: String
    /// When the answer was complete, or given up.
    let stageTimestamp: String
    /// How it was answered.
    let responseStatus: Status?

    /// How a request was answered.
    struct Status: Sendable, Decodable {
        /// Of HTTP.
        let code: Int?
    }

    /// Whether the API server has done it; what is refused, or called off before it was sent whole, writes nothing.
    var isDone: Bool { (200..<300).contains(responseStatus?.code ?? 0) }

    /// What was asked for, when, and how it ended.
    var description: String {
        "\(verb) \(objectRef?.resource ?? "?") \(objectRef?.name ?? "?") from \(requestReceivedTimestamp) to "
            + "\(stageTimestamp): \(responseStatus?.code.map(String.init) ?? "no answer")"
    }

    /// A replica's user; no other test has the same.
    static func user(_ name: String, in namespace: String) -> String { "\(name).\(namespace)" }

    /// What replicas have written, questions about callers apart, and leases unless wanted, in order of time.
    static func all(
        by replicas: [String],
        in namespace: String,
        withLeases: Bool = false
    ) throws -> [AuditedWrite] {
        let names = replicas.map { user($0, in: namespace) }
        let text = try String(contentsOfFile: TestServers.variable("AUDIT_LOG"), encoding: .utf8)
        let reviews = ["tokenreviews", "subjectaccessreviews"] + (withLeases ? [] : ["leases"])
        return
            try text.split(separator: "\n")
            .filter { line in names.contains { line.contains($0) } }
            .map { try KubeJSON.decode(AuditedWrite.self, from: Array($0.utf8)) }
            .filter { write in
                names.contains(write.user.username) && !["get", "list", "watch"].contains(write.verb)
                    && !reviews.contains(write.objectRef?.resource ?? "")
            }
            .sorted { $0.requestReceivedTimestamp < $1.requestReceivedTimestamp }
    }
}
