import KubeModel
import Outbound
import ScalerKit
import Scalers
import TestKit
import Testing

@Suite struct PostgreSQLScalerTests {
    static let settings = ["query": "SELECT 1", "targetQueryValue": "2.2", "activationTargetQueryValue": "5"]
    static let connection: [String: Secret<String>] = ["connection": "postgresql://u:p@h/d"]

    /// A world whose database tells with which connection it was asked.
    static let telling = ScalerWorld.testing(sql: { query in
        throw ScalerError(.noValue, query.connection.withValue { $0 })
    })

    /// A result of one column and one row.
    static func one(_ kind: SQLResult.Kind, _ value: String?) -> SQLResult {
        SQLResult(columns: [.init(name: "v", kind: kind)], firstRow: [value])
    }

    @Test(arguments: [
        (one(.number, "6"), 6.0, true), (one(.number, "5"), 5, false), (one(.number, "4.5"), 4.5, false),
        (one(.text, " 7 "), 7, true), (one(.number, "-3"), -3, false), (one(.number, "1e3"), 1000, true),
    ])
    func `the first row's number is the value`(result: SQLResult, value: Double, isActive: Bool) async throws {
        let scaler = try PostgreSQLScaler.make(Self.settings, Self.connection)
        #expect(
            try await scaler.readOnly(.testing(sql: { _ in result })) == Reading(value: value, isActive: isActive)
        )
    }

    @Test(arguments: [
        (one(.number, nil), "NULL"), (one(.number, "NaN"), "nan"), (one(.text, "Infinity"), "inf"),
        (one(.text, "many"), "no number"), (one(.other("bool"), "t"), "bool"),
        (SQLResult(columns: [.init(name: "a", kind: .number)], firstRow: nil), "no row"),
        (
            SQLResult(
                columns: [.init(name: "a", kind: .number), .init(name: "b", kind: .number)],
                firstRow: ["1", "2"]
            ),
            "one column, it gives 2"
        ),
    ])
    func `anything else is an error that says what came`(result: SQLResult, message: String) async throws {
        let scaler = try PostgreSQLScaler.make(Self.settings, Self.connection)
        let error = await #expect(throws: ScalerError.self) {
            try await scaler.readOnly(.testing(sql: { _ in result }))
        }
        #expect(error?.description.contains(message) == true)
    }

    @Test func `the metric is named and its target keeps three decimals`() throws {
        let scaler = try PostgreSQLScaler.make(Self.settings, Self.connection)
        #expect(
            scaler.measures(.testing()) == [.external(name: "postgresql", target: Quantity(milli: 2200))]
        )
    }

    @Test func `the connection comes whole from authentication or environment, never from metadata`() async throws {
        let fromEnvironment = try PostgreSQLScaler.make(
            Self.settings.merging(["connectionFromEnv": "DB"]) { $1 },
            environment: ["DB": "from-env"]
        )
        await #expect(throws: ScalerError(.noValue, "from-env")) {
            try await fromEnvironment.readOnly(Self.telling)
        }
        #expect(throws: SettingsError.self) {
            try PostgreSQLScaler.make(Self.settings.merging(["connection": "postgresql://x/y"]) { $1 })
        }
    }

    @Test func `the connection is put together from its parts, quoted where needed`() async throws {
        let scaler = try PostgreSQLScaler.make(
            Self.settings.merging([
                "host": "db.shop", "port": "5432", "userName": "it's me", "dbName": #"a\b"#, "sslmode": "require",
            ]) { $1 },
            ["password": "p w"]
        )
        let expected = #"host=db.shop port=5432 user='it\'s me' dbname='a\\b' sslmode=require password='p w'"#
        await #expect(throws: ScalerError(.noValue, expected)) {
            try await scaler.readOnly(Self.telling)
        }
    }

    @Test func `a part that is missing is named`() {
        let error = #expect(throws: SettingsError.self) {
            try PostgreSQLScaler.make(Self.settings.merging(["host": "h", "port": "1"]) { $1 })
        }
        #expect(error?.description.contains("no userName given") == true)
    }

    @Test(arguments: [nil, "0", "-1", "0.0001"])
    func `a target above 0 is needed unless the trigger feeds a formula`(target: String?) throws {
        var settings = Self.settings
        settings["targetQueryValue"] = target
        #expect(throws: SettingsError.self) { try PostgreSQLScaler.make(settings, Self.connection) }
        _ = try PostgreSQLScaler.make(settings, Self.connection, feedsFormula: true)
    }

    @Test(
        arguments: [
            (settings, connection, [:]),
            (settings.merging(["connectionFromEnv": "DB"]) { $1 }, [:], ["DB": "postgresql://u:p@h/d"]),
            (
                settings.merging([
                    "host": "db", "port": "5432", "userName": "u", "dbName": "d", "sslmode": "require",
                    "passwordFromEnv": "PW",
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
            PostgreSQLScaler.self,
            valid: metadata,
            authentication: authentication,
            environment: environment,
            sql: { _ in Self.one(.number, "6") }
        )
    }
}
