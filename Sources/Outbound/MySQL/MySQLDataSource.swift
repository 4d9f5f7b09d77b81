/// Where a MySQL or MariaDB server is and how to talk to it: what a DSN of Go's driver says.
public struct MySQLDataSource: Sendable, Hashable {
    /// Where the server listens.
    public enum Address: Sendable, Hashable {
        /// A name or an address, IPv6 without brackets, and a port.
        case tcp(host: String, port: UInt16)
        /// The path of a Unix socket.
        case socket(path: String)
    }

    /// How TLS is used.
    public enum TLS: Sendable, Hashable {
        /// Not at all.
        case off
        /// If the server has it, with any certificate.
        case preferred
        /// Always, with any certificate.
        case unverified
        /// Always, with a certificate for the host by an authority that is trusted.
        case verified
    }

    /// Where the server listens.
    public var address: Address
    /// Empty for the anonymous user.
    public var user = ""
    /// As it stands in the DSN: nothing in it is decoded.
    public var password: Secret<String> = ""
    /// Empty for none.
    public var database = ""
    /// How TLS is used.
    public var tls = TLS.off
    /// Whether `mysql_native_password` may be used.
    public var allowsNativePasswords = true
    /// Whether the password may be sent as it is.
    public var allowsCleartextPasswords = false
    /// Whether the way of before MySQL 4.1 may be used.
    public var allowsOldPasswords = false
    /// Whether the query may hold several statements.
    public var allowsMultipleStatements = false
    /// Most time for connecting to one address.
    public var timeout: Duration?
    /// Most time without a byte from the server.
    public var readTimeout: Duration?
    /// Most time without a byte to the server.
    public var writeTimeout: Duration?
    /// Character sets for the session; the first that the server knows counts.
    public var charsets: [String] = []
    /// For the session.
    public var collation: String?
    /// Session variables as `SET` takes them: `time_zone='+00:00'`.
    public var assignments: [String] = []

    /// A server with all else as the driver has it by default.
    public init(address: Address) {
        self.address = address
    }
}
