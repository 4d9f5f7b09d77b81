#if MariaDB
import Outbound
import OutboundSQL

/// Opens connections: finds addresses, tries one after another, each within its share of the time.
struct MariaDBConnector: Sendable {
    /// Finds addresses.
    let names: NameResolver
    /// Runs the library's connecting calls, which block, at most one at a time for a connection string.
    let connects: BlockingCalls<Secret<String>>
    /// Runs the calls of open connections.
    let calls: BlockingCalls<ObjectIdentifier>
    /// A file with certificates; `nil` for OpenSSL's own.
    let authorities: String?

    /// Opens a connection and makes it ready for queries.
    ///
    /// The key is the connection string as written.
    func open(
        _ source: MySQLDataSource,
        key: Secret<String>,
        deadline: ContinuousClock.Instant
    ) async throws -> MariaDBConnection {
        // The library would take the name of the user that this process runs as.
        guard !source.user.isEmpty else {
            throw OutboundError(.invalidRequest, "the connection string names no user")
        }
        let (hosts, addresses) = try await hosts(of: source, deadline)
        let library = try await firstSuccess(hosts, deadline) { host, share in
            let limit = source.timeout.map { min(share, ContinuousClock.now.advanced(by: $0)) } ?? share
            let late = OutboundError(
                .timedOut,
                "the database did not accept a connection in time",
                detail: "address \(host ?? "of a socket")"
            )
            let handle = SocketHandle()
            do {
                return try await withDeadline(limit, orThrow: late) {
                    try await connects.runOrExplain(key) {
                        let left = ContinuousClock.now.duration(to: limit)
                        let options = ConnectOptions(
                            source,
                            authorities: authorities,
                            limit: left,
                            addresses: addresses
                        )
                        return try LibMariaDBConnection(source, host: host, options, handle)
                    }
                }
            } catch {
                // The library may still wait for the server.
                handle.shutDown()
                throw error
            }
        }
        let connection = MariaDBConnection(library, calls, SessionSetUp(source))
        try await connection.begin(deadline)
        return connection
    }

    /// What to try: addresses; `nil` for a socket; the name itself where the certificate is to be for it, as the library
    /// compares with what it connects to.
    ///
    /// That name has just been found, so the library finds it without a long wait; it tries all addresses by itself.
    ///
    /// - Returns: what to try, and how many addresses each of them has.
    private func hosts(
        of source: MySQLDataSource,
        _ deadline: ContinuousClock.Instant
    ) async throws -> (hosts: [String?], addresses: Int) {
        guard case .tcp(let host, _) = source.address else { return ([nil], 1) }
        let addresses = try await names.addresses(of: host, deadline: deadline)
        return source.tls == .verified ? ([host], addresses.count) : (addresses, 1)
    }
}
#endif
