#if MariaDB
import CMariaDB
import Foundation
import Outbound

/// A connection of MariaDB Connector/C; its calls block.
///
/// Closed when its last owner lets go of it.
///
/// Only connecting goes by the library's calls that do not block, and on one thread, so that ``SocketHandle`` knows the
/// socket from the beginning.
///
/// Unchecked, because the library's object must not be used by two threads at a time, and the compiler cannot see that
/// it is not: a connection has one owner, which hands it on and forgets it (pool or blocking call). A caller that gives
/// up a blocking call only shuts the ``handle`` down, which touches nothing but the socket.
final class LibMariaDBConnection: @unchecked Sendable {
    /// The library's object.
    let raw: UnsafeMutablePointer<MYSQL>
    /// Ends its calls.
    let handle: SocketHandle
    /// Must not be shown.
    private let source: MySQLDataSource
    /// Whether the server waits for the next query.
    var isClean = false
    /// Whether the server may have begun with the query that was asked last.
    var mayHaveRun = false
    /// What has not been read yet of an answer.
    var rest: UnsafeMutablePointer<MYSQL_RES>?
    /// The time after which the server ends a query, as it was told.
    var timeLimit: Duration?

    /// Enough for looking up a name and for a handshake, which run on it.
    private static let stackBytes = 256 << 10

    /// Connects.
    ///
    /// Blocks for as long as the limit, or longer where the server answers little by little, until it is shut down.
    ///
    /// - Parameters:
    ///   - source: what the connection string says.
    ///   - host: an address, or a name if the certificate is to be for it; `nil` for a socket.
    ///   - options: what else the library is told.
    ///   - handle: gets each socket before it is waited for.
    /// - Throws: ``OutboundError``.
    init(_ source: MySQLDataSource, host: String?, _ options: ConnectOptions, _ handle: SocketHandle)
        throws(OutboundError)
    {
        guard Self.isReady, let raw = mysql_init(nil) else { throw OutboundError(.overloaded, "memory has run out") }
        self.raw = raw
        self.source = source
        self.handle = handle
        // It is all there from here on, so whatever is thrown closes it.
        guard withUnsafePointer(to: Self.stackBytes, { mysql_options(raw, MYSQL_OPT_NONBLOCK, $0) }) == 0 else {
            throw OutboundError(.overloaded, "memory has run out")
        }
        options.apply(to: raw)
        guard connect(host) else { throw refusal.asConnectError }
        handle.take(Int32(mysql_get_socket(raw)))
        guard handle.descriptor >= 0 else { throw OutboundError(.overloaded, "no file descriptor is left") }
        isClean = true
    }

    /// Connects.
    ///
    /// - Returns: whether the server took it; else ``refusal`` says why.
    private func connect(_ host: String?) -> Bool {
        let (port, path): (UInt32, String?) =
            switch source.address {
            case .tcp(_, let port): (UInt32(port), nil)
            case .socket(let path): (0, path)
            }
        let database = source.database.isEmpty ? nil : source.database
        let flags = ConnectOptions.flags(source)
        let context = Unmanaged.passUnretained(handle).toOpaque()
        OpenSSLErrors.clear()
        return source.password.withValue { password in
            cmariadb_connect(
                raw,
                host,
                source.user,
                password,
                database,
                port,
                path,
                flags,
                { context, socket in
                    guard let context else { return }
                    Unmanaged<SocketHandle>.fromOpaque(context).takeUnretainedValue().take(socket)
                },
                context
            )
        } != nil
    }

    deinit {
        // Else the library would wait for the rest of an answer.
        if !isClean { handle.shutDown() }
        if let rest { mysql_free_result(rest) }
        mysql_close(raw)
    }

    /// Whether the connection came to its end while nobody used it: an idle server says nothing else.
    var hasEnded: Bool {
        var waiting = pollfd(fd: handle.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, 0) != 0
    }

    /// Whether the server has said something that nobody has read.
    var hasUnreadBytes: Bool {
        // They may be on their way; a connection that has ended says so at once.
        var waiting = pollfd(fd: handle.descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 500) > 0 else { return false }
        var byte: UInt8 = 0
        return recv(handle.descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) > 0
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
