import NIOCore
import NIOPosix
import NIOSSL

/// Bytes to and from a server, as they are, over TCP or TLS.
struct RawConnection {
    /// What comes.
    private var incoming: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    /// What goes.
    private let outgoing: NIOAsyncChannelOutboundWriter<ByteBuffer>
    /// The connection.
    private let channel: any Channel

    /// Sends bytes.
    func send(_ bytes: [UInt8]) async throws {
        try await outgoing.write(ByteBuffer(bytes: bytes))
    }

    /// Sends text.
    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    /// Reads until the text has come or the server has hung up.
    ///
    /// - Returns: all that came.
    mutating func read(until end: String) async throws -> String {
        var text = ""
        while !text.contains(end), let buffer = try await incoming.next() {
            text += String(buffer: buffer)
        }
        return text
    }

    /// Reads until the server hangs up; a reset is a way to hang up.
    mutating func readToEnd() async -> String {
        var text = ""
        do {
            while let buffer = try await incoming.next() { text += String(buffer: buffer) }
        } catch {
            return text
        }
        return text
    }

    /// The server's certificate, PEM-free: its subject's bytes tell one from another.
    func serverCertificate() async throws -> [UInt8]? {
        try await channel.nioSSL_peerCertificate().get()?.toDERBytes()
    }

    /// Connects for the length of a call.
    static func with<Answer: Sendable>(
        port: Int,
        tls: TLSConfiguration? = nil,
        _ use: (inout RawConnection) async throws -> Answer
    ) async throws -> Answer {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let context = try NIOSSLContext(configuration: tls)
                        let handler = try NIOSSLClientHandler(context: context, serverHostname: nil)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(
                incoming: inbound.makeAsyncIterator(),
                outgoing: outbound,
                channel: channel.channel
            )
            return try await use(&connection)
        }
    }

    /// Settings of a TLS client that trusts an authority, without ALPN, so that it speaks HTTP/1.1.
    static func trusting(_ authority: String) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)))
        configuration.certificateVerification = .noHostnameVerification
        return configuration
    }
}
