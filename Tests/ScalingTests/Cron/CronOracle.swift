import Foundation
import TestKit

@testable import Scaling

/// A random schedule, kept as plain sets beside its text.
struct OracleSchedule {
    /// The cron expression.
    let text: String
    /// The admitted values by field, in cron's order.
    let fields: [Set<Int>]
    /// Whether both day fields must match.
    let needsBothDays: Bool

    /// Whether all 24 hours are admitted, which changes what happens when the clocks do.
    var firesEveryHour: Bool { fields[1].count == 24 }

    /// Whether a wall-clock time matches.
    func matches(_ time: DateComponents) -> Bool {
        guard let minute = time.minute, let hour = time.hour, let day = time.day, let month = time.month,
            let weekday = time.weekday
        else { return false }
        guard fields[0].contains(minute), fields[1].contains(hour), fields[3].contains(month) else { return false }
        let (byDay, byWeekday) = (fields[2].contains(day), fields[4].contains(weekday - 1))
        return needsBothDays ? byDay && byWeekday : byDay || byWeekday
    }

    /// Draws a schedule that has a good chance to fire around the timeline's middle.
    static func random(near timeline: OracleTimeline, using generator: inout SeededGenerator) -> OracleSchedule {
        let hot = timeline.middleParts
        let minute = randomField(0...59, near: hot.minute ?? 0, star: 0.1, using: &generator)
        let hour = randomField(0...23, near: hot.hour ?? 0, star: 0.4, using: &generator)
        let day = randomField(1...31, near: hot.day ?? 1, star: 0.7, using: &generator)
        let month = randomField(1...12, near: hot.month ?? 1, star: 0.8, using: &generator)
        let weekday = randomField(0...6, near: (hot.weekday ?? 1) - 1, star: 0.7, using: &generator)
        let fields = [minute, hour, day, month, weekday]
        return OracleSchedule(
            text: fields.map(\.text).joined(separator: " "),
            fields: fields.map(\.values),
            needsBothDays: day.isStar || weekday.isStar
        )
    }

    /// Draws one field: a star, a stepped star, or a list of values and ranges.
    private static func randomField(
        _ range: ClosedRange<Int>,
        near hot: Int,
        star: Double,
        using generator: inout SeededGenerator
    ) -> (text: String, values: Set<Int>, isStar: Bool) {
        if Double.random(in: 0..<1, using: &generator) < star {
            return (Bool.random(using: &generator) ? "*" : "?", Set(range), true)
        }
        if Int.random(in: 0..<5, using: &generator) == 0 {
            let step = Int.random(in: 2...range.count, using: &generator)
            return ("*/\(step)", Set(stride(from: range.lowerBound, through: range.upperBound, by: step)), false)
        }
        var words: [String] = []
        var values: Set<Int> = []
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let nearby = min(max(hot + Int.random(in: -2...2, using: &generator), range.lowerBound), range.upperBound)
            let low = Bool.random(using: &generator) ? nearby : Int.random(in: range, using: &generator)
            if Int.random(in: 0..<3, using: &generator) == 0 {
                let high = Int.random(in: low...range.upperBound, using: &generator)
                let step = Int.random(in: 1...4, using: &generator)
                words.append(step == 1 ? "\(low)-\(high)" : "\(low)-\(high)/\(step)")
                values.formUnion(stride(from: low, through: high, by: step))
            } else {
                words.append(String(low))
                values.insert(low)
            }
        }
        return (words.joined(separator: ","), values, false)
    }
}

/// Every minute of five days in one zone, with what Foundation's calendar says the wall clock shows.
struct OracleTimeline {
    /// The first instant, in seconds since 1970.
    let start: Double
    /// The instant after the last.
    let end: Double
    /// The wall clock in the middle, where the clocks change.
    let middleParts: DateComponents
    /// For each minute, how the wall clock reads, as seconds since 1970 of the same reading in UTC.
    private let readings: [Double]
    /// The calendar that takes readings apart.
    private let utc: Calendar

    /// Lists the minutes around an instant.
    init(zone: String, around middle: Date) throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try CronZone(zone).timeZone
        var utc = Calendar(identifier: .gregorian)
        utc.timeZone = .gmt
        let start = middle.timeIntervalSince1970 - 2.5 * 86_400
        self.utc = utc
        self.start = start
        self.end = start + 5 * 86_400
        self.readings = (0..<5 * 1440)
            .map { minute in
                let date = Date(timeIntervalSince1970: start + Double(minute) * 60)
                let parts = calendar.dateComponents([.era, .year, .month, .day, .hour, .minute], from: date)
                return utc.date(from: parts)?.timeIntervalSince1970 ?? .nan
            }
        self.middleParts = calendar.dateComponents([.month, .day, .hour, .minute, .weekday], from: middle)
    }

    /// All instants at which a schedule fires, found by walking: for certain hours, a time fires when the clock's
    /// highest reading so far passes it; for every hour, whenever the clock shows it.
    func firings(of schedule: OracleSchedule) -> [Double] {
        var highest = readings[0] - 60
        var found: [Double] = []
        for (minute, reading) in readings.enumerated() {
            let candidates =
                schedule.firesEveryHour
                ? [reading] : Array(stride(from: highest + 60, through: reading, by: 60))
            if candidates.contains(where: { schedule.matches(parts(of: $0)) }) {
                found.append(start + Double(minute) * 60)
            }
            highest = max(highest, reading)
        }
        return found
    }

    /// Instants to ask about: random ones, and those just around firings.
    func probes(near firings: [Double], using generator: inout SeededGenerator) -> [Double] {
        var probes = (0..<10).map { _ in Double.random(in: start..<end, using: &generator) }
        probes += [start, (start + end) / 2, (start + end) / 2 - 1, end - 1]
        for _ in 0..<min(firings.count, 10) {
            guard let firing = firings.randomElement(using: &generator) else { break }
            probes += [firing - 0.5, firing, firing + 0.5].filter { $0 >= start }
        }
        return probes
    }

    /// Takes a reading apart.
    private func parts(of reading: Double) -> DateComponents {
        let seconds = Int(reading)
        var parts = DateComponents()
        parts.minute = seconds / 60 % 60
        parts.hour = seconds / 3600 % 24
        let day = utc.dateComponents([.month, .day, .weekday], from: Date(timeIntervalSince1970: reading))
        (parts.month, parts.day, parts.weekday) = (day.month, day.day, day.weekday)
        return parts
    }
}
