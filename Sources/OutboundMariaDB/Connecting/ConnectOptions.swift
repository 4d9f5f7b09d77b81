#if MariaDB
import CMariaDB
import Outbound

/// What the library is told before it connects.
///
/// It reads no option files, gives the server no files of ours, and takes no packet above 1 MiB.
struct ConnectOptions {
    /// What the connection string says.
    private let source: MySQLDataSource
    /// A file with certificates; `nil` for OpenSSL's own.
    private let authorities: String?
    /// Most seconds for connecting to an address, and for each wait while doing so.
    let seconds: UInt32

    /// Most bytes of a packet, which is what holds a row.
    static let mostBytes: UInt = 1 << 20

    /// Collects the options.
    ///
    /// - Parameters:
    ///   - source: what the connection string says.
    ///   - authorities: a file with certificates; `nil` for OpenSSL's own.
    ///   - limit: of all addresses together, each of which gets its share, rounded up to seconds.
    ///   - addresses: how many addresses the library tries.
    init(_ source: MySQLDataSource, authorities: String?, limit: Duration, addresses: Int) {
        self.source = source
        self.authorities = authorities
        self.seconds = Self.seconds(limit / addresses)
    }

    /// The capabilities to offer.
    static func flags(_ source: MySQLDataSource) -> UInt {
        (1 << 17) | (source.allowsMultipleStatements ? 1 << 16 : 0)  // CLIENT_MULTI_RESULTS, CLIENT_MULTI_STATEMENTS
    }

    /// Tells the library.
    func apply(to raw: UnsafeMutablePointer<MYSQL>) {
        set(raw, MYSQL_OPT_CONNECT_TIMEOUT, seconds)
        if let limit = source.readTimeout { set(raw, MYSQL_OPT_READ_TIMEOUT, Self.seconds(limit)) }
        if let limit = source.writeTimeout { set(raw, MYSQL_OPT_WRITE_TIMEOUT, Self.seconds(limit)) }
        set(raw, MYSQL_OPT_LOCAL_INFILE, UInt32(0))
        set(raw, MYSQL_OPT_MAX_ALLOWED_PACKET, Self.mostBytes)
        set(raw, MYSQL_OPT_RECONNECT, CChar(0))
        // Answers are read as UTF-8, unless the user wants something else.
        mysql_options(raw, MYSQL_SET_CHARSET_NAME, "utf8mb4")
        mysql_options(raw, MARIADB_OPT_RESTRICTED_AUTH, ways)
        if case .tcp = source.address {
            // Else `localhost` would mean a socket.
            set(raw, MYSQL_OPT_PROTOCOL, MYSQL_PROTOCOL_TCP.rawValue)
        }
        // Whatever is not said, versions of the library take differently. The first is no more than a wish.
        set(raw, MYSQL_OPT_SSL_ENFORCE, CChar(source.tls == .off ? 0 : 1))
        set(raw, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, CChar(source.tls == .verified ? 1 : 0))
        if source.tls == .unverified { cmariadb_require_tls(raw) }
        if source.tls == .verified, let authorities { mysql_options(raw, MYSQL_OPT_SSL_CA, authorities) }
    }

    /// The ways of authentication that the server may ask for.
    private var ways: String {
        var ways = ["caching_sha2_password", "sha256_password", "client_ed25519"]
        if source.allowsNativePasswords { ways.append("mysql_native_password") }
        if source.allowsCleartextPasswords { ways.append("mysql_clear_password") }
        if source.allowsOldPasswords { ways.append("mysql_old_password") }
        return ways.joined(separator: ",")
    }

    /// Sets one option.
    private func set<Value: BitwiseCopyable>(
        _ raw: UnsafeMutablePointer<MYSQL>,
        _ option: mysql_option,
        _ value: Value
    ) {
        _ = withUnsafePointer(to: value) { mysql_options(raw, option, $0) }
    }

    /// Whole seconds, which is all that the library knows; never 0, which would be none.
    private static func seconds(_ limit: Duration) -> UInt32 {
        UInt32(min(max((limit / Duration.seconds(1)).rounded(.up), 1), 86_400))
    }
}
#endif
