import HummingbirdCore
import Logging
import NIOCore
import NIOSSL
import NIOTLS

/// A TLS connection: takes the certificate of the moment, asks for the client's, then speaks HTTP/1.1.
///
/// Hummingbird's own channels keep one TLS context for ever and drop the client's certificates; this one is for those
/// two reasons.
///
/// Not HTTP/2: kube-apiserver, which reads metrics through one connection, resets a stream when a body is complete before
/// its end is told, as happens with one answer in ten; after 200 of these in 30 s, which are a few hundred HPAs, SwiftNIO
/// takes it for an attack and drops the connection with all that is asked on it. Over HTTP/1.1 more is read besides.
struct SecureChannel: ServerChildChannel {
    /// A connection on its way.
    struct Value: ServerChildChannelValue {
        /// The connection as it serves requests, once the handshake is done.
        let negotiated: EventLoopFuture<HTTP1Channel.Value>
        /// The connection.
        let channel: any Channel
        /// What the client presented.
        let client: ClientCertificates
    }

    /// What to serve with.
    private let certificate: ServingCertificate
    /// How long a handshake may take.
    private let handshake: TimeAmount
    /// How long a connection may outlive the beginning of the shutdown.
    private let farewell: TimeAmount
    /// Whether requests are answered on the connection's event loop.
    private let answersOnEventLoops: Bool
    /// Speaks HTTP/1.1.
    private let http1: HTTP1Channel

    /// Makes the handling of connections.
    init(
        certificate: ServingCertificate,
        limits: ServerLimits,
        answersOnEventLoops: Bool,
        stream: HTTP1Channel.Configuration,
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        self.certificate = certificate
        self.handshake = TimeAmount(limits.handshake)
        self.farewell = TimeAmount(limits.deadline)
        self.answersOnEventLoops = answersOnEventLoops
        self.http1 = HTTP1Channel(responder: responder, configuration: stream)
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
            let negotiation = NIOTypedApplicationProtocolNegotiationHandler<HTTP1Channel.Value> { _ in
                do {
                    // A resumed session asks no verdict: its certificate comes from the session.
                    if client.chain.isEmpty, let known = tls.peerCertificate { try client.present([known]) }
                } catch {
                    return channel.close().flatMapThrowing { throw error }
                }
                farewell.isNegotiated = true
                return http1.setup(channel: channel, logger: logger)
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
            let connection = try await value.negotiated.get()
            let executor = answersOnEventLoops ? EventLoopExecutor(value.channel.eventLoop) : nil
            await withTaskExecutorPreference(executor) {
                await ClientCertificates.$current.withValue(value.client) {
                    await http1.handle(value: connection, logger: logger)
                }
            }
        } catch {
            logger.debug("a TLS handshake failed", metadata: ["error": "\(error)"])
            value.channel.close(promise: nil)
        }
    }
}
