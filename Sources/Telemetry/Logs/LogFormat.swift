public import Foundation
public import Logging

/// How log records are written, one line each: `--log-format`.
public enum LogFormat: String, Sendable, CaseIterable {
    /// For people: time, level, logger, message, `key=value`.
    case text
    /// For machines: one JSON object.
    case json

    /// Writes one record, with the line feed at its end and no other control character.
    ///
    /// The label says which part of the program tells it.
    public func line(_ record: LogRecord, label: String, time: LogTime = .iso8601) -> String {
        switch self {
        case .text: record.text(label: label, time)
        case .json: record.json(label: label, time)
        }
    }
}

/// How log records tell when they were made: `--log-time`.
///
/// - Source: zap, `zapcore/encoder.go`, for the names and what they mean.
public enum LogTime: String, Sendable, CaseIterable {
    /// UTC with milliseconds, `2026-06-16T10:48:17.250Z`.
    case iso8601
    /// UTC without a fraction.
    case rfc3339
    /// UTC with as many digits as there are.
    case rfc3339nano
    /// Seconds since 1970, with a fraction.
    case epoch
    /// Milliseconds since 1970.
    case millis
    /// Nanoseconds since 1970.
    case nano

    /// The time as a text; in JSON it is a number where ``isNumber`` says so.
    func stamp(_ time: Date) -> String {
        let seconds = time.timeIntervalSince1970
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: self == .iso8601)
        switch self {
        case .iso8601, .rfc3339: return time.formatted(style)
        case .rfc3339nano:
            // A `Date` of today has microseconds at best.
            let micros = Int64((seconds * 1e6).rounded())
            let fraction = String(format: "%06lld", ((micros % 1_000_000) + 1_000_000) % 1_000_000)
            let digits = String(fraction.reversed().drop { $0 == "0" }.reversed())
            let whole = Date(timeIntervalSince1970: (Double(micros) / 1e6).rounded(.down)).formatted(style)
            return digits.isEmpty ? whole : "\(whole.dropLast()).\(digits)Z"
        case .epoch: return String(format: "%.6f", seconds)
        case .millis: return String(Int64((seconds * 1e3).rounded(.down)))
        case .nano: return String(Int64((seconds * 1e6).rounded()) * 1000)
        }
    }

    /// Whether JSON has a number for it.
    var isNumber: Bool {
        switch self {
        case .epoch, .millis, .nano: true
        case .iso8601, .rfc3339, .rfc3339nano: false
        }
    }
}

/// One thing that was logged, as a value.
public struct LogRecord: Sendable {
    /// When.
    public var time: Date
    /// How serious.
    public var level: Logger.Level
    /// What happened.
    public var message: String
    /// To what, in any order; lines sort them.
    public var metadata: Logger.Metadata

    /// Makes a record.
    public init(time: Date, level: Logger.Level, message: String, metadata: Logger.Metadata = [:]) {
        self.time = time
        self.level = level
        self.message = message
        self.metadata = metadata
    }
}

extension LogRecord {
    /// `2026-06-16T10:48:17.123Z info operator: scaled object=shop/web replicas=3`.
    fileprivate func text(label: String, _ format: LogTime) -> String {
        var line = "\(format.stamp(time)) \(level.rawValue) \(label): \(LogEscape.plain(message))"
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " \(LogEscape.plain(key))=\(LogEscape.token(value.description))"
        }
        return line + "\n"
    }

    /// `{"ts":…,"level":…,"logger":…,"msg":…}`, then the metadata; a key of ours is never overwritten.
    fileprivate func json(label: String, _ format: LogTime) -> String {
        let stamp = format.stamp(time)
        var members = ["\"ts\":\(format.isNumber ? stamp : LogEscape.quoted(stamp))"]
        members += [("level", level.rawValue), ("logger", label), ("msg", message)]
            .map { "\(LogEscape.quoted($0.0)):\(LogEscape.quoted($0.1))" }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            let name = ["ts", "level", "logger", "msg"].contains(key) ? "_" + key : key
            members.append("\(LogEscape.quoted(name)):\(value.json)")
        }
        return "{\(members.joined(separator: ","))}\n"
    }
}

extension Logger.MetadataValue {
    /// As JSON; what is not a list or a dictionary is a text.
    fileprivate var json: String {
        switch self {
        case .string(let text): LogEscape.quoted(text)
        case .stringConvertible(let value): LogEscape.quoted(value.description)
        case .array(let values): "[\(values.map(\.json).joined(separator: ","))]"
        case .dictionary(let members):
            "{\(members.sorted { $0.key < $1.key }.map { "\(LogEscape.quoted($0.key)):\($0.value.json)" }.joined(separator: ","))}"
        }
    }
}
