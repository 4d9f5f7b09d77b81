import ArgumentParser
import Foundation
import Logging
import Telemetry

/// `--log-level`, `--log-format` and `--log-time`.
struct LogOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The least serious level that is logged: \(names(of: Logger.Level.self)); info unless given.",
            valueName: "level"
        ),
        transform: choice
    )
    var logLevel = Logger.Level.info

    @Option(help: "How log lines look: \(names(of: LogFormat.self)); text unless given.", transform: choice)
    var logFormat = LogFormat.text

    @Option(
        help: ArgumentHelp(
            "How log lines tell when they were made: \(names(of: LogTime.self)); iso8601 unless given.",
            valueName: "time"
        ),
        transform: choice
    )
    var logTime = LogTime.iso8601

    /// A logger that writes to standard error.
    ///
    /// - Parameters:
    ///   - label: which part of the program logs.
    ///   - floor: the least serious level that is logged whatever the user asks for.
    /// - Returns: a logger.
    func logger(_ label: String, atLeast floor: Logger.Level = .trace) -> Logger {
        Logger(label: label) { label in
            LineLogHandler(
                label: label,
                format: logFormat,
                time: logTime,
                level: max(logLevel, floor),
                now: { Date() }
            )
        }
    }

    /// All names of an enumeration, for a help text.
    private static func names<Choice: CaseIterable & RawRepresentable<String>>(of type: Choice.Type) -> String {
        type.allCases.map(\.rawValue).joined(separator: ", ")
    }

    /// Reads one of an enumeration's names.
    @Sendable private static func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ text: String
    ) throws -> Choice {
        guard let choice = Choice(rawValue: text) else {
            throw ValidationError("\"\(text)\" is none of \(names(of: Choice.self))")
        }
        return choice
    }
}

extension Logger {
    /// A logger for service groups, which describe every service they start and stop: at great length, and nobody has
    /// looked at what might be in it.
    static func lifecycle(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }
}
