import Certificates
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOEmbedded
import Testing

@testable import Serving

@Suite(.timeLimit(.minutes(2))) struct HeldChannelTests {
    /// Never comes to an answer.
    let held = HeldChannel(base: HTTP1Channel { _, _, _ in })

    /// A new connection.
    func accepted() async throws -> NIOAsyncTestingChannel {
        let channel = NIOAsyncTestingChannel()
        try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1))
        return channel
    }

    /// A connection that waits for its task.
    func hold(_ channel: NIOAsyncTestingChannel) async throws -> HeldChannel<HTTP1Channel>.Value {
        try await channel.eventLoop.flatSubmit { held.setup(channel: channel, logger: quiet) }.get()
    }

    @Test func `a connection that no task takes is closed, not a trap`() async throws {
        let channel = try await accepted()
        do {
            let value = try await hold(channel)
            #expect(value.channel.isActive)
        }
        try await channel.closeFuture.get()
    }

    @Test func `a connection that waits when the shutdown comes is closed, and its task ends`() async throws {
        let channel = try await accepted()
        let value = try await hold(channel)
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        try await channel.closeFuture.get()
        await held.handle(value: value, logger: quiet)
    }

    @Test(arguments: [false, true])
    func `a shutdown amid new connections ends in good order`(isSecure: Bool) async throws {
        let authority = try TestAuthority()
        let certificate =
            try isSecure ? ServingCertificate(FixedCertificate(pair: authority.loopback()), logger: quiet) : nil
        let trust = try RawConnection.trusting(authority.authority.certificate)
        for _ in 0..<20 {
            try await withServices { onListening in
                [
                    WebServer(
                        "test",
                        at: .at(host: "127.0.0.1", port: 0),
                        certificate: certificate,
                        handler: WebServerTests.router.buildResponder(),
                        logger: quiet,
                        onListening: onListening
                    )
                ]
            } _: { port, shutDown in
                await withTaskGroup { group in
                    for number in 0..<16 {
                        group.addTask {
                            // Refused, served or hung up on, as it comes: the server's end is what counts.
                            _ = try? await RawConnection.with(port: port, tls: isSecure ? trust : nil) { connection in
                                try await connection.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
                                return await connection.readToEnd()
                            }
                        }
                        if number == 8 { group.addTask { await shutDown() } }
                    }
                }
            }
        }
    }
}
