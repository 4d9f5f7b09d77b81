#if MariaDB
import CMariaDB
import Foundation
import Outbound

/// A connection of MariaDB Connector/C; its calls block.
///
/// Closed when its last owner lets go of it.
///
/// Not by the library's calls that do not block: its TLS handshake blocks nevertheless, and its coroutines must not go
/// on on another thread.
///
/// Unchecked, because the library's object must not be used by two threads at a time, and the compiler cannot see that
/// it is not: a connection has one owner, which hands it on and forgets it (pool or blocking call). A caller that gives
/// up a blocking call only calls ``shutDown()``, which touches nothing but the socket.
final class LibMariaDBConnection: @unchecked Sendable {
    /// The library's object.
    let raw: UnsafeMutablePointer<MYSQL>
    /// What `poll` may watch: a second descriptor of the socket, as the library closes its own when it gives up.
    let socket: Int32
    /// Must not be shown.
    private let source: MySQLDataSource
    /// Whether the server waits for the next query.
    var isClean = false
    /// The time after which the server ends a query, as it was told.
    var timeLimit: Duration?

    /// Connects.
    ///
    /// Blocks for as long as the limit, or longer where the server answers little by little.
    ///
    /// - Parameters:
    ///   - source: what the connection string says.
    ///   - host: an address, or a name if the certificate is to be for it; `nil` for a socket.
    ///   - authorities: a file with certificates; `nil` for OpenSSL's own.
    ///   - limit: rounded up to seconds.
    /// - Throws: ``OutboundError``.
    init(_ source: MySQLDataSource, host: String?, authorities: String?, limit: Duration) throws(OutboundError) {
        guard Self.isReady, let raw = mysql_init(nil) else { throw OutboundError(.overloaded, "memory has run out") }
        self.source = source
        ConnectOptions(source, authorities: authorities, limit: limit).apply(to: raw)
        let (port, path): (UInt32, String?) =
            switch source.address {
            case .tcp(_, let port): (UInt32(port), nil)
            case .socket(let path): (0, path)
            }
        let database = source.database.isEmpty ? nil : source.database
        let opened = source.password.withValue {
            mysql_real_connect(raw, host, source.user, $0, database, port, path, ConnectOptions.flags(source))
        }
        guard opened != nil else {
            let error = Self.refusal(of: raw, source).asConnectError
            mysql_close(raw)
            throw error
        }
        self.raw = raw
        self.socket = fcntl(mysql_get_socket(raw), F_DUPFD_CLOEXEC, 0)
        guard socket >= 0 else { throw OutboundError(.overloaded, "no file descriptor is left") }
        // The library takes TLS that is only asked for as a wish.
        guard source.tls != .unverified || mysql_get_ssl_cipher(raw) != nil else {
            throw OutboundError(.tls, "the database does not offer TLS, which the connection string asks for")
        }
        isClean = true
    }

    deinit {
        // Else the library would wait for the rest of an answer.
        if !isClean { shutDown() }
        mysql_close(raw)
        close(socket)
    }

    /// Ends every call that waits for the server, now and later.
    func shutDown() {
        shutdown(socket, Int32(SHUT_RDWR))
    }

    /// Whether the server has said something that nobody has read.
    var hasUnreadBytes: Bool {
        // They may be on their way; a connection that has ended says so at once.
        var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 500) > 0 else { return false }
        var byte: UInt8 = 0
        return recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) > 0
    }

    /// Whether the server calls itself MariaDB.
    var isMariaDB: Bool { mariadb_connection(raw) != 0 }

    /// The library's last complaint.
    var refusal: ServerRefusal { Self.refusal(of: raw, source) }

    /// The library's last complaint, without the password unless it is so short or so ordinary that it tells nothing.
    private static func refusal(of raw: UnsafeMutablePointer<MYSQL>, _ source: MySQLDataSource) -> ServerRefusal {
        let message = String(cString: mysql_error(raw))
        let shown = source.password.withValue { password in
            password.utf8.count >= 4 && ![source.user, source.database].contains(password)
                ? message.replacing(password, with: "<redacted>") : message
        }
        return ServerRefusal(number: mysql_errno(raw), state: String(cString: mysql_sqlstate(raw)), message: shown)
    }

    /// Whether the library could be made ready, which is tried once.
    private static let isReady = mysql_server_init(0, nil, nil) == 0
}
#endif
