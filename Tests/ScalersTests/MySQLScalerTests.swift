import KubeModel
import Outbound
import ScalerKit
import Scalers
import TestKit
import Testing

@Suite struct MySQLScalerTests {
    static let settings = ["query": "SELECT 1", "queryValue": "2.2", "activationQueryValue": "5"]
    static let connection: [String: Secret<String>] = ["connectionString": "u:p@tcp(h)/d"]

    /// A world whose database tells with which connection it was asked.
    static let telling = ScalerWorld.testing(sql: { query in
        throw ScalerError(.noValue, "\(query.server) \(query.connection.withValue { $0 })")
    })

    /// The DSN with which a scaler of some settings asks.
    static func connection(
        _ metadata: [String: String],
        _ authentication: [String: Secret<String>] = [:],
        environment: [String: Secret<String>] = [:]
    ) async throws -> String? {
        let scaler = try MySQLScaler.make(
            settings.merging(metadata) { $1 },
            authentication,
            environment: environment
        )
        do {
            _ = try await scaler.readOnly(telling)
            return nil
        } catch let error as ScalerError {
            return error.summary
        }
    }

    @Test(arguments: [("6", 6.0, true), ("5", 5, false), ("4.5", 4.5, false), (" 7 ", 7, true), ("1e3", 1000, true)])
    func `the first row's number is the value`(text: String, value: Double, isActive: Bool) async throws {
        let scaler = try MySQLScaler.make(Self.settings, Self.connection)
        let answer = SQLResult(columns: [.init(name: "n", kind: .text)], firstRow: [text])
        #expect(
            try await scaler.readOnly(.testing(sql: { _ in answer })) == Reading(value: value, isActive: isActive)
        )
    }

    @Test(arguments: [
        (SQLResult(columns: [.init(name: "n", kind: .number)], firstRow: [nil]), "NULL"),
        (SQLResult(columns: [.init(name: "n", kind: .number)], firstRow: nil), "no row"),
        (SQLResult(columns: [], firstRow: nil), "one column, it gives 0"),
        (SQLResult(columns: [.init(name: "n", kind: .other("datetime"))], firstRow: ["2026-01-01"]), "datetime"),
    ])
    func `anything else is an error that says what came`(answer: SQLResult, message: String) async throws {
        let scaler = try MySQLScaler.make(Self.settings, Self.connection)
        let error = await #expect(throws: ScalerError.self) {
            try await scaler.readOnly(.testing(sql: { _ in answer }))
        }
        #expect(error?.description.contains(message) == true)
    }

    @Test(arguments: [
        ("u:p@tcp(h)/airflow", "mysql-airflow"), ("u:p@tcp(h)/a?tls=true", "mysql-a?tls=true"),
        ("u:p@tcp(h)/a?loc=Europe%2FParis", "mysql-a?loc=Europe%2FParis"), ("u:p@tcp(h)/", "mysql-"),
    ])
    func `the metric is named after what follows the last slash`(dsn: String, name: String) throws {
        let scaler = try MySQLScaler.make(Self.settings, ["connectionString": Secret(dsn)])
        #expect(scaler.measures(.testing()) == [.external(name: name, target: Quantity(milli: 2200))])
    }

    @Test func `the connection comes whole from authentication or environment`() async throws {
        #expect(try await Self.connection([:], Self.connection) == "mysql u:p@tcp(h)/d")
        let variable = ["connectionStringFromEnv": "DSN"]
        #expect(try await Self.connection(variable, environment: ["DSN": "e@tcp(h)/d"]) == "mysql e@tcp(h)/d")
        #expect(throws: SettingsError.self) {
            try MySQLScaler.make(Self.settings.merging(["connectionString": "u:p@tcp(h)/d"]) { $1 })
        }
    }

    @Test(arguments: [
        (["host": "db", "port": "3307", "username": "u", "dbName": "d"], "u:p@tcp(db:3307)/d"),
        (["host": "db"], ":p@tcp(db:3306)/"), (["host": "::1", "username": "u"], "u:p@tcp([::1]:3306)/"),
        (["host": "db", "username": "u", "dbName": "a/b c"], "u:p@tcp(db:3306)/a%2Fb%20c"),
    ])
    func `the connection is put together from its parts`(metadata: [String: String], dsn: String) async throws {
        #expect(try await Self.connection(metadata, ["password": "p"]) == "mysql \(dsn)")
        let scaler = try MySQLScaler.make(Self.settings.merging(metadata) { $1 })
        #expect(
            scaler.measures(.testing())
                == [.external(name: "mysql-\(metadata["dbName"] ?? "")", target: Quantity(milli: 2200))]
        )
    }

    @Test(
        arguments: [
            ([:], [:], "no host given"),
            (["host": "db", "username": "a:b"], [:], "\"username\" must not contain a colon"),
            (["host": "db/x"], [:], "host"), (["host": "db", "port": "x"], [:], "port"),
            ([:], ["connectionString": "mysql://u:p@h:3306/d"], "write user:password@tcp(host:3306)/database"),
            ([:], ["connectionString": "u:p@h:3306/d"], "names no network"),
            (["queryValue": "0"], connection, "queryValue"),
        ] as [([String: String], [String: Secret<String>], String)]
    )
    func `what cannot work is refused at once`(
        metadata: [String: String],
        authentication: [String: Secret<String>],
        message: String
    ) {
        let error = #expect(throws: SettingsError.self) {
            try MySQLScaler.make(Self.settings.merging(metadata) { $1 }, authentication)
        }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test(
        arguments: [
            (settings, connection, [:]),
            (settings.merging(["connectionStringFromEnv": "DSN"]) { $1 }, [:], ["DSN": "u:p@tcp(h)/d"]),
            (
                settings.merging([
                    "host": "db", "port": "3306", "username": "u", "dbName": "d", "passwordFromEnv": "PW",
                ]) { $1 }, [:], ["PW": "p"]
            ),
        ] as [([String: String], [String: Secret<String>], [String: Secret<String>])]
    )
    func `keeps the scaler contract`(
        metadata: [String: String],
        authentication: [String: Secret<String>],
        environment: [String: Secret<String>]
    ) async throws {
        try await ScalerContract.verify(
            MySQLScaler.self,
            valid: metadata,
            authentication: authentication,
            environment: environment,
            sql: { _ in SQLResult(columns: [.init(name: "n", kind: .number)], firstRow: ["6"]) },
            shown: ["dbName"]
        )
    }
}
