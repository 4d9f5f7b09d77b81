/// How old and how weak TLS may be.
public struct TLSPolicy: Sendable, Hashable {
    /// The oldest protocol version that is accepted.
    public var minimumVersion: TLSSettings.Version
    /// OpenSSL's names of the cipher suites for TLS 1.2 and older, best first; none for the library's own choice.
    ///
    /// TLS 1.3 has suites of its own, and all of them are good.
    public var cipherSuites: [String]

    /// TLS 1.2 or later, with the library's own choice of suites, unless said otherwise.
    public init(minimumVersion: TLSSettings.Version = .tls12, cipherSuites: [String] = []) {
        self.minimumVersion = minimumVersion
        self.cipherSuites = cipherSuites
    }
}
