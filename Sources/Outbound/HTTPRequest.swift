/// One outgoing HTTP request as a value; an ``HTTPTransport`` sends it.
public struct HTTPRequest: Sendable, Hashable {
    /// The request methods that Swell uses.
    public enum Method: String, Sendable, Hashable {
        case get = "GET"
        case head = "HEAD"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// A header that is safe to show.
    public struct Header: Sendable, Hashable {
        /// Its name, compared without case.
        public var name: String
        /// Its value, as sent.
        public var value: String

        /// Makes a header.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Credentials in the `Authorization` header.
    public enum Authorization: Sendable, Hashable {
        /// RFC 7617. The password may be empty.
        case basic(user: String, password: Secret<String>)
        /// RFC 6750.
        case bearer(Secret<String>)
    }

    /// What is done.
    public var method: Method
    /// To what.
    ///
    /// Built from components; carries no credentials, unless ``hidesTarget`` is set.
    public var url: WebAddress
    /// Whether path and query hold something that must not be shown, such as an API key.
    public var hidesTarget = false
    /// Sent in this order, after the transport's own.
    ///
    /// Without the secret ones.
    public var headers: [Header]
    /// Headers whose values are secrets, such as `X-API-KEY`.
    public var secretHeaders: [String: Secret<String>]
    /// Credentials, if any.
    public var authorization: Authorization?
    /// The body; empty for none.
    public var body: [UInt8]
    /// Whom to trust and who we are.
    public var tls: TLSSettings
    /// From the call to the end of the head; for ``HTTPTransport/collect(_:upTo:)`` to the end of the body.
    public var deadline: Duration
    /// From when ``deadline`` counts; `nil` for the call itself.
    ///
    /// For who knows an earlier moment and must not write past the end: nothing of a request is sent once it is over.
    public var begun: ContinuousClock.Instant?
    /// Longest silence within a streamed body; `nil` waits for ever.
    public var idleLimit: Duration?

    /// Makes a request with nothing but a method and an address; 3 s, as KEDA's default.
    ///
    /// - Source: KEDA, environment variable `KEDA_HTTP_DEFAULT_TIMEOUT`.
    public init(
        _ method: Method = .get,
        _ url: WebAddress,
        headers: [Header] = [],
        secretHeaders: [String: Secret<String>] = [:],
        authorization: Authorization? = nil,
        body: [UInt8] = [],
        tls: TLSSettings = TLSSettings(),
        deadline: Duration = .seconds(3),
        begun: ContinuousClock.Instant? = nil,
        idleLimit: Duration? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.secretHeaders = secretHeaders
        self.authorization = authorization
        self.body = body
        self.tls = tls
        self.deadline = deadline
        self.begun = begun
        self.idleLimit = idleLimit
    }
}

/// Whom a TLS connection trusts and what it presents; connections are re-used only between equal settings.
public struct TLSSettings: Sendable, Hashable {
    /// The oldest protocol version that is accepted.
    public enum Version: String, Sendable, Hashable {
        case tls10 = "TLS10"
        case tls11 = "TLS11"
        case tls12 = "TLS12"
        case tls13 = "TLS13"
    }

    /// PEM certificates to trust instead of the system's; `nil` for the system's.
    ///
    /// What the transport itself trusts comes on top of either.
    public var authorities: String?
    /// PEM certificate chain that we present.
    public var certificate: String?
    /// PEM private key of ``certificate``.
    public var privateKey: Secret<String>?
    /// Password of ``privateKey``, if it is encrypted.
    public var privateKeyPassword: Secret<String>?
    /// The name to ask for and to verify instead of the URL's host.
    public var serverName: String?
    /// Accept any certificate.
    ///
    /// Only where a user has asked for it (`unsafeSsl`).
    public var skipsVerification: Bool
    /// The oldest version accepted; `nil` for the transport's own rule.
    public var minimumVersion: Version?

    /// The system's authorities, no certificate of our own, the transport's rule for versions.
    public init(
        authorities: String? = nil,
        certificate: String? = nil,
        privateKey: Secret<String>? = nil,
        privateKeyPassword: Secret<String>? = nil,
        serverName: String? = nil,
        skipsVerification: Bool = false,
        minimumVersion: Version? = nil
    ) {
        self.authorities = authorities
        self.certificate = certificate
        self.privateKey = privateKey
        self.privateKeyPassword = privateKeyPassword
        self.serverName = serverName
        self.skipsVerification = skipsVerification
        self.minimumVersion = minimumVersion
    }
}
