import Outbound
import ScalerKit
import Testing

@Suite struct ScalerSettingsTests {
    static let query = Field("query", .text, help: "What is asked.")
    static let target = Field("target", .number, help: "How much a pod handles.")
    static let limit = Field(
        "limit",
        or: "max",
        from: [.authentication, .metadata],
        .integer(in: 1...9),
        default: 5,
        help: "Most."
    )
    static let token = Field<Secret<String>?>
        .optional(
            "token",
            from: [.authentication, .environment],
            .secret,
            help: "A token."
        )
    static let schema = ScalerSchema("demo", "A demo.", [query, target, limit, token], retired: ["metricName"])

    @Test func `values come from the first source that has them, aliases before the next source`() throws {
        let texts = SettingTexts(
            metadata: ["query": " q ", "target": "2.5", "limit": "3", "tokenFromEnv": "TOKEN"],
            environment: ["TOKEN": "from-env"],
            authentication: ["max": "7"]
        )
        let settings = try ScalerSettings(Self.schema, texts)
        #expect(try settings[Self.query] == "q")
        #expect(try settings[Self.target] == 2.5)
        #expect(try settings[Self.limit] == 7)
        #expect(try settings[Self.token]?.withValue { $0 } == "from-env")
    }

    @Test func `absent and empty settings take their default`() throws {
        let settings = try ScalerSettings(
            Self.schema,
            SettingTexts(metadata: ["query": "q", "target": "1", "limit": "  "])
        )
        #expect(try settings[Self.limit] == 5)
        #expect(try settings[Self.token] == nil)
        #expect(!settings.has(Self.limit))
    }

    @Test func `all problems are told at once, and no value is repeated`() throws {
        let canary = "canary-4711"
        let texts = SettingTexts(metadata: ["target": canary], authentication: ["limit": Secret(canary)])
        let error = #expect(throws: SettingsError.self) { try ScalerSettings(Self.schema, texts) }
        #expect(error?.problems.map(\.field) == ["query", "target", "limit"])
        #expect(error?.description.contains("missing required parameter \"query\" in [triggerMetadata]") == true)
        #expect(error?.description.contains(canary) == false)
        #expect(error.map { String(reflecting: $0).contains(canary) } == false)
    }

    @Test func `a setting that is required is not asked of a place that may not have it`() {
        let texts = SettingTexts(metadata: [:], authentication: ["query": "q", "target": "1"])
        #expect(throws: SettingsError.self) { try ScalerSettings(Self.schema, texts) }
    }

    @Test func `unknown keys are named with the nearest known one`() {
        let unknown = Self.schema.unknownKeys(in: [
            "qurey": "", "query": "", "tokenFromEnv": "", "token": "", "metricName": "", "zzz": "", "MAX": "",
        ])
        #expect(unknown.map(\.key) == ["MAX", "qurey", "token", "zzz"])
        #expect(unknown.map(\.nearest) == ["max", "query", nil, nil])
    }

    @Test func `an unknown type is answered with the nearest one`() {
        let registry = ScalerRegistry([])
        #expect(registry.unknownType("x") == "no scaler found for type: x")
        #expect(throws: SettingsError.self) { try registry.make("x", SettingTexts(metadata: [:])) }
    }
}
