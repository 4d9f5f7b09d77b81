/// Asks databases one question at a time; `OutboundPostgres` and `OutboundMariaDB` are the real ones.
public protocol SQLClient: Sendable {
    /// Runs one read query and gives what came first.
    ///
    /// - Throws: ``OutboundError``: `.unauthorized` for refused credentials, `.rejected` for a refused query,
    ///   `.timedOut` when ``SQLQuery/deadline`` passes (the query is then cancelled on the server).
    func run(_ query: SQLQuery) async throws -> SQLResult
}

/// One question to one database.
public struct SQLQuery: Sendable, Hashable {
    /// The kinds of servers that there are.
    public enum Server: Sendable, Hashable {
        /// PostgreSQL and what speaks like it.
        case postgresql
        /// MySQL, MariaDB and what speaks like them.
        case mysql
    }

    /// Who is asked.
    public var server: Server
    /// Where: for PostgreSQL a URI or keyword string as libpq reads it, SQLAlchemy schemes included; for MySQL a DSN as
    /// ``MySQLDataSource`` reads it.
    ///
    /// Equal texts share a pool.
    public var connection: Secret<String>
    /// What: one statement.
    public var text: String
    /// Waiting for a connection, connecting and running, all together.
    public var deadline: Duration

    /// Makes a question.
    public init(
        _ text: String,
        on connection: Secret<String>,
        of server: Server = .postgresql,
        deadline: Duration
    ) {
        self.server = server
        self.text = text
        self.connection = connection
        self.deadline = deadline
    }
}

/// What a query gave: its columns and its first row.
///
/// Further rows are neither kept nor counted.
public struct SQLResult: Sendable, Hashable {
    /// A column of the answer.
    public struct Column: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// What its values are.
        public var kind: Kind

        /// Makes a column.
        public init(name: String, kind: Kind) {
            self.name = name
            self.kind = kind
        }
    }

    /// The kinds of values that a scaler tells apart.
    public enum Kind: Sendable, Hashable {
        /// Integers, floats, numeric, money-free.
        case number
        /// Text of any length.
        case text
        /// Anything else, with the server's name or number for it (`bool`, `timestamptz`, `oid 600`).
        case other(String)
    }

    /// In the order of the query.
    public var columns: [Column]
    /// The first row's values as text, NULL as `nil`; `nil` when there is no row.
    public var firstRow: [String?]?

    /// Makes an answer.
    public init(columns: [Column], firstRow: [String?]?) {
        self.columns = columns
        self.firstRow = firstRow
    }
}
