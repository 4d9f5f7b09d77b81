import Logging
import Scaling

/// Something that a user should know about flags and variables that were not taken as they are.
struct Remark: Hashable, Sendable {
    /// Whether somebody may miss something.
    var isWarning: Bool
    /// One line.
    var text: String

    /// A flag without effect; `nil` if it has one.
    init?(flag: KnownFlag, in mode: OperatingMode = .manage) {
        switch flag.fate {
        case .works, .alias:
            guard KnownFlags.isIdle(flag, in: mode) else { return nil }
            self.init(
                isWarning: false,
                text: "--\(flag.name) has no effect with --mode recommend: no API is served and nothing is written"
            )
        case .needless(let reason): self.init(isWarning: false, text: "--\(flag.name) has no effect: \(reason)")
        case .missing(let reason): self.init(isWarning: true, text: "--\(flag.name) has no effect: \(reason)")
        }
    }

    /// Any other remark.
    init(isWarning: Bool, text: String) {
        self.isWarning = isWarning
        self.text = text
    }

    /// Tells it.
    func log(to logger: Logger) {
        logger.log(level: isWarning ? .warning : .info, "\(text)")
    }
}
