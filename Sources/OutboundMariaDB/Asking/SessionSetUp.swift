import Outbound

/// What is said to a server before the first query of a session.
struct SessionSetUp: Equatable {
    /// Statements of which the first that the server takes is enough; none, if there is nothing to say.
    let names: [String]
    /// `SET` for the variables of the connection string, if it has any.
    let variables: String?
    /// Whether the user limits the time of statements; then we leave it alone.
    let limitsTime: Bool

    /// Derives the statements.
    ///
    /// - Source: Go's `go-sql-driver/mysql`, `connector.go` and `connection.go`.
    init(_ source: MySQLDataSource) {
        let collation = source.collation.map { " COLLATE \($0)" } ?? ""
        // A collation begins with the name of its character set.
        let charsets =
            source.charsets.isEmpty
            ? source.collation.map { [String($0.prefix { $0 != "_" })] } ?? [] : source.charsets
        self.names = charsets.map { "SET NAMES \($0)\(collation)" }
        self.variables = source.assignments.isEmpty ? nil : "SET \(source.assignments.joined(separator: ","))"
        self.limitsTime = source.assignments.contains { assignment in
            ["max_statement_time", "max_execution_time"].contains { assignment.lowercased().contains($0) }
        }
    }

    /// The statement by which a server ends queries after some time.
    ///
    /// - Parameters:
    ///   - limit: rounded up to milliseconds.
    ///   - isMariaDB: MySQL has another variable, in another unit.
    /// - Returns: the statement; servers older than MariaDB 10.1 and MySQL 5.7.8 do not know it.
    static func timeLimit(_ limit: Duration, isMariaDB: Bool) -> String {
        let milliseconds = Int64(min(max((limit / Duration.milliseconds(1)).rounded(.up), 1), 31_536_000_000))
        return isMariaDB
            ? "SET SESSION max_statement_time=\(Double(milliseconds) / 1000)"
            : "SET SESSION max_execution_time=\(milliseconds)"
    }
}
