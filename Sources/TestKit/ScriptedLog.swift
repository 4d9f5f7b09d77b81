import Foundation
public import Logging
import Synchronization
import Telemetry

/// A log that keeps its lines.
public final class ScriptedLog: Sendable {
    /// See ``lines``.
    private let kept = Mutex<[String]>([])

    /// Nothing has been logged.
    public init() {}

    /// What has been logged, debugging apart.
    public var lines: [String] { kept.withLock { $0 } }

    /// Writes into it.
    public var logger: Logger {
        Logger(label: "test") { label in
            LineLogHandler(label: label, format: .text, now: { Date(timeIntervalSince1970: 0) }) { line in
                self.kept.withLock { $0.append(line) }
            }
        }
    }
}
