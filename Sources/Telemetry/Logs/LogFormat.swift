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
    public func line(_ record: LogRecord, label: String) -> String {
        switch self {
        case .text: record.text(label: label)
        case .json: record.json(label: label)
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
    fileprivate func text(label: String) -> String {
        var line = "\(stamp) \(level.rawValue) \(label): \(LogEscape.plain(message))"
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " \(LogEscape.plain(key))=\(LogEscape.token(value.description))"
        }
        return line + "\n"
    }

    /// `{"ts":…,"level":…,"logger":…,"msg":…}`, then the metadata; a key of ours is never overwritten.
    fileprivate func json(label: String) -> String {
        var members = [("ts", stamp), ("level", level.rawValue), ("logger", label), ("msg", message)]
            .map { "\(LogEscape.quoted($0.0)):\(LogEscape.quoted($0.1))" }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            let name = ["ts", "level", "logger", "msg"].contains(key) ? "_" + key : key
            members.append("\(LogEscape.quoted(name)):\(value.json)")
        }
        return "{\(members.joined(separator: ","))}\n"
    }

    /// RFC 3339, UTC, milliseconds.
    private var stamp: String {
        time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
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
