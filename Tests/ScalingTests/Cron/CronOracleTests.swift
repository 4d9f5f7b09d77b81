import Foundation
import TestKit
import Testing

@testable import Scaling

/// Compares the search with an independent walk, minute by minute, over the days around changes of the clocks.
@Suite struct CronOracleTests {
    /// Zones and an instant near one of their changes.
    static let changes = [
        ("Europe/Madrid", "2026-03-29T01:00:00Z"), ("Europe/Madrid", "2026-10-25T01:00:00Z"),
        ("America/New_York", "2026-03-08T07:00:00Z"), ("America/New_York", "2026-11-01T06:00:00Z"),
        ("America/Sao_Paulo", "2018-02-18T02:00:00Z"), ("America/Sao_Paulo", "2018-11-04T03:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"), ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
        ("America/Santiago", "2026-09-06T04:00:00Z"), ("Asia/Beirut", "2026-03-28T22:00:00Z"),
        ("Africa/Cairo", "2026-04-23T22:00:00Z"), ("Africa/Casablanca", "2026-02-15T02:00:00Z"),
        ("Pacific/Apia", "2011-12-30T10:00:00Z"), ("Asia/Seoul", "2026-12-31T15:00:00Z"),
        ("Asia/Kolkata", "2028-02-29T00:00:00Z"), ("UTC", "2027-01-01T00:00:00Z"),
    ]

    @Test(arguments: changes.indices)
    func `next and previous agree with a walk through every minute`(index: Int) throws {
        let (zone, change) = Self.changes[index]
        var generator = SeededGenerator(seed: testSeed &+ UInt64(index))
        let timeline = try OracleTimeline(zone: zone, around: instant(change))
        let timeZone = try CronZone(zone).timeZone
        for _ in 0..<25 {
            let schedule = OracleSchedule.random(near: timeline, using: &generator)
            let expression = try CronExpression(schedule.text)
            let firings = timeline.firings(of: schedule)
            for probe in timeline.probes(near: firings, using: &generator) {
                let date = Date(timeIntervalSince1970: probe)
                let note: Comment = "\(schedule.text) in \(zone) at \(date), seed \(testSeed)"
                let next = expression.next(after: date, in: timeZone)?.timeIntervalSince1970
                if let expected = firings.first(where: { $0 > probe }) {
                    #expect(next == expected, note)
                } else {
                    #expect(next.map { $0 >= timeline.end } ?? true, note)
                }
                let previous = expression.previous(atOrBefore: date, in: timeZone)?.timeIntervalSince1970
                if let expected = firings.last(where: { $0 <= probe }) {
                    #expect(previous == expected, note)
                } else {
                    #expect(previous.map { $0 < timeline.start } ?? true, note)
                }
            }
        }
    }

    @Test(arguments: changes.indices)
    func `next and previous are inverse, years away from the change too`(index: Int) throws {
        var generator = SeededGenerator(seed: testSeed &+ 1000 &+ UInt64(index))
        let (zone, change) = Self.changes[index]
        let timeZone = try CronZone(zone).timeZone
        let timeline = try OracleTimeline(zone: zone, around: instant(change))
        for _ in 0..<25 {
            let expression = try CronExpression(OracleSchedule.random(near: timeline, using: &generator).text)
            guard !expression.neverFires else { continue }
            let date = try instant(change).addingTimeInterval(Double.random(in: -1e9...1e9, using: &generator))
            let note: Comment = "\(expression) in \(zone) at \(date), seed \(testSeed)"
            let next = try #require(expression.next(after: date, in: timeZone), note)
            let previous = try #require(expression.previous(atOrBefore: date, in: timeZone), note)
            #expect(previous <= date && date < next, note)
            #expect(expression.previous(atOrBefore: next, in: timeZone) == next, note)
            #expect(expression.previous(atOrBefore: next.addingTimeInterval(-1), in: timeZone) == previous, note)
            #expect(expression.next(after: previous, in: timeZone) == next, note)
            #expect(expression.next(after: previous.addingTimeInterval(-1), in: timeZone) == previous, note)
        }
    }
}
