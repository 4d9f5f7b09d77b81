public import Certificates
import Foundation
public import Logging
import NIOSSL
public import Outbound
public import ServiceLifecycle
import Synchronization

/// The certificate a server presents, kept up to date while it runs.
///
/// New connections get the newest good certificate; open ones keep theirs. A new one that is broken is reported once
/// and changes nothing, and so is one that nobody renews in time.
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
        /// PEM of what it presents.
        var certificates: String
        /// That of the first of them; `nil` if it cannot be told.
        var lifetime: CertificateLifetime?
        /// What has been told of its end.
        var warning: String?
        /// The source's stamp of the last look, good or bad; `nil` when it could not be had.
        var stamp: String?

        /// A pair that is good.
        init(_ pair: CertificatePair, _ context: NIOSSLContext, stamp: String) {
            self.context = context
            self.certificates = pair.certificates
            // TLS may know how to use what we cannot read; it is served without a word about its end.
            self.lifetime = try? CertificateLifetime(ofFirst: pair.certificates)
            self.stamp = stamp
        }
    }

    /// See ``State``.
    private let state: Mutex<State>
    /// Where certificates come from.
    private let source: any CertificateSource
    /// Whether clients are asked for theirs.
    private let asksClients: Bool
    /// How old and how weak TLS may be.
    private let policy: TLSPolicy
    /// Whether it logs what it finds.
    private let tells: Bool
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
    ///   - tells: whether it logs what it finds; of several with one source, one is enough.
    ///   - interval: how often to look for a new one.
    ///   - time: the clocks.
    ///   - logger: where to log.
    /// - Throws: ``ServingError`` `.badCertificate`.
    public init(
        _ source: any CertificateSource,
        asksClients: Bool = false,
        policy: TLSPolicy = TLSPolicy(),
        tells: Bool = true,
        interval: Duration = .seconds(1),
        time: TimeSource = .system,
        logger: Logger
    ) throws(ServingError) {
        self.source = source
        self.asksClients = asksClients
        self.policy = policy
        self.tells = tells
        self.interval = interval
        self.time = time
        self.logger = logger
        let now = time.now()
        do {
            let stamp = try source.stamp(now: now)
            let pair = try source.pair(now: now)
            let context = try Self.context(of: pair, asksClients: asksClients, policy: policy)
            self.state = Mutex(State(pair, context, stamp: stamp))
        } catch {
            throw Self.error(error)
        }
    }

    /// For the next connection.
    var context: NIOSSLContext { state.withLock { $0.context } }

    /// What is presented to new connections, PEM: our own certificate first.
    public var certificates: String { state.withLock { $0.certificates } }

    /// From when until when our own certificate may be used; `nil` if it does not tell.
    public var lifetime: CertificateLifetime? { state.withLock { $0.lifetime } }

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
            let pair = try source.pair(now: now)
            let context = try Self.context(of: pair, asksClients: asksClients, policy: policy)
            state.withLock { $0 = State(pair, context, stamp: stamp) }
            return .reloaded
        } catch {
            // Files that have changed while they were read are no fault: the next look reads them again.
            if let seen, let later = try? source.stamp(now: now), later != seen { return .unchanged }
            state.withLock { $0.stamp = seen }
            // Files that are still away have been reported when they went.
            if seen == nil, known == nil { return .unchanged }
            return .failed(Self.error(error))
        }
    }

    /// Looks once and logs what is new; called by ``run()``.
    func lookAndTell() {
        let outcome = reloadIfNeeded()
        guard tells else { return }
        switch outcome {
        case .unchanged: break
        case .reloaded: logger.info("the serving certificate has been reloaded")
        case .failed(let error):
            logger.error(
                "the new serving certificate cannot be used, the former stays",
                metadata: ["error": "\(error)"]
            )
        }
        tellOfItsEnd()
    }

    /// Logs once that nobody has renewed the certificate in time, and once that it has come to its end.
    private func tellOfItsEnd() {
        let now = time.now()
        let (warning, end) = state.withLock { state -> (String?, Date?) in
            guard let lifetime = state.lifetime, lifetime.isNearEnd(at: now) else { return (nil, nil) }
            let text = lifetime.end <= now ? "has expired" : "expires soon"
            guard state.warning != text else { return (nil, nil) }
            state.warning = text
            return (text, lifetime.end)
        }
        guard let warning, let end else { return }
        logger.warning(
            "the serving certificate \(warning), and nobody has renewed it: look at who makes it",
            metadata: ["expires": "\(end.formatted(.iso8601))"]
        )
    }

    /// What TLS needs for a certificate.
    ///
    /// It fails when the key is not the certificate's, so half of a change is never served.
    private static func context(
        of pair: CertificatePair,
        asksClients: Bool,
        policy: TLSPolicy
    ) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes([UInt8](pair.certificates.utf8))
        let key = try pair.privateKey.withValue { try NIOSSLPrivateKey(bytes: [UInt8]($0.utf8), format: .pem) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = policy.minimumVersion.ofServers
        if !policy.cipherSuites.isEmpty { configuration.cipherSuites = policy.cipherSuites.joined(separator: ":") }
        configuration.applicationProtocols = ["http/1.1"]
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
