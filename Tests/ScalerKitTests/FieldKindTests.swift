import KubeModel
import Outbound
import ScalerKit
import Scaling
import Testing

@Suite struct FieldKindTests {
    /// What is wrong with a text, for a field of this kind.
    static func problem(_ kind: FieldKind<some Sendable>, _ text: String) -> String? {
        Field("x", kind, help: "A setting.").problem(with: text)
    }

    @Test(arguments: ["0", "5", "-1", "9007199254740993"])
    func `integers are read as JSON writes them`(text: String) {
        #expect(Self.problem(.integer(), text) == nil)
    }

    @Test(arguments: ["05", "+5", "5.0", "1e3", "1_000", "", "five", "99999999999999999999", "0x10"])
    func `other texts are no integers`(text: String) {
        #expect(Self.problem(.integer(), text) != nil)
    }

    @Test(arguments: ["0", "-1.5", "1e3", "1E-3", "0.5"])
    func `numbers are read as JSON writes them`(text: String) {
        #expect(Self.problem(.number, text) == nil)
    }

    @Test(arguments: [".5", "5.", "+5", "NaN", "Infinity", "1e999", "05", "1,5"])
    func `other texts are no numbers`(text: String) {
        #expect(Self.problem(.number, text) != nil)
    }

    @Test(arguments: [("1", true), ("T", true), ("True", true), ("0", false), ("f", false), ("FALSE", false)])
    func `truth values are read as Go reads them`(text: String, value: Bool) throws {
        #expect(try FieldKind.boolean.parse(text) == value)
        #expect(Self.problem(.boolean, "yes") != nil)
        #expect(Self.problem(.boolean, "tRUE") != nil)
    }

    @Test(arguments: [
        ("30s", Duration.seconds(30)), ("1m30s", .seconds(90)), ("1.5h", .seconds(5400)), ("300ms", .milliseconds(300)),
        ("250", .milliseconds(250)), ("0", .zero), ("+2s", .seconds(2)), (".5s", .milliseconds(500)),
    ])
    func `durations are read as Go writes them, bare numbers as milliseconds`(text: String, value: Duration) throws {
        #expect(try FieldKind.duration.parse(text) == value)
    }

    @Test(arguments: ["", "s", "5", "5 s", "1d", "-5s", "-5", "1m30", "1..5s", "9999999999h"])
    func `other texts are no durations`(text: String) {
        #expect((Self.problem(.duration, text) == nil) == (text == "5"))
    }

    @Test func `maps are pairs between commas`() throws {
        #expect(try FieldKind.map.parse("a=b, c = d") == ["a": "b", "c": "d"])
        #expect(Self.problem(.map, "a=b=c") != nil)
        #expect(Self.problem(.map, "a") != nil)
    }

    @Test func `defaults are shown as people would write them`() {
        #expect(Field("x", .map, default: ["b": "2", "a": "1"], help: "").defaultText == "a=1,b=2")
        #expect(Field("x", .map, default: [:], help: "").defaultText == nil)
        #expect(Field("x", .list, default: ["a", "b"], help: "").defaultText == "a,b")
        let duration = Field("x", .duration, default: .seconds(90), help: "")
        #expect(duration.defaultText.map { duration.problem(with: $0) == nil } == true)
        #expect(Field("x", .integer(), default: 5, help: "").defaultText == "5")
    }

    @Test func `enumerations are exact and name their choices`() {
        #expect(Self.problem(.oneOf("json", "yaml"), "json") == nil)
        #expect(Self.problem(.oneOf("json", "yaml"), "JSON") == "must be one of json, yaml")
    }

    @Test func `problems of addresses, zones and schedules say what is allowed`() {
        #expect(Self.problem(.address, "prometheus:9090")?.contains("http://") == true)
        #expect(Self.problem(.timeZone, "Europe/Madrit")?.contains("IANA") == true)
        #expect(Self.problem(.cron, "@daily")?.contains("five fields") == true)
        #expect(Self.problem(.selector, "a==b=c") != nil)
    }
}
