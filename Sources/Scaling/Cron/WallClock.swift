import Foundation

/// The wall clock of a time zone, seen as stretches of constant offset from UTC.
///
/// Instants are whole seconds since 1970-01-01T00:00:00Z; a local time is an instant plus the offset.
struct WallClock {
    /// A stretch of time during which the offset does not change.
    struct Stretch: Equatable {
        /// The first instant of the stretch.
        let start: Int
        /// The first instant after the stretch, nil if the offset never changes again.
        let end: Int?
        /// Seconds to add to an instant to get the local time.
        let offset: Int
        /// The offset just before `start`; smaller when a piece of local time is skipped there, larger when repeated.
        let offsetBefore: Int
    }

    /// Longer than any piece of local time that was ever repeated (Kwajalein, 23 hours, 1969).
    static let longestShift = 2 * 86_400

    /// The zone.
    let zone: TimeZone

    /// The offset from UTC at an instant, in seconds.
    func offset(at instant: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant)))
    }

    /// The stretch around an instant.
    ///
    /// Its beginning is exact if it is not before `earliest`; otherwise the stretch is cut there. A cut at least
    /// `longestShift` away cannot be told from the real beginning by what happens at `instant`.
    ///
    /// - Complexity: a handful of look-ups, logarithmic in the distance to `earliest`.
    func stretch(around instant: Int, reachingBackTo earliest: Int) -> Stretch {
        let offset = offset(at: instant)
        let end = nextShift(after: instant)
        guard let start = lastShift(atOrBefore: instant, notBefore: earliest) else {
            return Stretch(start: min(earliest, instant), end: end, offset: offset, offsetBefore: offset)
        }
        return Stretch(start: start, end: end, offset: offset, offsetBefore: self.offset(at: start - 1))
    }

    /// The stretch that follows another, or nil if that one is the last.
    func stretch(after previous: Stretch) -> Stretch? {
        guard let start = previous.end else { return nil }
        return Stretch(
            start: start,
            end: nextShift(after: start),
            offset: offset(at: start),
            offsetBefore: previous.offset
        )
    }

    /// The next instant at which the offset becomes another one.
    private func nextShift(after instant: Int) -> Int? {
        var instant = instant
        // Zones have transitions that only rename the zone or regroup its offset; those do not move the wall clock.
        while let date = zone.nextDaylightSavingTimeTransition(after: Date(timeIntervalSince1970: Double(instant))) {
            let shift = Int(date.timeIntervalSince1970.rounded(.down))
            guard shift > instant else { return nil }
            if offset(at: shift) != offset(at: shift - 1) { return shift }
            instant = shift
        }
        return nil
    }

    /// The latest instant, from `earliest` to the given one, at which the offset became another one.
    ///
    /// Foundation can only look forward, so this looks from further and further back.
    private func lastShift(atOrBefore instant: Int, notBefore earliest: Int) -> Int? {
        var distance = 128 * 86_400
        while true {
            let from = max(instant - distance, earliest)
            var found: Int?
            var next = nextShift(after: from - 1)
            while let shift = next, shift <= instant {
                found = shift
                next = nextShift(after: shift)
            }
            if found != nil || from == earliest { return found }
            distance *= 2
        }
    }
}
