public import Foundation

/// A recurring span of time that one schedule opens and another closes.
///
/// It is open exactly if the latest start, at or before now, is later than the latest end. So:
/// - A window holds its first instant and not its last: at 09:00:00 it is open, at 18:00:00 it is closed.
/// - When start and end fall on the same instant, the end wins and the window stays closed until the next start. Two
///   events that a skipped hour has pushed onto one instant keep the order of the times they were scheduled for.
/// - A start that never fires leaves the window closed for ever; an end that never fires leaves it open from the first
///   start on. Windows over midnight or over years, and several starts before one end, need no special rule.
///
/// KEDA asks instead whether the next end comes before the next start, which opens a window before its first start and
/// closes it early when there are several ends or starts.
public struct CronWindow: Hashable, Sendable {
    /// A moment at which the window changes.
    public struct Transition: Equatable, Sendable {
        /// When it happens.
        public let instant: Date
        /// Whether the window opens then (else it closes).
        public let opens: Bool
    }

    /// The schedule that opens the window.
    public let start: CronExpression

    /// The schedule that closes the window.
    public let end: CronExpression

    /// The zone of both schedules, unless one brings its own.
    public let zone: CronZone

    /// Makes a window.
    ///
    /// - Throws: `sameStartAndEnd` if both expressions are the same text: such a window would never be open.
    public init(opens start: CronExpression, closes end: CronExpression, in zone: CronZone) throws(CronError) {
        guard start.text != end.text else {
            throw CronError(
                .sameStartAndEnd,
                start.text,
                "is both start and end",
                allowed: "two different schedules"
            )
        }
        self.start = start
        self.end = end
        self.zone = zone
    }

    /// Parses the two schedules and the zone, and makes a window.
    ///
    /// - Throws: what the first bad part has, or `sameStartAndEnd`.
    public init(opens start: String, closes end: String, in zone: String) throws(CronError) {
        try self.init(opens: CronExpression(start), closes: CronExpression(end), in: CronZone(zone))
    }

    /// Whether the window is open at an instant (in the years 1 to 9999; closed outside).
    ///
    /// - Complexity: two searches, a few microseconds.
    public func isOpen(at now: Date) -> Bool {
        guard let second = CronExpression.wholeSecond(of: now) else { return false }
        return isOpen(at: second)
    }

    /// The next moment, strictly after an instant, at which the window opens or closes.
    ///
    /// - Returns: nil if it never changes again, or not within `searchLimit` starts (ends, when it is open).
    public func nextTransition(after now: Date) -> Transition? {
        guard var second = CronExpression.wholeSecond(of: now) else { return nil }
        let wasOpen = isOpen(at: second)
        // Only an end can close it and only a start can open it, so the other schedule's firings are skipped.
        let schedule = wasOpen ? end : start
        for _ in 0..<Self.searchLimit {
            guard let firing = schedule.firstFiring(after: second, in: zone.timeZone) else { return nil }
            second = firing.instant
            if isOpen(at: second) != wasOpen {
                return Transition(instant: Date(timeIntervalSince1970: Double(second)), opens: !wasOpen)
            }
        }
        return nil
    }

    /// How many starts in a row that coincide with an end are passed over in search of one that opens the window.
    ///
    /// More than a day of minutes; reached only by windows whose starts practically all coincide with ends.
    static let searchLimit = 1500

    /// Whether the window is open at an instant.
    private func isOpen(at second: Int) -> Bool {
        guard let opened = start.lastFiring(atOrBefore: second, in: zone.timeZone) else { return false }
        guard let closed = end.lastFiring(atOrBefore: second, in: zone.timeZone) else { return true }
        return opened > closed
    }
}

extension CronWindow {
    /// The part of a metric's name that tells this window from others: `cron-<timezone>-<start>-<end>`.
    ///
    /// Start and end lose their spaces and have `*`, `/`, `?` and `,` spelled in letters; the zone stays as it is (the
    /// general normalisation of metric names follows elsewhere). The window from 6 to 20 in Asia/Kolkata gives
    /// `cron-Asia/Kolkata-06xxx-020xxx`.
    ///
    /// - Source: KEDA after 2.20.1, `pkg/scalers/cron_scaler.go`.
    public var slug: String { "cron-\(zone.name)-\(Self.spelled(start.text))-\(Self.spelled(end.text))" }

    /// An expression in the letters of a metric name.
    private static func spelled(_ text: String) -> String {
        text.reduce(into: "") { name, character in
            switch character {
            case "*": name += "x"
            case "/": name += "Sl"
            case "?": name += "Qm"
            case ",": name += "Cm"
            case let other where other.isWhitespace: break
            case let other: name.append(other)
            }
        }
    }
}
