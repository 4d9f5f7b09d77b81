import Foundation
import Synchronization

/// A server on loopback that does whatever a script says with each connection, on a thread of its own.
final class PostgresOddServer: Sendable {
    /// A connection as the script sees it.
    ///
    /// Blocks.
    struct Client: Sendable {
        let socket: Int32

        /// Sends all of it, as far as the other side takes it.
        ///
        /// - Returns: whether the other side is still there.
        @discardableResult
        func send(_ bytes: [UInt8]) -> Bool {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }

        /// A protocol message: a letter, the length, the contents.
        @discardableResult
        func message(_ letter: Character, _ contents: [UInt8]) -> Bool {
            send([letter.asciiValue ?? 0] + Self.number(contents.count + 4) + contents)
        }

        /// Some bytes that have come; none when the other side is gone.
        func receive() -> [UInt8] {
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = read(socket, &buffer, buffer.count)
            return Array(buffer.prefix(max(count, 0)))
        }

        /// Waits until the other side goes away.
        func waitForEnd() {
            while !receive().isEmpty {}
        }

        /// Says that the client is who it claims to be and that queries may come.
        func admit() {
            _ = receive()
            message("R", Self.number(0))
            message("K", Self.number(1) + Self.number(2))
            message("Z", [UInt8(ascii: "I")])
        }

        /// Four bytes, the highest first.
        static func number(_ value: Int) -> [UInt8] {
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).bigEndian) { Array($0) }
        }
    }

    /// Where it listens.
    let port: Int
    private let listener: Int32
    /// Connections so far, and those that are open.
    private let accepted = Mutex((all: 0, open: 0))

    /// How many connections have come.
    var connections: Int { accepted.withLock { $0.all } }

    /// How many connections the script is busy with.
    var openConnections: Int { accepted.withLock { $0.open } }

    /// Listens until it is let go.
    init(_ script: @escaping @Sendable (Client) -> Void) throws {
        let (listener, port) = try bindToLoopback(Int32(SOCK_STREAM.rawValue))
        guard listen(listener, 64) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        (self.listener, self.port) = (listener, Int(port))
        Thread.detachNewThread { [listener, weak self] in
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else {
                    // Here, as the system gives the number to the next server, whose clients this thread would take.
                    close(listener)
                    return
                }
                self?.accepted.withLock { $0 = ($0.all + 1, $0.open + 1) }
                Thread.detachNewThread { [weak self] in
                    script(Client(socket: socket))
                    close(socket)
                    self?.accepted.withLock { $0.open -= 1 }
                }
            }
        }
    }

    deinit {
        // Ends accept, now or when the thread comes to it.
        shutdown(listener, Int32(SHUT_RDWR))
    }
}

/// A socket on a free port of 127.0.0.1.
func bindToLoopback(_ type: Int32) throws -> (socket: Int32, port: UInt16) {
    let bound = socket(AF_INET, type, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(bound, $0, length) == 0 && getsockname(bound, $0, &length) == 0
        }
    }
    guard isBound else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    return (bound, UInt16(bigEndian: address.sin_port))
}
