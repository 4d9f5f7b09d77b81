import Foundation
public import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import Outbound
public import ServiceLifecycle

/// One listening port as a service: HTTP, or HTTPS.
///
/// **Guarantees**: every request is within ``ServerLimits``; a graceful shutdown stops listening, lets requests in work
/// finish and closes idle connections at once. **Assumptions**: handlers end soon after their task is cancelled, and
/// end the bodies that they stream when the shutdown begins.
public struct WebServer<Handler: HTTPResponder>: Service where Handler.Context == ServingContext {
    /// What the port is for, in logs and errors.
    private let name: String
    /// Where to listen.
    private let address: ListenAddress
    /// What to serve with; `nil` for plain HTTP.
    private let certificate: ServingCertificate?
    /// What clients are granted.
    private let limits: ServerLimits
    /// Whether requests are answered on the threads of their connections.
    private let answersOnEventLoops: Bool
    /// Answers within the limits.
    private let responder: BoundedResponder<Handler>
    /// Told the port once the server listens.
    private let onListening: @Sendable (Int) async -> Void
    /// Where to log.
    private let logger: Logger

    /// Makes a server; nothing listens before ``run()``.
    ///
    /// - Parameters:
    ///   - name: what the port is for, such as `metrics`.
    ///   - address: where to listen.
    ///   - certificate: what to serve with; `nil` for plain HTTP. It runs as a service of its own.
    ///   - limits: what clients are granted.
    ///   - answersOnEventLoops: whether requests of HTTPS are answered on the threads of their connections, which spares
    ///     handing each to another and back: for a handler that leaves them for all that takes long.
    ///   - handler: answers; a router's `buildResponder()`, as a rule.
    ///   - refusal: words what the server refuses by itself.
    ///   - time: the clocks.
    ///   - logger: where to log.
    ///   - onListening: told the port once the server listens; the one way to learn it where 0 was asked for.
    public init(
        _ name: String,
        at address: ListenAddress,
        certificate: ServingCertificate? = nil,
        limits: ServerLimits = ServerLimits(),
        answersOnEventLoops: Bool = false,
        handler: Handler,
        refusal: Refusal = .plain,
        time: TimeSource = .system,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.name = name
        self.address = address
        self.certificate = certificate
        self.limits = limits
        self.answersOnEventLoops = answersOnEventLoops
        self.logger = logger
        self.onListening = onListening
        self.responder = BoundedResponder(
            handler: handler,
            limits: limits,
            refusal: refusal,
            logger: logger,
            occupancy: Occupancy(limit: limits.requests),
            deadlines: Deadlines(time: time)
        )
    }

    /// Serves until the graceful shutdown; at once, if the address is off, only waits for it.
    ///
    /// - Throws: ``ServingError`` `.cannotListen`.
    public func run() async throws {
        guard let (host, port) = address.endpoint(hasIPv6: Machine.hasIPv6) else {
            try await gracefulShutdown()
            return
        }
        // Hummingbird tells each start on `info`, which we do ourselves.
        var quiet = logger
        if quiet.logLevel == .info { quiet.logLevel = .notice }
        let application = Application(
            responder: responder,
            server: channels,
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port),
                backlog: 256,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: quiet)
            ),
            onServerRunning: { [name, address, logger, onListening] channel in
                let actual = channel.localAddress?.port ?? port
                logger.info("listening", metadata: ["server": "\(name)", "address": "\(address)", "port": "\(actual)"])
                await onListening(actual)
            },
            logger: quiet
        )
        do {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { await responder.deadlines.run() }
                defer { group.cancelAll() }
                try await application.run()
            }
        } catch let error as IOError {
            throw cannotListen(error)
        } catch let error as SocketAddressError {
            throw cannotListen(error)
        }
    }

    /// The error of a port that cannot be had.
    private func cannotListen(_ error: any Error) -> ServingError {
        let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "no such address"
        return ServingError(.cannotListen, "the \(name) server cannot listen on \(address): \(reason)", cause: error)
    }

    /// What is done with each connection.
    private var channels: HTTPServerBuilder {
        let decoding = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headers,
            maxHeaderListSize: limits.headers
        )
        let stream = HTTP1Channel.Configuration(
            idleTimeout: TimeAmount(limits.idle),
            httpDecoderConfiguration: decoding
        )
        return HTTPServerBuilder { [certificate, limits, answersOnEventLoops] responder in
            guard let certificate else {
                return HeldChannel(base: HTTP1Channel(responder: responder, configuration: stream))
            }
            return HeldChannel(
                base: SecureChannel(
                    certificate: certificate,
                    limits: limits,
                    answersOnEventLoops: answersOnEventLoops,
                    stream: stream,
                    responder: responder
                )
            )
        }
    }
}

/// What this machine can do.
enum Machine {
    /// Whether the kernel has IPv6; `ipv6.disable=1` takes it away.
    static var hasIPv6: Bool {
        let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }
}
