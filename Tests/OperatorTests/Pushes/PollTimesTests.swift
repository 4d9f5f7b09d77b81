import Testing

@testable import Operator

@Suite struct PollTimesTests {
    /// Times after a poll that began at 10 s, with the next tick at 40 s.
    static var polled: PollTimes {
        var times = PollTimes()
        _ = times.begin(at: .seconds(10))
        times.end(next: .seconds(40))
        return times
    }

    @Test func `the first poll is due at once, the next one at its tick`() {
        #expect(PollTimes().due == .zero)
        #expect(Self.polled.due == .seconds(40))
    }

    @Test(arguments: [(10.0, 1.0), (10.25, 0.75), (11, 0), (11.5, 0), (30, 0)])
    func `a push makes a poll due at once, but a second after the last one began`(at: Double, wait: Double) {
        var times = Self.polled
        #expect(times.push(by: 0, at: .seconds(at)) == .seconds(wait))
        #expect(times.due == .seconds(at + wait))
    }

    @Test func `pushes gather until the poll, and the poll knows who pushed`() {
        var times = Self.polled
        #expect(times.push(by: 1, at: .milliseconds(10_100)) == .milliseconds(900))
        for step in 2...9 { #expect(times.push(by: 1, at: .milliseconds(10_000 + 100 * step)) == nil) }
        #expect(times.push(by: 0, at: .milliseconds(10_950)) == .milliseconds(50))
        #expect(times.due == .seconds(11))
        #expect(times.begin(at: .seconds(11)) == [0, 1])
        times.end(next: .seconds(40))
        #expect(times.due == .seconds(40))
        #expect(times.begin(at: .seconds(40)) == [])
    }

    @Test func `what comes while a poll reads is not forgotten at its end`() {
        var times = Self.polled
        #expect(times.begin(at: .seconds(20)) == [])
        #expect(times.push(by: 0, at: .milliseconds(20_300)) == .milliseconds(700))
        times.end(next: .seconds(40))
        #expect(times.due == .seconds(21))
        #expect(times.begin(at: .seconds(21)) == [0])
        times.hasten(to: .seconds(22))
        times.end(next: .seconds(51))
        #expect(times.due == .seconds(22))
    }

    @Test func `a thousand pushes a second make a poll a second`() {
        var times = Self.polled
        var polls = 0
        for millisecond in 10_001...20_000 {
            let now = Duration.milliseconds(millisecond)
            _ = times.push(by: 0, at: now)
            guard times.due <= now else { continue }
            polls += 1
            _ = times.begin(at: now)
            times.end(next: .seconds(3600))
        }
        #expect(polls == 10)
    }

    @Test func `a wish for later than the tick changes nothing`() {
        var times = Self.polled
        times.hasten(to: .seconds(50))
        #expect(times.due == .seconds(40))
    }
}
