import Outbound
import ScalerKit
import Testing

/// A scaler that refuses equal limits.
private struct DemoScaler: Scaler {
    static let query = Field("query", from: [.metadata, .environment], .text, help: "What is asked.")
    static let low = Field("low", from: [.authentication, .metadata], .integer(), default: 0, help: "Least.")
    static let high = Field("high", or: "max", from: [.metadata], .integer(), default: 9, help: "Most.")
    static let schema = ScalerSchema("demo", "A demo.", [query, low, high])

    init(_ settings: ScalerSettings) throws {
        guard try settings[Self.low] < settings[Self.high] else { throw SettingsError("high", "must be above low") }
    }

    func measures(_ world: ScalerWorld) -> [Measure] { [] }
    func read(_ measure: Measure, _ world: ScalerWorld) -> Reading { Reading(value: 0, isActive: false) }
}

@Suite struct DeclaredSettingsTests {
    static let missing = "query: missing required parameter \"query\" in [triggerMetadata resolvedEnv]"

    @Test(
        arguments: [
            (["query": "q"], .none, []),
            ([:], .none, [missing]),
            (["query": " "], .none, [missing]),
            (["queryFromEnv": "Q"], .none, []),
            (["queryFromEnv": ""], .none, [missing]),
            (
                ["low": "x", "max": "y"], .none,
                [
                    missing, "low: parameter \"low\" must be a whole number such as 5",
                    "max: parameter \"max\" must be a whole number such as 5",
                ]
            ),
            (["query": "q", "low": "5", "high": "5"], .none, ["high: must be above low"]),
            (["queryFromEnv": "Q", "low": "5", "high": "5"], .none, []),
            (["query": "q", "low": "5", "high": "5"], .unknown, []),
            (["query": "q", "low": "x"], .unknown, []),
            (["query": "q", "low": "x"], .named(["low"]), []),
            (["query": "q", "low": "5", "high": "5"], .named(["token"]), ["high: must be above low"]),
        ] as [([String: String], DeclaredSettings.Parameters, [String])]
    )
    func `only what is certain is told`(
        metadata: [String: String],
        authentication: DeclaredSettings.Parameters,
        expected: [String]
    ) {
        let declared = DeclaredSettings(metadata: metadata, authentication: authentication)
        let problems = ScalerRegistry([DemoScaler.self]).problems(of: "demo", in: declared)
        #expect(problems.map { "\($0.field): \($0.message)" } == expected)
    }

    @Test func `nothing more is said of settings that cannot be used, or of types that are not here`() {
        let registry = ScalerRegistry([DemoScaler.self])
        #expect(registry.problems(of: "demo", in: DeclaredSettings(metadata: [:], unreadable: ["query"])).isEmpty)
        #expect(
            registry.problems(of: "demo", in: DeclaredSettings(metadata: [:], unreadable: ["queryFromEnv"])).isEmpty
        )
        #expect(registry.problems(of: "other", in: DeclaredSettings(metadata: [:])).isEmpty)
    }
}
