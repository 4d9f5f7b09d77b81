public import Outbound

/// Where a Kubernetes API server is and how to log in to it.
public struct KubeConfiguration: Sendable, Hashable {
    /// Something that is written down here, or in a file that may change while we run.
    public enum Material: Sendable, Hashable {
        /// The text itself.
        case text(Secret<String>)
        /// The path of a file; read again at most once a minute.
        case file(String)
    }

    /// The address, with a path where the server stands behind a proxy such as Rancher's.
    public var server: WebAddress
    /// The namespace that is meant where none is said.
    public var namespace: String
    /// PEM certificates to trust; `nil` for the system's.
    public var authorities: Material?
    /// The name that the server's certificate must have, if not the address's host.
    public var serverName: String?
    /// Trust any certificate, because the user said so.
    public var skipsVerification: Bool
    /// How to log in.
    public var identity: Identity
    /// How files are read.
    public var files: TextFiles

    /// Makes a configuration.
    public init(
        server: WebAddress,
        namespace: String = "default",
        authorities: Material? = nil,
        serverName: String? = nil,
        skipsVerification: Bool = false,
        identity: Identity = Identity(),
        files: TextFiles = .disk
    ) {
        self.server = server
        self.namespace = namespace
        self.authorities = authorities
        self.serverName = serverName
        self.skipsVerification = skipsVerification
        self.identity = identity
        self.files = files
    }

    /// The ways to log in.
    ///
    /// A certificate is shown beside a token; a token wins over a plug-in, a plug-in over a password.
    public struct Identity: Sendable, Hashable {
        /// PEM certificate chain.
        public var certificate: Material?
        /// PEM key of ``certificate``.
        public var privateKey: Material?
        /// A bearer token.
        public var token: Material?
        /// A user name; with ``password``.
        public var user: String?
        /// The password of ``user``.
        public var password: Secret<String>?
        /// A program that gives a token or a certificate.
        public var plugin: ExecPlugin?

        /// Nobody in particular.
        public init(
            certificate: Material? = nil,
            privateKey: Material? = nil,
            token: Material? = nil,
            user: String? = nil,
            password: Secret<String>? = nil,
            plugin: ExecPlugin? = nil
        ) {
            self.certificate = certificate
            self.privateKey = privateKey
            self.token = token
            self.user = user
            self.password = password
            self.plugin = plugin
        }
    }
}
