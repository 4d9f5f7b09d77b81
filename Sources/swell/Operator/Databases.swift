import Outbound
import OutboundMariaDB
import OutboundPostgres
import OutboundSQL

/// The databases that triggers ask, each kind by its own client.
final class Databases: SQLClient {
    /// PostgreSQL.
    private let postgres: PostgresClient
    #if MariaDB
    /// MySQL and MariaDB.
    private let mysql: MariaDBClient
    #endif

    /// Clients without connections.
    ///
    /// - Throws: `.overloaded` when the process has no file descriptors left.
    init(environment: [String: String]) throws(OutboundError) {
        let names = NameResolver()
        // First, because it keeps OpenSSL from cleaning up at exit under calls that are still going on.
        self.postgres = try PostgresClient(PostgresSettings(environment: environment), names: names)
        #if MariaDB
        self.mysql = try MariaDBClient(MariaDBSettings(environment: environment), names: names)
        #endif
    }

    /// Runs one query.
    func run(_ query: SQLQuery) async throws -> SQLResult {
        switch query.server {
        case .postgresql: return try await postgres.run(query)
        case .mysql:
            #if MariaDB
            return try await mysql.run(query)
            #else
            throw OutboundError(
                .invalidRequest,
                "this swell was built without MySQL: use the image, or build it with `swift build --traits MariaDB`"
            )
            #endif
        }
    }

    /// Takes no more queries, waits for those that run (each has a deadline) and closes the connections.
    func close() async {
        await postgres.close()
        #if MariaDB
        await mysql.close()
        #endif
    }
}
