import Scaling
import Testing

@Suite struct PollPolicyTests {
    /// A policy with one interval in seconds.
    static func policy(_ interval: Int?) -> PollPolicy {
        var spec = ScaledObject.Spec(scaleTargetRef: .init(name: "web"), triggers: [])
        spec.pollingInterval = interval
        return PollPolicy(spec)
    }

    @Test(arguments: [(nil, 30, 10), (5, 5, 5), (60, 60, 10), (0, 1, 1)])
    func `intervals have a default and a floor, and bound the age of readings`(
        given: Int?,
        interval: Int,
        freshness: Int
    ) {
        #expect(Self.policy(given).interval == .seconds(interval))
        #expect(Self.policy(given).freshness == .seconds(freshness))
    }

    @Test func `ticks of one object are one interval apart, at its own phase`() {
        let policy = Self.policy(5)
        for phase: UInt64 in [0, 1, 1_234_567_890_123, .max] {
            var uptime = Duration.milliseconds(17)
            uptime += policy.untilNextTick(after: uptime, phase: phase)
            for _ in 0..<10 {
                let wait = policy.untilNextTick(after: uptime, phase: phase)
                #expect(wait == .seconds(5))
                uptime += wait
            }
        }
    }

    @Test func `the next tick always lies ahead, within the interval`() {
        let policy = Self.policy(2)
        for phase in stride(from: UInt64(0), to: 2_000_000_000, by: 99_999_999) {
            for milliseconds in stride(from: 0, to: 4000, by: 37) {
                let wait = policy.untilNextTick(after: .milliseconds(milliseconds), phase: phase)
                #expect(wait > .zero && wait <= .seconds(2))
            }
        }
    }

    @Test func `ticks of many objects are spread over the interval`() {
        let policy = Self.policy(10)
        var buckets = [Int](repeating: 0, count: 10)
        for object in 0..<1000 {
            let phase = "default/web-\(object)".utf8
                .reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
                    ($0 ^ UInt64($1)) &* 0x100_0000_01b3
                }
            buckets[Int(policy.untilNextTick(after: .zero, phase: phase).components.seconds) % 10] += 1
        }
        #expect(buckets.allSatisfy { $0 > 50 && $0 < 150 })
    }
}
