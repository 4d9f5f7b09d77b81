import ArgumentParser
import Foundation
import Logging
import Telemetry

/// `--log-level` and `--log-format`.
struct LogOptions: ParsableArguments {
    @Option(
        help: "The least serious level that is logged: \(names(of: Logger.Level.self)); info unless given.",
        transform: choice
    )
    var logLevel = Logger.Level.info

    @Option(help: "How log lines look: \(names(of: LogFormat.self)); text unless given.", transform: choice)
    var logFormat = LogFormat.text

    /// A logger that writes to standard error.
    ///
    /// - Parameters:
    ///   - label: which part of the program logs.
    ///   - floor: the least serious level that is logged whatever the user asks for.
    /// - Returns: a logger.
    func logger(_ label: String, atLeast floor: Logger.Level = .trace) -> Logger {
        Logger(label: label) { label in
            LineLogHandler(label: label, format: logFormat, level: max(logLevel, floor), now: { Date() })
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
