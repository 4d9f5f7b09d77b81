import Certificates
import Foundation
public import Logging
import NIOSSL
public import Outbound
public import ServiceLifecycle
import Synchronization

/// The certificate a server presents, kept up to date while it runs.
///
/// New connections get the newest good certificate; open ones keep theirs. A new one that is broken is reported once
/// and changes nothing.
public final class ServingCertificate: Service {
    /// What one look at the source found.
    public enum Outcome: Sendable {
        /// The same as before.
        case unchanged
        /// A new certificate, from now on in use.
        case reloaded
        /// A new one that cannot be used; the former stays.
        case failed(ServingError)
    }

    /// What is in use.
    private struct State {
        /// For new connections.
        var context: NIOSSLContext
        /// The source's stamp of the last look, good or bad; `nil` when it could not be had.
        var stamp: String?
    }

    /// See ``State``.
    private let state: Mutex<State>
    /// Where certificates come from.
    private let source: any CertificateSource
    /// Whether clients are asked for theirs.
    private let asksClients: Bool
    /// How old and how weak TLS may be.
    private let policy: TLSPolicy
    /// How often to look.
    private let interval: Duration
    /// The clocks.
    private let time: TimeSource
    /// Where to log.
    private let logger: Logger

    /// Loads the first certificate.
    ///
    /// - Parameters:
    ///   - source: where certificates come from.
    ///   - asksClients: whether clients are asked for a certificate; they may go without, and what they present is
    ///     checked by nobody but the handler, see ``ServingContext/clientCertificates``.
    ///   - policy: how old and how weak TLS may be.
    ///   - interval: how often to look for a new one.
    ///   - time: the clocks.
    ///   - logger: where to log.
    /// - Throws: ``ServingError`` `.badCertificate`.
    public init(
        _ source: any CertificateSource,
        asksClients: Bool = false,
        policy: TLSPolicy = TLSPolicy(),
        interval: Duration = .seconds(5),
        time: TimeSource = .system,
        logger: Logger
    ) throws(ServingError) {
        self.source = source
        self.asksClients = asksClients
        self.policy = policy
        self.interval = interval
        self.time = time
        self.logger = logger
        let now = time.now()
        do {
            let stamp = try source.stamp(now: now)
            let context = try Self.context(from: source, asksClients: asksClients, policy: policy, now: now)
            self.state = Mutex(State(context: context, stamp: stamp))
        } catch {
            throw Self.error(error)
        }
    }

    /// For the next connection.
    var context: NIOSSLContext { state.withLock { $0.context } }

    /// Looks for a new certificate now and then, until the graceful shutdown.
    public func run() async throws {
        try await cancelWhenGracefulShutdown {
            while true {
                do {
                    try await self.time.sleep(self.interval)
                } catch is CancellationError {
                    return
                }
                self.lookAndTell()
            }
        }
    }

    /// Looks for a new certificate once; called by ``run()``.
    ///
    /// The stamp is read before the files: files that change meanwhile give another stamp at the next look.
    public func reloadIfNeeded() -> Outcome {
        let now = time.now()
        let known = state.withLock { $0.stamp }
        var seen: String?
        do {
            let stamp = try source.stamp(now: now)
            guard stamp != known else { return .unchanged }
            seen = stamp
            let context = try Self.context(from: source, asksClients: asksClients, policy: policy, now: now)
            state.withLock { $0 = State(context: context, stamp: stamp) }
            return .reloaded
        } catch {
            state.withLock { $0.stamp = seen }
            // Files that are still away have been reported when they went.
            if seen == nil, known == nil { return .unchanged }
            return .failed(Self.error(error))
        }
    }

    /// Looks once and logs what is new.
    private func lookAndTell() {
        switch reloadIfNeeded() {
        case .unchanged: break
        case .reloaded: logger.info("the serving certificate has been reloaded")
        case .failed(let error):
            logger.error(
                "the new serving certificate cannot be used, the former stays",
                metadata: ["error": "\(error)"]
            )
        }
    }

    /// What TLS needs for a certificate.
    ///
    /// It fails when the key is not the certificate's, so half of a change is never served.
    private static func context(
        from source: any CertificateSource,
        asksClients: Bool,
        policy: TLSPolicy,
        now: Date
    ) throws -> NIOSSLContext {
        let pair = try source.pair(now: now)
        let chain = try NIOSSLCertificate.fromPEMBytes([UInt8](pair.certificates.utf8))
        let key = try pair.privateKey.withValue { try NIOSSLPrivateKey(bytes: [UInt8]($0.utf8), format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = policy.minimumVersion.ofServers
        if !policy.cipherSuites.isEmpty { configuration.cipherSuites = policy.cipherSuites.joined(separator: ":") }
        configuration.applicationProtocols = ["h2", "http/1.1"]
        if asksClients {
            configuration.certificateVerification = .optionalVerification
            // Handlers know whom they trust; the machine's own authorities have no say.
            configuration.trustRoots = .certificates([])
        }
        return try NIOSSLContext(configuration: configuration)
    }

    /// The room's error for whatever went wrong.
    private static func error(_ error: any Error) -> ServingError {
        if let error = error as? ServingError { return error }
        if let error = error as? CertificatesError { return ServingError(.badCertificate, error.summary, cause: error) }
        return ServingError(
            .badCertificate,
            "the certificate and the private key cannot be read, or do not belong together",
            cause: error
        )
    }
}

extension TLSSettings.Version {
    /// NIO's word for it.
    fileprivate var ofServers: TLSVersion {
        switch self {
        case .tls10: .tlsv1
        case .tls11: .tlsv11
        case .tls12: .tlsv12
        case .tls13: .tlsv13
        }
    }
}
