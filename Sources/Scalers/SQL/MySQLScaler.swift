internal import KubeModel
internal import Outbound
public import ScalerKit

/// Asks a MySQL or MariaDB database for one number.
///
/// - Source: KEDA, `pkg/scalers/mysql_scaler.go`.
public struct MySQLScaler: Scaler {
    static let query = Field("query", .text, help: "SQL that gives one row with one number.")
    static let target = Field(
        "queryValue",
        .number,
        help: "How much of the query's value one pod handles; more than 0."
    )
    static let activation = Field(
        "activationQueryValue",
        .number,
        default: 0,
        help: "The workload wakes above this value."
    )
    static let connection = Field<Secret<String>?>
        .optional(
            "connectionString",
            from: [.authentication, .environment],
            .secret,
            help: "DSN of Go's driver, such as `user:password@tcp(host:3306)/db?tls=true`; not a URI."
        )
    static let user = Field<String?>
        .optional(
            "username",
            from: [.metadata, .authentication, .environment],
            .text,
            help: "User to connect as."
        )
    static let password = Field<Secret<String>?>
        .optional("password", from: [.authentication, .environment], .secret, help: "Password of `username`.")
    static let host = part("host", "Server to connect to.")
    static let port = part("port", "Its port; 3306 if it is left out.")
    static let database = part("dbName", "Database to connect to; it stands in the metric's name.")

    /// `mysql` and its settings.
    public static let schema = ScalerSchema(
        "mysql",
        "Scales by the number that a MySQL or MariaDB query gives.",
        [query, target, activation, connection, host, port, user, password, database],
        example: [
            "query": "SELECT COUNT(*) FROM jobs WHERE state = 'queued'", "queryValue": "5",
            "connectionStringFromEnv": "DATABASE_DSN",
        ],
        retired: ["metricName"]
    )

    /// What is asked.
    private let query: String
    /// How much one pod handles.
    private let target: Quantity
    /// Above what the workload wakes.
    private let activation: Double
    /// Where it is asked: a DSN.
    private let connection: Secret<String>
    /// What stands in the metric's name.
    private let slug: String

    /// Takes the settings; the connection as a whole, or in its parts.
    public init(_ settings: ScalerSettings) throws {
        self.query = try settings[Self.query]
        self.activation = try settings[Self.activation]
        self.target = try Target.quantity(try settings[Self.target], of: Self.target, in: settings)
        let given = try settings[Self.connection]
        self.connection = try given ?? Self.connection(from: settings)
        do {
            _ = try connection.withValue { text throws(OutboundError) in try MySQLDataSource(parsing: text) }
        } catch {
            throw SettingsError(given == nil ? Self.host.name : Self.connection.name, error.summary)
        }
        // KEDA takes all that follows, parameters too.
        let end = given?.withValue { text in text.lastIndex(of: "/").map { String(text[text.index(after: $0)...]) } }
        self.slug = try (end ?? nil) ?? settings[Self.database] ?? ""
    }

    /// One metric.
    public func measures(_ world: ScalerWorld) -> [Measure] {
        [.external(name: "mysql-\(slug)", target: target)]
    }

    /// Runs the query and reads the one number of its first row.
    public func read(_ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        let question = SQLQuery(query, on: connection, of: .mysql, deadline: world.timeout)
        let value = try await world.sql.run(question).number()
        return Reading(value: value, isActive: value > activation)
    }

    /// The DSN made of host, port, user, password and database.
    ///
    /// KEDA checks for none of them, and then connects to nothing.
    private static func connection(from settings: ScalerSettings) throws -> Secret<String> {
        guard let host = try settings[host] else {
            throw SettingsError("host", "no host given: \"connectionString\" or \"host\" is needed")
        }
        let address = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        let server = "tcp(\(address):\(try settings[port] ?? "3306"))"
        let database = FormEncoding.encode(try settings[database] ?? "").replacing("+", with: "%20")
        let user = try settings[user] ?? ""
        guard !user.contains(":") else {
            throw SettingsError("username", "parameter \"username\" must not contain a colon")
        }
        return (try settings[password] ?? "").map { "\(user):\($0)@\(server)/\(database)" }
    }

    /// A part of the connection.
    private static func part(_ name: String, _ help: String) -> Field<String?> {
        .optional(name, from: [.metadata, .authentication], .text, help: help)
    }
}
