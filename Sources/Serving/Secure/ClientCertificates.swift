import NIOSSL
import Synchronization

/// What the client of one connection presented; filled in by its handshake, read by its requests.
final class ClientCertificates: Sendable {
    /// Those of the connection whose task this is.
    ///
    /// A task-local, because Hummingbird hands a request only its channel, which carries no values of ours.
    @TaskLocal static var current: ClientCertificates?

    /// See ``chain``.
    private let presented = Mutex<[[UInt8]]>([])

    /// DER, the client's own first.
    var chain: [[UInt8]] { presented.withLock { $0 } }

    /// Takes down what a client presented.
    ///
    /// - Throws: an error of NIOSSL for a certificate that cannot be written as DER.
    func present(_ certificates: [NIOSSLCertificate]) throws {
        let chain = try certificates.map { try $0.toDERBytes() }
        presented.withLock { $0 = chain }
    }
}
