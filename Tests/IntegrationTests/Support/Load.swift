import Foundation
import Outbound
import Synchronization
import TestKit
import Testing

/// Questions of one kind, asked one after the other without a pause worth the name, and what came of them.
final class Load: Sendable {
    /// What came of the questions.
    private struct Tally {
        /// How many were answered well.
        var good = 0
        /// What went wrong, and when.
        var failures: [String] = []
    }

    /// See ``Tally``.
    private let tally = Mutex(Tally())
    /// What is asked.
    let name: String
    /// Asks once; throws what is wrong with the answer.
    private let ask: @Sendable () async throws -> Void

    /// Asks nothing yet.
    init(_ name: String, _ ask: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.ask = ask
    }

    /// How many questions were answered well.
    var good: Int { tally.withLock { $0.good } }
    /// What went wrong, and when.
    var failures: [String] { tally.withLock { $0.failures } }

    /// Asks until cancelled.
    private func run() async {
        while !Task.isCancelled {
            do {
                try await ask()
                tally.withLock { $0.good += 1 }
            } catch {
                guard !Task.isCancelled else { return }
                tally.withLock { $0.failures.append("\(Date().formatted(.iso8601)) \(String(reflecting: error))") }
            }
            // Other processes share the machine.
            do { try await TimeSource.system.sleep(.milliseconds(10)) } catch { return }
        }
    }

    /// Runs loads for the length of a call, each of which must be answered well before it begins and ever after.
    static func run(_ loads: [Load], _ body: () async throws -> Void) async throws {
        for load in loads {
            try await eventually("a first answer to \(load.name)", within: .seconds(90)) {
                try await load.ask()
                return true
            }
        }
        try await withThrowingTaskGroup { group in
            for load in loads { group.addTask { await load.run() } }
            // Failures say more than what did not come for them.
            defer { for load in loads { load.expectNoFailure() } }
            try await body()
            group.cancelAll()
        }
    }

    /// Tells what went wrong until now.
    private func expectNoFailure() {
        #expect(failures.isEmpty, "\(name): \(failures.count) failed, \(good) did not")
    }

    /// Waits until each load has been answered some more.
    static func goOn(_ loads: [Load], _ count: Int = 20) async throws {
        let before = loads.map(\.good)
        try await eventually("\(count) more answers to each", within: .seconds(120)) {
            zip(loads, before).allSatisfy { $0.good >= $1 + count || !$0.failures.isEmpty }
        }
    }
}
