public import Certificates
public import Foundation
import Synchronization

/// What a replica is to the others, from the files `ca.crt`, `tls.crt` and `tls.key` of a directory.
///
/// They are looked at before each use and read when they have changed.
public final class IdentityFiles: Sendable {
    /// What was read last.
    private let last = Mutex<(stamp: String, identity: PeerIdentity)?>(nil)
    /// The certificate and its key.
    private let pair: CertificateFiles
    /// The path of `ca.crt`.
    private let authorities: String
    /// Reads them.
    private let files: FileView

    /// Names the directory; nothing is read yet.
    public init(directory: String, files: FileView = .disk) {
        self.pair = CertificateFiles(directory: directory, files: files)
        self.authorities = directory.hasSuffix("/") ? "\(directory)ca.crt" : "\(directory)/ca.crt"
        self.files = files
    }

    /// What the files hold now.
    ///
    /// - Throws: whatever keeps them from being read.
    public func identity(now: Date) throws -> PeerIdentity {
        let stamp = try "\(files.identity(authorities)) \(pair.stamp(now: now))"
        if let last = last.withLock({ $0 }), last.stamp == stamp { return last.identity }
        let identity = PeerIdentity(
            authorities: String(decoding: try files.read(authorities), as: UTF8.self),
            pair: try pair.pair(now: now)
        )
        last.withLock { $0 = (stamp, identity) }
        return identity
    }
}
