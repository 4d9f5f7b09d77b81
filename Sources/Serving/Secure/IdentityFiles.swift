public import Certificates
public import Foundation
public import Logging
import Synchronization

/// What a replica is to the others, from the files `ca.crt`, `tls.crt` and `tls.key` of a directory.
///
/// They are looked at before each use and read when they have changed. What is broken then is told once, and what was good
/// last stays.
public final class IdentityFiles: Sendable {
    /// What the last look has found.
    private struct State {
        /// Of the files, good or bad; `nil` when they could not be looked at.
        var stamp: String?
        /// What was good last.
        var good: PeerIdentity?
    }

    /// See ``State``.
    private let state = Mutex(State())
    /// The certificate and its key.
    private let pair: CertificateFiles
    /// The path of `ca.crt`.
    private let authorities: String
    /// Reads them.
    private let files: FileView
    /// Where to log.
    private let logger: Logger

    /// How often they are read when they change meanwhile.
    private static let tries = 3

    /// Names the directory; nothing is read yet.
    public init(directory: String, files: FileView = .disk, logger: Logger) {
        self.pair = CertificateFiles(directory: directory, files: files)
        self.authorities = directory.hasSuffix("/") ? "\(directory)ca.crt" : "\(directory)/ca.crt"
        self.files = files
        self.logger = logger
    }

    /// What the files hold now, or held when they last were good.
    ///
    /// - Throws: what is wrong with them, if they never were good.
    public func identity(now: Date) throws -> PeerIdentity {
        let known = state.withLock { $0 }
        var seen: String?
        do {
            let stamp = try stamp(now: now)
            if let good = known.good, stamp == known.stamp { return good }
            seen = stamp
            let (identity, read) = try read(now: now)
            seen = read
            try identity.check()
            state.withLock { $0 = State(stamp: read, good: identity) }
            return identity
        } catch {
            state.withLock { $0.stamp = seen }
            guard let good = known.good else { throw error }
            if known.stamp != seen {
                logger.error(
                    "ca.crt, tls.crt and tls.key cannot be used between replicas, the former stay",
                    metadata: ["error": "\(error)"]
                )
            }
            return good
        }
    }

    /// Tells one state of the files from another.
    private func stamp(now: Date) throws -> String {
        try "\(files.identity(authorities)) \(pair.stamp(now: now))"
    }

    /// What the files hold, all of one moment, and their stamp then.
    ///
    /// - Throws: why they cannot be read, also when they change again and again meanwhile.
    private func read(now: Date) throws -> (identity: PeerIdentity, stamp: String) {
        for _ in 0..<Self.tries {
            let before = try stamp(now: now)
            let identity = PeerIdentity(
                authorities: String(decoding: try files.read(authorities), as: UTF8.self),
                pair: try pair.pair(now: now)
            )
            if try stamp(now: now) == before { return (identity, before) }
        }
        throw CertificatesError(.malformed, "ca.crt, tls.crt and tls.key change while they are read")
    }
}
