import Foundation
import Testing

/// One accepted connection, for a script that may block.
final class ServerConnection: Sendable {
    /// A request as it came over the wire.
    struct Request {
        /// The first line.
        let line: String
        /// Header lines without their ends.
        let headers: [String]
        /// As many bytes as `Content-Length` says.
        let body: [UInt8]

        /// The path and the query.
        var target: String { line.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
    }

    /// The socket.
    private let descriptor: Int32
    /// Counted from 1 in the order of arrival.
    let number: Int

    /// Takes over a socket.
    init(_ descriptor: Int32, number: Int) {
        self.descriptor = descriptor
        self.number = number
    }

    /// The next request; `nil` when the client has closed the connection.
    func request() -> Request? {
        var head: [UInt8] = []
        while !head.reversed().starts(with: [10, 13, 10, 13]) {
            guard let byte = read(1) else { return nil }
            head += byte
        }
        let lines = String(decoding: head, as: UTF8.self).components(separatedBy: "\r\n").filter { !$0.isEmpty }
        let length = lines.compactMap { line in
            line.lowercased().hasPrefix("content-length:") ? Int(line.dropFirst(15).trimmingCharacters(in: [" "])) : nil
        }
        guard let body = read(length.first ?? 0) else { return nil }
        return Request(line: lines[0], headers: [String](lines.dropFirst()), body: body)
    }

    /// Reads exactly so many bytes; `nil` if the connection ends before.
    private func read(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress! + filled, count - filled, 0) }
            if got <= 0 { return nil }
            filled += got
        }
        return bytes
    }

    /// Sends all bytes; false if the client has gone.
    @discardableResult
    func send(_ bytes: some Sequence<UInt8>) -> Bool {
        let bytes = [UInt8](bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    /// Sends a text.
    @discardableResult
    func send(_ text: String) -> Bool { send(text.utf8) }

    /// Sends a whole answer.
    @discardableResult
    func answer(_ body: String, status: String = "200 OK", headers: [String] = []) -> Bool {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        return send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Sends that many bytes of no interest; false if the client has gone.
    @discardableResult
    func sendFiller(_ count: Int) -> Bool {
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 64 * 1024)
        for start in stride(from: 0, to: count, by: chunk.count) {
            if !send(chunk.prefix(count - start)) { return false }
        }
        return true
    }

    /// Sends bytes until the client has taken none for a while.
    ///
    /// - Returns: how many went out; `nil` if all did, without a stop.
    func sendUntilHeldBack(_ limit: Int) -> Int? {
        let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 64 * 1024)
        var sent = 0
        while sent < limit {
            var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            if poll(&poller, 1, 500) == 0 { return sent }
            let count = Foundation.send(
                descriptor,
                bytes,
                min(bytes.count, limit - sent),
                Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
            )
            if count < 0 { return nil }
            sent += count
        }
        return nil
    }

    /// Passes bytes on between the client and a port of this machine, until either side ends.
    func relay(to port: Int) throws {
        let other = try connectToLoopback(port)
        defer { Foundation.close(other) }
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            var pollers = [descriptor, other].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&pollers, 2, -1) > 0 else { return }
            for (index, poller) in pollers.enumerated() where poller.revents != 0 {
                let count = recv(poller.fd, &buffer, buffer.count, 0)
                let target = pollers[1 - index].fd
                guard count > 0, Foundation.send(target, buffer, count, Int32(MSG_NOSIGNAL)) == count else { return }
            }
        }
    }

    /// Drops every packet that comes from now on, unacknowledged, as if the cable were cut.
    ///
    /// - Source: Linux, `socket(7)`, SO_ATTACH_FILTER: a classic BPF program of one instruction, "keep 0 bytes".
    func goDeaf() throws {
        let keepNothing: [UInt64] = [0x06]  // BPF_RET | BPF_K, jumps 0, k 0
        try keepNothing.withUnsafeBufferPointer { program in
            // struct sock_fprog: a length in 16 bits, padding, a pointer.
            var filter = (UInt64(1), UInt64(UInt(bitPattern: program.baseAddress)))
            let length = socklen_t(MemoryLayout.size(ofValue: filter))
            try #require(setsockopt(descriptor, SOL_SOCKET, 26, &filter, length) == 0, "SO_ATTACH_FILTER")
        }
    }

    /// Blocks until the client closes the connection, or the server stops.
    func awaitClose() {
        while let byte = read(1) { _ = byte }
    }

    /// Ends both directions, from any thread.
    func shutDown() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Frees the descriptor, after the script has ended.
    func close() {
        Foundation.close(descriptor)
    }
}
