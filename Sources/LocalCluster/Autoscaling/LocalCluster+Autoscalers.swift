import Foundation
import KubeModel
import Outbound
import Scaling
import Synchronization

/// What the HPA controller remembers of each HPA, by UID; it is lost with the process, as the real one's is.
struct AutoscalerMemory: Sendable {
    /// Recommendations and rescales.
    private var histories: [String: AutoscalerHistory] = [:]

    /// What is remembered of an HPA; nothing at first sight.
    subscript(uid: String) -> AutoscalerHistory {
        get { histories[uid] ?? AutoscalerHistory() }
        set { histories[uid] = newValue }
    }

    /// Forgets the HPAs that are gone.
    mutating func keepOnly(_ uids: Set<String>) {
        histories = histories.filter { uids.contains($0.key) }
    }
}

/// The HPA controller's loop: read, decide with the rules of Scaling, act.
extension LocalCluster {
    /// Looks at all HPAs, again and again.
    ///
    /// - Throws: `CancellationError`.
    func runAutoscalers() async throws {
        while true {
            try await time.sleep(configuration.autoscalerSync)
            try await followAutoscalers()
        }
    }

    /// Looks once at each HPA, a few at a time.
    ///
    /// Called by the loop, and by tests that turn it by hand.
    ///
    /// - Throws: `CancellationError`.
    package func followAutoscalers() async throws {
        let ids = read { state, _ in state.autoscalers }
        let uids = read { state, _ in Set(ids.compactMap { state[$0]?.uid }) }
        memory.withLock { $0.keepOnly(uids) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (started, id) in ids.enumerated() {
                if started >= Self.workers { try await group.next() }
                group.addTask { try await self.follow(id) }
            }
            try await group.waitForAll()
        }
    }

    /// HPAs looked at at the same time.
    ///
    /// - Source: kube-controller-manager, `--concurrent-horizontal-pod-autoscaler-syncs`.
    private static let workers = 5

    /// Looks at one HPA.
    private func follow(_ id: ObjectID) async throws {
        let settings = AutoscalerSettings(downscaleStabilization: configuration.downscaleStabilization.seconds)
        switch read({ state, _ in state.autoscalerCase(id) }) {
        case nil: return
        case .failure(let failure):
            change { state, now in state.carryOut(failure, for: id, now: now) }
        case .success(let look):
            let readings = look.needsMetrics ? await read(look) : []
            try Task.checkCancellation()
            let uid = look.hpa.uid
            let history = memory.withLock { $0[uid] }
            let remembered = change { state, now in
                let seen = look.observation(readings)
                let outcome = autoscale(look.spec, seen, history: history, settings: settings, now: now)
                return state.carryOut(outcome, for: look, now: now)
            }
            memory.withLock { $0[uid] = remembered }
        }
    }

    /// Reads an HPA's metrics; there are none of pods here.
    private func read(_ look: AutoscalerCase) async -> [AutoscalerReading] {
        var readings = look.spec.metrics.map { metric in
            switch metric {
            case .external: AutoscalerReading.failure("unable to get external metric: it was not read")
            case .object, .pods:
                AutoscalerReading.failure("unable to fetch metrics from custom metrics API: there is none here")
            case .resource:
                AutoscalerReading.failure("unable to fetch metrics from resource metrics API: there is none here")
            }
        }
        let namespace = look.hpa.namespace
        for (index, name, selector) in look.externalMetrics {
            do {
                let values = try await withDeadline { try await self.externalMetrics(namespace, name, selector) }
                readings[index] =
                    values.isEmpty
                    ? .failure("unable to get external metric \(namespace)/\(name): no metrics returned")
                    : .totals(values.map(\.milli))
            } catch {
                readings[index] = .failure("unable to get external metric \(namespace)/\(name): \(error)")
            }
        }
        return readings
    }

    /// Runs one read, and gives up on it after a while: one slow source must not hold up the other HPAs for ever.
    private func withDeadline(_ read: @escaping @Sendable () async throws -> [Quantity]) async throws -> [Quantity] {
        try await withThrowingTaskGroup(of: [Quantity].self) { group in
            group.addTask(operation: read)
            group.addTask {
                try await self.time.sleep(Self.readDeadline)
                throw OutboundError(.timedOut, "the external metrics API gave no answer in time")
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }

    /// For how long a read is waited for.
    private static let readDeadline = Duration.seconds(30)
}
