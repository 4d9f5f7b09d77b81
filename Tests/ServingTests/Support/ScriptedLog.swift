import Foundation
import Logging
import Synchronization
import Telemetry

/// A log that keeps its lines.
final class ScriptedLog: Sendable {
    /// See ``lines``.
    private let kept = Mutex<[String]>([])

    /// What has been logged.
    var lines: [String] { kept.withLock { $0 } }

    /// Writes into it.
    var logger: Logger {
        Logger(label: "test") { label in
            LineLogHandler(label: label, format: .text, now: { Date() }) { line in
                self.kept.withLock { $0.append(line) }
            }
        }
    }
}
