import HummingbirdCore
import HummingbirdHTTP2
import Logging
import NIOCore
import NIOSSL
import NIOTLS

/// A TLS connection: takes the certificate of the moment, asks for the client's, then speaks HTTP/2 or HTTP/1.1 as ALPN
/// has it.
///
/// Hummingbird's own channels keep one TLS context for ever and drop the client's certificates; this one is for those
/// two reasons.
struct SecureChannel: ServerChildChannel {
    /// A connection on its way.
    struct Value: ServerChildChannelValue {
        /// The protocol, once the handshake is done.
        let negotiated: EventLoopFuture<Negotiated>
        /// The connection.
        let channel: any Channel
        /// What the client presented.
        let client: ClientCertificates
    }

    /// A connection after its handshake.
    enum Negotiated: Sendable {
        /// HTTP/1.1, agreed on or for want of an agreement.
        case http1(HTTP1Channel.Value)
        /// HTTP/2.
        case http2(HTTP2Channel.Value)
    }

    /// What to serve with.
    private let certificate: ServingCertificate
    /// How long a handshake may take.
    private let handshake: TimeAmount
    /// How long a connection may outlive the beginning of the shutdown.
    private let farewell: TimeAmount
    /// Speaks HTTP/1.1.
    private let http1: HTTP1Channel
    /// Speaks HTTP/2.
    private let http2: HTTP2Channel

    /// Makes the handling of connections.
    init(
        certificate: ServingCertificate,
        limits: ServerLimits,
        stream: HTTP1Channel.Configuration,
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        self.certificate = certificate
        self.handshake = TimeAmount(limits.handshake)
        self.farewell = TimeAmount(limits.deadline)
        self.http1 = HTTP1Channel(responder: responder, configuration: stream)
        self.http2 = HTTP2Channel(
            responder: responder,
            configuration: HTTP2ChannelConfiguration(
                idleTimeout: limits.idle,
                gracefulCloseTimeout: limits.deadline,
                streamConfiguration: stream
            )
        )
    }

    /// Puts TLS in front of a new connection, on its event loop.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let client = ClientCertificates()
            let tls = NIOSSLServerHandler(
                context: certificate.context,
                customVerificationCallback: { certificates, verdict in
                    verdict.completeWith(
                        Result {
                            try client.present(certificates)
                            return .certificateVerified
                        }
                    )
                },
                configuration: .init()
            )
            let farewell = HangUpAfterShutdown(after: farewell)
            try channel.pipeline.syncOperations.addHandlers([farewell, tls])
            let negotiation = NIOTypedApplicationProtocolNegotiationHandler<Negotiated> { result in
                do {
                    // A resumed session asks no verdict: its certificate comes from the session.
                    if client.chain.isEmpty, let known = tls.peerCertificate { try client.present([known]) }
                } catch {
                    return channel.close().flatMapThrowing { throw error }
                }
                farewell.isNegotiated = true
                if result == .negotiated("h2") {
                    return http2.setup(channel: channel, logger: logger).map { .http2($0) }
                }
                return http1.setup(channel: channel, logger: logger).map { .http1($0) }
            }
            try channel.pipeline.syncOperations.addHandler(negotiation)
            let hangUp = channel.eventLoop.scheduleTask(in: handshake) { channel.close(promise: nil) }
            negotiation.protocolNegotiationResult.whenComplete { _ in hangUp.cancel() }
            return Value(negotiated: negotiation.protocolNegotiationResult, channel: channel, client: client)
        }
    }

    /// Serves one connection to its end.
    func handle(value: Value, logger: Logger) async {
        do {
            let negotiated = try await value.negotiated.get()
            await ClientCertificates.$current.withValue(value.client) {
                switch negotiated {
                case .http1(let connection): await http1.handle(value: connection, logger: logger)
                case .http2(let connection): await http2.handle(value: connection, logger: logger)
                }
            }
        } catch {
            logger.debug("a TLS handshake failed", metadata: ["error": "\(error)"])
            value.channel.close(promise: nil)
        }
    }
}
