import Foundation
import Logging
import Synchronization
import Telemetry
import Testing

@Suite struct LogLineTests {
    /// 2026-06-16T10:48:17.250Z.
    static let time = Date(timeIntervalSince1970: 1_781_606_897.25)

    @Test func `text is one line for people`() {
        let record = LogRecord(
            time: Self.time,
            level: .warning,
            message: "cannot read",
            metadata: ["object": "shop/web", "reason": "no \"table\" here", "empty": ""]
        )
        #expect(
            LogFormat.text.line(record, label: "operator")
                == #"2026-06-16T10:48:17.250Z warning operator: cannot read empty="" object=shop/web reason="no \"table\" here""#
                + "\n"
        )
    }

    @Test func `JSON is one object, our keys cannot be overwritten`() throws {
        let record = LogRecord(
            time: Self.time,
            level: .info,
            message: "scaled",
            metadata: ["msg": "other", "list": ["a", "b"], "map": ["k": "v\n"]]
        )
        #expect(
            LogFormat.json.line(record, label: "operator")
                == #"{"ts":"2026-06-16T10:48:17.250Z","level":"info","logger":"operator","msg":"scaled","#
                + #""list":["a","b"],"map":{"k":"v\n"},"_msg":"other"}"# + "\n"
        )
    }

    @Test(
        arguments: [
            (.iso8601, "2026-06-16T10:48:17.250Z", #""2026-06-16T10:48:17.250Z""#),
            (.rfc3339, "2026-06-16T10:48:17Z", #""2026-06-16T10:48:17Z""#),
            (.rfc3339nano, "2026-06-16T10:48:17.25Z", #""2026-06-16T10:48:17.25Z""#),
            (.epoch, "1781606897.250000", "1781606897.250000"), (.millis, "1781606897250", "1781606897250"),
            (.nano, "1781606897250000000", "1781606897250000000"),
        ] as [(LogTime, String, String)]
    )
    func `the time is told as zap tells it`(format: LogTime, text: String, json: String) {
        let record = LogRecord(time: Self.time, level: .info, message: "m")
        #expect(LogFormat.text.line(record, label: "x", time: format) == "\(text) info x: m\n")
        #expect(LogFormat.json.line(record, label: "x", time: format).hasPrefix("{\"ts\":\(json),\"level\""))
    }

    @Test(arguments: [(0, "17Z"), (0.000_001, "17.000001Z"), (0.999_999, "17.999999Z")])
    func `nanoseconds are told as far as a date has them`(fraction: Double, end: String) {
        let record = LogRecord(time: Date(timeIntervalSince1970: 1_781_606_897 + fraction), level: .info, message: "m")
        let line = LogFormat.text.line(record, label: "x", time: .rfc3339nano)
        #expect(line == "2026-06-16T10:48:\(end) info x: m\n")
    }

    @Test(arguments: LogFormat.allCases)
    func `no message can begin a line of its own or move a terminal's cursor`(format: LogFormat) throws {
        let nasty = "a\nb\r\u{0}\u{1B}[2J\u{7F}\u{85}\u{2028}c\u{9B}"
        let record = LogRecord(time: Self.time, level: .info, message: nasty, metadata: [nasty: "\(nasty)"])
        let line = format.line(record, label: "x")
        #expect(line.hasSuffix("\n"))
        let inner = line.dropLast().unicodeScalars
        #expect(inner.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) && $0 != "\u{2028}" })
        if format == .json {
            let parsed = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
            #expect(parsed?["msg"] == nasty)
            #expect(parsed?[nasty] == nasty)
        }
    }

    @Test func `a handler writes what is serious enough, with the metadata of logger, call and error`() {
        let lines = Mutex<[String]>([])
        let keep: @Sendable (String) -> Void = { line in lines.withLock { $0.append(line) } }
        var handler = LineLogHandler(label: "x", format: .text, level: .info, now: { Self.time }, write: keep)
        handler[metadataKey: "object"] = "web"
        let fixed = handler
        var logger = Logger(label: "x", factory: { _ in fixed })
        logger.debug("unseen")
        logger.info("seen", metadata: ["object": "worker", "n": "1"])
        logger.logLevel = .debug
        logger.debug("seen too")
        #expect(
            lines.withLock { $0 } == [
                "2026-06-16T10:48:17.250Z info x: seen n=1 object=worker\n",
                "2026-06-16T10:48:17.250Z debug x: seen too object=web\n",
            ]
        )
    }
}
