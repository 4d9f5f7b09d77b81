import Foundation
import Outbound
import Testing

@testable import OutboundSQL

@Suite struct SocketPollerTests {
    /// Hours away.
    let later = ContinuousClock.now.advanced(by: .seconds(7200))

    @Test func `a socket that can be read ends its wait`() async throws {
        let poller = try SocketPoller()
        let pipe = try WakePipe()
        pipe.wake()
        #expect(try await poller.wait(pipe.readEnd, for: .read, until: later) == .ready)
    }

    @Test func `a wait that begins while the thread sleeps is seen`() async throws {
        let poller = try SocketPoller()
        let quiet = try WakePipe()
        let busy = try WakePipe()
        try await withThrowingTaskGroup(of: WaitEnd.self) { group in
            group.addTask { try await poller.wait(quiet.readEnd, for: .read, until: later) }
            for _ in 0..<100 {
                busy.wake()
                let end = try await poller.wait(busy.readEnd, for: .read, until: later)
                #expect(end == .ready)
                busy.drain()
            }
            quiet.wake()
            let end = try await group.next()
            #expect(end == .ready)
        }
    }

    @Test func `a wait ends at its deadline`() async throws {
        let poller = try SocketPoller()
        let pipe = try WakePipe()
        let soon = ContinuousClock.now.advanced(by: .milliseconds(5))
        #expect(try await poller.wait(pipe.readEnd, for: .read, until: soon) == .expired)
    }

    @Test func `a wait ends when its task is cancelled`() async throws {
        let poller = try SocketPoller()
        let pipe = try WakePipe()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    let error = await #expect(throws: OutboundError.self) {
                        try await poller.wait(pipe.readEnd, for: .read, until: later)
                    }
                    #expect(error?.code == .cancelled)
                }
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test func `a closed socket ends its wait`() async throws {
        let poller = try SocketPoller()
        #expect(try await poller.wait(999_999, for: .read, until: later) == .ready)
    }
}
