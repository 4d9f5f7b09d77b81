public import Outbound

extension CurlTransport {
    /// Bounds of a transport.
    public struct Settings: Sendable, Hashable {
        /// Requests that may run or wait at once; one more is `.overloaded`.
        public var transferLimit: Int
        /// Connections to one host, open or in the making.
        ///
        /// Each streamed request holds one; what goes beyond waits.
        public var connectionsPerHost: Int
        /// Connections in all.
        public var connectionLimit: Int
        /// Connections kept for later.
        public var idleConnectionLimit: Int
        /// How long an idle connection is kept, in whole seconds.
        ///
        /// - Source: KEDA's chart, `http.idleConnTimeout`: 90 s.
        public var idleConnectionLifetime: Duration
        /// Whether a connection serves more than one request (`KEDA_HTTP_DISABLE_KEEP_ALIVE`).
        public var keepsConnections: Bool
        /// How long sent bytes may go without an acknowledgement before their connection counts as dead.
        ///
        /// The kernel's own patience is a quarter of an hour, and all requests that share an HTTP/2 connection would
        /// wait with it, each to its deadline and in vain.
        public var acknowledgementLimit: Duration
        /// How long the addresses of a name are remembered, in whole seconds.
        public var nameLifetime: Duration
        /// How old and how weak TLS may be; a request may ask for a newer or an older version.
        public var tls: TLSPolicy
        /// Unread bytes of a stream at which its server is held back.
        public var streamWindow: Int

        /// Bounds that suit an operator with some thousand triggers.
        public init(
            transferLimit: Int = 2048,
            connectionsPerHost: Int = 64,
            connectionLimit: Int = 512,
            idleConnectionLimit: Int = 256,
            idleConnectionLifetime: Duration = .seconds(90),
            keepsConnections: Bool = true,
            acknowledgementLimit: Duration = .seconds(20),
            nameLifetime: Duration = .seconds(10),
            tls: TLSPolicy = TLSPolicy(),
            streamWindow: Int = 64 * 1024
        ) {
            self.transferLimit = transferLimit
            self.connectionsPerHost = connectionsPerHost
            self.connectionLimit = connectionLimit
            self.idleConnectionLimit = idleConnectionLimit
            self.idleConnectionLifetime = idleConnectionLifetime
            self.keepsConnections = keepsConnections
            self.acknowledgementLimit = acknowledgementLimit
            self.nameLifetime = nameLifetime
            self.tls = tls
            self.streamWindow = streamWindow
        }
    }
}
