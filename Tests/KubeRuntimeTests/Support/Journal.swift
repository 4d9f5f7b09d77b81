import Synchronization

/// What has happened, in order.
final class Journal: Sendable {
    /// See above.
    private let lines = Mutex<[String]>([])
    /// Adds a line.
    func note(_ line: String) { lines.withLock { $0.append(line) } }
    /// All of them.
    var all: [String] { lines.withLock { $0 } }
}
