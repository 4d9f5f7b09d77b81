import NIOCore

/// Closes a connection some time after the shutdown has begun, whatever its client does.
///
/// Hummingbird waits until the client has read its answer; one that hangs would hold up the shutdown for ever. Within the
/// handshake nobody else hears of the shutdown: such a connection is closed at once.
final class HangUpAfterShutdown: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    /// How long requests in work may still take.
    private let patience: TimeAmount
    /// Whether the handshake is done, and those who know how to say good-bye are there.
    var isNegotiated = false
    /// What will close the connection.
    private var hangUp: Scheduled<Void>?

    /// Makes a handler for one connection.
    init(after patience: TimeAmount) {
        self.patience = patience
    }

    /// The shutdown begins.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent, hangUp == nil {
            let channel = context.channel
            let patience = isNegotiated ? self.patience : .zero
            hangUp = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// The connection is closed by itself.
    func channelInactive(context: ChannelHandlerContext) {
        hangUp?.cancel()
        context.fireChannelInactive()
    }
}
