internal import Foundation
internal import KubeModel
internal import Outbound
public import ScalerKit

/// Asks a PostgreSQL database for one number.
///
/// - Source: KEDA, `pkg/scalers/postgresql_scaler.go`.
public struct PostgreSQLScaler: Scaler {
    static let query = Field("query", .text, help: "SQL that gives one row with one number.")
    static let target = Field<Double?>
        .optional(
            "targetQueryValue",
            .number,
            help: "How much of the query's value one pod handles; more than 0."
        )
    static let activation = Field(
        "activationTargetQueryValue",
        .number,
        default: 0,
        help: "The workload wakes above this value."
    )
    static let connection = Field<Secret<String>?>
        .optional(
            "connection",
            from: [.authentication, .environment],
            .secret,
            help: "URI or keyword string, such as `postgresql://user:password@host:5432/db?sslmode=require`."
        )
    static let host = part("host", "Server to connect to.")
    static let port = part("port", "Its port.")
    static let user = part("userName", "User to connect as.")
    static let database = part("dbName", "Database to connect to.")
    static let sslMode = part("sslmode", "How TLS is used, such as `require` or `verify-full`.")
    static let password = Field<Secret<String>?>
        .optional(
            "password",
            from: [.authentication, .environment],
            .secret,
            help: "Password of `userName`."
        )

    /// `postgresql` and its settings.
    public static let schema = ScalerSchema(
        "postgresql",
        "Scales by the number that a PostgreSQL query gives.",
        [query, target, activation, connection, host, port, user, database, sslMode, password],
        example: [
            "query": "SELECT count(*) FROM jobs WHERE state = 'queued'", "targetQueryValue": "5",
            "connectionFromEnv": "DATABASE_URL",
        ],
        retired: ["metricName"]
    )

    /// What is asked.
    private let query: String
    /// How much one pod handles.
    private let target: Quantity
    /// Above what the workload wakes.
    private let activation: Double
    /// Where it is asked.
    private let connection: Secret<String>

    /// Takes the settings; the connection as a whole, or in all its parts.
    public init(_ settings: ScalerSettings) throws {
        self.query = try settings[Self.query]
        self.activation = try settings[Self.activation]
        let target = try settings[Self.target]
        guard settings.feedsFormula || (target ?? 0) != 0 else {
            throw SettingsError("targetQueryValue", "no targetQueryValue given")
        }
        self.target = try Target.quantity(target ?? 0, of: Self.target, in: settings)
        self.connection = try settings[Self.connection] ?? Self.connection(from: settings)
    }

    /// One metric.
    public func measures(_ world: ScalerWorld) -> [Measure] {
        [.external(name: "postgresql", target: target)]
    }

    /// Runs the query and reads the one number of its first row.
    public func read(_ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        let value = try await world.sql.run(SQLQuery(query, on: connection, deadline: world.timeout)).number()
        return Reading(value: value, isActive: value > activation)
    }

    /// The keyword string made of the five parts and the password.
    private static func connection(from settings: ScalerSettings) throws -> Secret<String> {
        var pairs: [String] = []
        for (field, keyword) in [
            (host, "host"), (port, "port"), (user, "user"), (database, "dbname"), (sslMode, "sslmode"),
        ] {
            guard let value = try settings[field] else {
                throw SettingsError(
                    field.name,
                    "no \(field.name) given: \"connection\" or all of host, port, userName, dbName and sslmode are needed"
                )
            }
            pairs.append("\(keyword)=\(quoted(value))")
        }
        let start = pairs.joined(separator: " ")
        guard let password = try settings[password] else { return Secret(start) }
        return password.map { "\(start) password=\(quoted($0))" }
    }

    /// A value as libpq's keyword strings take it.
    private static func quoted(_ value: String) -> String {
        let escaped = value.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        return escaped.isEmpty || escaped.contains(where: { $0.isWhitespace || $0 == "'" || $0 == "\\" })
            ? "'\(escaped)'" : escaped
    }

    /// A part of the connection.
    private static func part(_ name: String, _ help: String) -> Field<String?> {
        .optional(name, from: [.authentication, .metadata], .text, help: help)
    }
}
