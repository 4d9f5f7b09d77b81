import Foundation
import Outbound
import OutboundCurl
import Synchronization
import Testing

/// A name server that never answers, for the threads of one transport only.
///
/// It listens on port 53 of a loopback address of its own. A thread with a private mount namespace sees it in its
/// `/etc/resolv.conf`, and so do the threads that come from it: the transport's and its resolvers'. Needs root.
final class SilentNameServer: Sendable {
    /// The server's socket, never read.
    private let descriptor: Int32
    /// Holds the `resolv.conf`.
    private let folder: TemporaryFolder

    /// Starts listening.
    init() throws {
        folder = try TemporaryFolder()
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(53).bigEndian
        let host = 0x7F4D_0000 | UInt32.random(in: 1...0xFFFE)  // 127.77.x.y
        address.sin_addr.s_addr = host.bigEndian
        let isBound = withUnsafeBytes(of: &address) { bytes in
            bind(
                descriptor,
                bytes.assumingMemoryBound(to: sockaddr.self).baseAddress,
                socklen_t(MemoryLayout<sockaddr_in>.size)
            ) == 0
        }
        try #require(isBound, "port 53 of a loopback address cannot be had: this test needs root")
        try folder.write("nameserver 127.77.\(host >> 8 & 0xFF).\(host & 0xFF)\n", "resolv.conf")
    }

    deinit {
        close(descriptor)
    }

    /// Whether a question has come.
    var hasBeenAsked: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) > 0
    }

    /// Makes a transport whose threads know this name server only.
    func transport(_ settings: CurlTransport.Settings = CurlTransport.Settings()) async throws -> CurlTransport {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread {
                continuation.resume(
                    with: Result {
                        try self.enterNamespace()
                        return try CurlTransport(settings, environment: [:])
                    }
                )
            }
            thread.start()
        }
    }

    /// Gives the calling thread a view of the file system with our `resolv.conf`.
    private func enterNamespace() throws {
        let file = folder.url.appending(path: "resolv.conf").path
        // Swift's Glibc module leaves out unshare(2) and CLONE_NEWNS.
        let symbol = try #require(dlsym(nil, "unshare"))
        let unshare = unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
        let newMountNamespace: Int32 = 0x0002_0000
        let steps: [() -> Int32] = [
            { unshare(newMountNamespace) },
            { mount("none", "/", nil, UInt(MS_REC | MS_PRIVATE), nil) },
            { mount(file, "/etc/resolv.conf", nil, UInt(MS_BIND), nil) },
        ]
        for step in steps where step() != 0 {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EPERM)
        }
    }
}
