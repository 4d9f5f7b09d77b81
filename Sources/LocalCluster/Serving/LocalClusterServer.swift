import Certificates
import Foundation
public import Logging
public import Outbound
public import Serving
public import ServiceLifecycle

/// A ``LocalCluster`` over HTTPS, for kubectl and for whoever else speaks to clusters.
///
/// Other users of the machine can reach the port too, so a caller must present the token that stands in the kubeconfig.
/// The certificate is signed by an authority made for this server alone.
public struct LocalClusterServer: Service {
    /// Listens.
    private let server: WebServer<ClusterResponder>
    /// Renews the certificate.
    private let certificate: ServingCertificate
    /// Signs it.
    private let authority: CertificateAuthority
    /// What callers present.
    private let token: Secret<String>

    /// Makes a server; nothing listens before ``run()``.
    ///
    /// - Parameters:
    ///   - cluster: who answers. It runs by itself.
    ///   - address: a loopback address, as a rule.
    ///   - limits: what clients are granted.
    ///   - logger: where to log.
    ///   - onListening: told the port once the server listens.
    /// - Throws: an error of ``ServingError`` or of Certificates, if no certificate can be made.
    public init(
        _ cluster: LocalCluster,
        at address: ListenAddress = .at(host: "127.0.0.1", port: 0),
        limits: ServerLimits = ServerLimits(),
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws {
        let now = TimeSource.system.now()
        self.authority = try CertificateAuthority(commonName: "swell-local", organization: "swell", now: now)
        let request = CertificateRequest(
            commonName: "localhost",
            names: ["localhost"],
            addresses: ["127.0.0.1", "::1"],
            usages: [.server]
        )
        self.certificate = try ServingCertificate(
            OwnCertificate(request, signedBy: authority, from: now),
            logger: logger
        )
        self.token = Secret(Self.makeToken())
        var limits = limits
        limits.body = APIRequest.bodyLimit
        self.server = WebServer(
            "local cluster",
            at: address,
            certificate: certificate,
            limits: limits,
            handler: ClusterResponder(cluster: cluster, token: token),
            refusal: ClusterResponder.refusal,
            logger: logger,
            onListening: onListening
        )
    }

    /// Serves until the graceful shutdown.
    ///
    /// - Throws: ``ServingError`` `.cannotListen`.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await certificate.run() }
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            try await group.waitForAll()
        }
    }

    /// What kubectl needs to reach this server: a kubeconfig with the authority and the token, so a file only for its
    /// owner.
    public func kubeconfig(port: Int) -> Secret<String> {
        token.map { token in
            """
            apiVersion: v1
            kind: Config
            current-context: swell-local
            clusters:
            - name: swell-local
              cluster:
                server: https://127.0.0.1:\(port)
                certificate-authority-data: \(Data(authority.certificate.utf8).base64EncodedString())
            contexts:
            - name: swell-local
              context:
                cluster: swell-local
                namespace: default
                user: local-admin
            users:
            - name: local-admin
              user:
                token: \(token)

            """
        }
    }

    /// 256 random bits in hexadecimal digits.
    private static func makeToken() -> String {
        (0..<32)
            .map { _ in
                let byte = UInt8.random(in: .min ... .max)
                return (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            .joined()
    }
}
