import HummingbirdCore
import Logging
import NIOCore

/// Leaves a new connection untouched until the task that serves it runs.
///
/// What NIO makes of a connection for use by tasks must reach one: if it is dropped, the process traps. Hummingbird makes
/// it as soon as a connection is accepted, and drops it when the server stops listening in that moment. Here a dropped
/// connection is only closed.
struct HeldChannel<Base: ServerChildChannel>: ServerChildChannel {
    /// Serves the connection.
    let base: Base

    /// A connection that waits for its task; it is closed when nobody holds it any more.
    final class Value: ServerChildChannelValue {
        /// The connection.
        let channel: any Channel

        /// Nothing is read from it yet.
        init(_ channel: any Channel) {
            self.channel = channel
        }

        /// Once its task has served it, it is closed already.
        deinit {
            channel.close(promise: nil)
        }
    }

    /// Keeps a new connection from being read, on its event loop.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(Hold())
            return Value(channel)
        }
    }

    /// Sets the connection up, reads from it, and serves it to its end.
    func handle(value: Value, logger: Logger) async {
        // Its end closes the connection.
        defer { withExtendedLifetime(value) {} }
        let channel = value.channel
        let connection = channel.eventLoop.flatSubmit { () -> EventLoopFuture<Base.Value> in
            do {
                let hold = try channel.pipeline.syncOperations.handler(type: Hold.self)
                return base.setup(channel: channel, logger: logger).assumeIsolated()
                    .map { connection in
                        hold.end()
                        channel.read()
                        return connection
                    }
                    .nonisolated()
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }
        do {
            await base.handle(value: try await connection.get(), logger: logger)
        } catch {
            logger.debug("a connection was closed before it was served", metadata: ["error": "\(error)"])
        }
    }
}

/// Keeps a connection from being read, and closes it if the shutdown comes first.
private final class Hold: ChannelDuplexHandler {
    typealias InboundIn = NIOAny
    typealias OutboundIn = NIOAny

    /// Whether nothing is read yet.
    private var isHeld = true

    /// Lets everything through from now on.
    func end() {
        isHeld = false
    }

    /// Somebody wants to read.
    func read(context: ChannelHandlerContext) {
        if !isHeld { context.read() }
    }

    /// The shutdown, among others: those who would finish the connection in good order do not stand behind us yet.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isHeld, event is ChannelShouldQuiesceEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
