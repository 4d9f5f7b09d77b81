import Foundation
import Outbound

/// A source that takes connections and never says a word.
struct Silence: Sendable {
    /// Where it is.
    let address: WebAddress
    /// The listener; the kernel takes the connections, and nobody takes them from the kernel.
    private let descriptor: Int32

    /// Begins to listen.
    init() throws {
        let port = try OperatorProcess.freePort()
        self.address = WebAddress(host: "127.0.0.1", port: port)
        self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = inet_addr("127.0.0.1")
        place.sin_port = in_port_t(port).bigEndian
        let isBound = withUnsafePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isBound, listen(descriptor, 4096) == 0 else { throw BenchmarkError("nothing can listen at \(port)") }
    }

    /// Ends it, and its connections.
    func close() {
        Foundation.close(descriptor)
    }
}
