import Logging
import Synchronization

/// Logs what is new about each ``BundleHolder``, and not what was told last.
final class HolderLog: Sendable {
    /// What is known of one holder.
    private struct Past {
        /// What was told last.
        var text: String?
        /// How often it has failed in a row, with one authority.
        var failures = 0
        /// That authority, PEM.
        var authority: String?
    }

    /// By holder, of which there are few.
    private let pasts = Mutex<[BundleHolder: Past]>([:])
    /// Where to log.
    private let logger: Logger

    /// Nothing has been told.
    init(_ logger: Logger) {
        self.logger = logger
    }

    /// Logs a text unless it was the last one.
    func tell(_ level: Logger.Level, _ text: String, about holder: BundleHolder) {
        let former = pasts.withLock { pasts in
            defer { pasts[holder] = Past(text: text) }
            return pasts[holder]?.text
        }
        if former != text { logger.log(level: level, "\(holder): \(text)") }
    }

    /// Logs the second failure in a row, once for each authority.
    ///
    /// A first one may be a write that somebody else was faster than.
    func failed(_ holder: BundleHolder, authority: String, _ error: any Error) {
        let failures = pasts.withLock { pasts in
            var past = pasts[holder] ?? Past()
            if past.authority != authority { (past.failures, past.authority) = (0, authority) }
            past.failures += 1
            pasts[holder] = past
            return past.failures
        }
        logger.log(
            level: failures == 2 ? .warning : .debug,
            "\(holder): its caBundle cannot be kept right, and a change of authorities waits for it; may we patch it?",
            metadata: ["error": "\(String(reflecting: error))"]
        )
    }

    /// All is well, and the last text no longer holds.
    func forget(_ holder: BundleHolder) {
        pasts.withLock { $0[holder] = nil }
    }
}
