import Foundation
import KubeModel

/// Durations as kubectl shows them: `45s`, `3m20s`, `5h`, `12d`.
///
/// - Source: Kubernetes, `apimachinery/pkg/util/duration/duration.go`, `HumanDuration`.
enum HumanDuration {
    /// From a time text to now; `<unknown>` without one.
    static func since(_ time: String?, now: Date) -> String {
        guard let start = time.flatMap(RFC3339.date) else { return "<unknown>" }
        return text(seconds: Int(now.timeIntervalSince(start).rounded(.down)))
    }

    /// A number of seconds: two units while the first is small, one after that.
    static func text(seconds: Int) -> String {
        guard seconds >= -1 else { return "<invalid>" }
        guard seconds >= 0 else { return "0s" }
        let (minutes, hours) = (seconds / 60, seconds / 3600)
        switch seconds {
        case ..<120: return "\(seconds)s"
        case ..<600: return pair(minutes, "m", seconds % 60, "s")
        case ..<(3 * 3600): return "\(minutes)m"
        case ..<(8 * 3600): return pair(hours, "h", minutes % 60, "m")
        case ..<(48 * 3600): return "\(hours)h"
        case ..<(192 * 3600): return pair(hours / 24, "d", hours % 24, "h")
        case ..<(2 * 365 * 86_400): return "\(hours / 24)d"
        case ..<(8 * 365 * 86_400): return pair(hours / 24 / 365, "y", hours / 24 % 365, "d")
        default: return "\(hours / 24 / 365)y"
        }
    }

    /// Two units, the second left out when it is 0.
    private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(large)\(largeUnit)" : "\(large)\(largeUnit)\(small)\(smallUnit)"
    }
}
