import Synchronization

/// The Secret that replicas share as it was when it last was good.
///
/// It is good when it is complete, can be read, and an authority of `ca.crt` has signed `tls.crt`. One that is deleted or
/// spoilt is soon put right by the leader. Until then nobody loses what they had.
public final class SharedSecret: Sendable {
    /// What was looked at last, and what was good last.
    private struct State {
        /// Of the Secret that was looked at last.
        var version: String?
        /// What was good last; `nil` before anything was.
        var good: CertificateSecret?
    }

    /// See ``State``.
    private let state = Mutex(State())
    /// What is known of the Secret; never waits.
    private let read: @Sendable () -> CertificateSecret?

    /// Nothing has been seen.
    ///
    /// - Parameter read: what is known of the Secret; never waits.
    public init(_ read: @escaping @Sendable () -> CertificateSecret?) {
        self.read = read
    }

    /// What was good last; `nil` before anything was.
    public var current: CertificateSecret? {
        let secret = read()
        return state.withLock { state in
            guard let secret, secret.version != state.version || state.good == nil else { return state.good }
            state.version = secret.version
            // What is wrong is the leader's to put right, and told by it.
            if let identity = secret.identity, (try? identity.check()) != nil,
                identity.vouches(for: secret.certificate)
            {
                state.good = secret
            }
            return state.good
        }
    }
}
