import Foundation
import KubeModel
import Scaling
import Testing

@Suite struct ActivityStateTests {
    static let start = Date(timeIntervalSince1970: 1_800_000_000)

    @Test func `only the beginning and the end of activity are recorded`() {
        var state = ActivityState(resuming: nil, now: Self.start)
        #expect(state.recorded == nil)
        var records: [Date?] = []
        for (offset, isActive) in [(0, false), (5, true), (10, true), (15, true), (20, false), (25, false)] {
            state.note(isActive: isActive, now: Self.start + TimeInterval(offset))
            records.append(state.recorded)
        }
        #expect(records == [nil, Self.start + 5, Self.start + 5, Self.start + 5, Self.start + 15, Self.start + 15])
        #expect(state.lastActive == Self.start + 15)
    }

    @Test func `an object last known active counts as active up to the restart`() {
        var status = ScaledObjectStatus()
        status[.active] = .init(.active, .yes)
        status.lastActiveTime = Timestamp(Self.start - 3600)
        var state = ActivityState(resuming: status, now: Self.start)
        #expect(state.lastActive == Self.start)
        #expect(state.recorded == Self.start - 3600)
        state.note(isActive: false, now: Self.start + 5)
        #expect(state.lastActive == Self.start)
        #expect(state.recorded == Self.start)
    }

    @Test func `an object last known inactive keeps its last active time over a restart`() {
        var status = ScaledObjectStatus()
        status[.active] = .init(.active, .no)
        status.lastActiveTime = Timestamp(Self.start - 60)
        let state = ActivityState(resuming: status, now: Self.start)
        #expect(state.lastActive == Self.start - 60)
        #expect(!state.isActive)
    }

    @Test func `a status written at any moment and read after a crash never shortens a cooldown`() {
        // Every sequence of five polls, a crash after any of them, with the status as it would have been written then.
        for pattern in 0..<32 {
            var state = ActivityState(resuming: nil, now: Self.start)
            for poll in 0..<5 {
                state.note(isActive: pattern & (1 << poll) != 0, now: Self.start + TimeInterval(poll * 10))
                var status = ScaledObjectStatus()
                status[.active] = .init(.active, state.isActive ? .yes : .no)
                status.lastActiveTime = state.recorded.map(Timestamp.init)
                let resumed = ActivityState(resuming: status, now: Self.start + TimeInterval(poll * 10 + 3))
                #expect(resumed.isActive == state.isActive)
                if let lastActive = state.lastActive { #expect(resumed.lastActive ?? .distantPast >= lastActive) }
            }
        }
    }

    @Test func `after a time without polls what was active counts as active until then`() {
        var state = ActivityState(resuming: nil, now: Self.start)
        state.note(isActive: true, now: Self.start)
        #expect(state.resumed(at: Self.start + 100).lastActive == Self.start + 100)
        #expect(state.resumed(at: Self.start + 100).recorded == Self.start)
        state.note(isActive: false, now: Self.start + 10)
        #expect(state.resumed(at: Self.start + 100) == state)
    }
}
