public import Foundation
public import Logging

/// Writes each record as one line; a swift-log back end.
///
/// Secrets need no filter here: a `Secret` describes itself as `<redacted>` before it gets this far.
public struct LineLogHandler: LogHandler {
    /// Which part of the program logs.
    private let label: String
    /// How lines look.
    private let format: LogFormat
    /// How they tell when.
    private let time: LogTime
    /// The wall clock.
    private let now: @Sendable () -> Date
    /// Takes a whole line; called from any thread.
    private let write: @Sendable (String) -> Void
    /// The least serious level that is written.
    public var logLevel: Logger.Level
    /// Goes with every record of this logger.
    public var metadata: Logger.Metadata = [:]
    /// Adds what the task knows.
    public var metadataProvider: Logger.MetadataProvider?

    /// Makes a handler.
    ///
    /// - Parameters:
    ///   - label: which part of the program logs.
    ///   - format: how lines look.
    ///   - time: how they tell when.
    ///   - level: the least serious level that is written.
    ///   - now: the wall clock.
    ///   - write: takes a whole line; standard error where nothing else is given.
    public init(
        label: String,
        format: LogFormat,
        time: LogTime = .iso8601,
        level: Logger.Level = .info,
        now: @escaping @Sendable () -> Date,
        write: @escaping @Sendable (String) -> Void = StandardError.write
    ) {
        self.label = label
        self.format = format
        self.time = time
        self.logLevel = level
        self.now = now
        self.write = write
    }

    /// Writes one record; the record's own metadata wins over the logger's.
    public func log(event: LogEvent) {
        var all = metadataProvider?.get() ?? [:]
        all.merge(metadata) { _, own in own }
        all.merge(event.metadata ?? [:]) { _, own in own }
        if let error = event.error { all["error"] = "\(String(reflecting: error))" }
        let record = LogRecord(time: now(), level: event.level, message: event.message.description, metadata: all)
        write(format.line(record, label: label, time: time))
    }

    /// One entry of ``metadata``.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
}

/// Standard error.
public enum StandardError {
    /// Writes a text in as few system calls as the kernel allows, so that lines of several threads do not mix.
    ///
    /// A log that cannot be written has nowhere to be reported: the rest of the line is lost.
    @Sendable public static func write(_ text: String) {
        var rest = ArraySlice(Array(text.utf8))
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
