import Foundation
import KubeModel
import Scaling
import TestKit
import Testing

/// The direct engine against what a real HPA controller did.
@Suite struct DirectTraceTests {
    /// The engine in the place of a trace's controller.
    struct Engine {
        /// See ``AutoscalerReplay``.
        let replay: AutoscalerReplay
        /// The bounds, as a ScaledObject with that HPA has them.
        let policy: ScalePolicy
        /// What it remembers.
        var history = AutoscalerHistory()

        /// Takes the place.
        init(_ trace: AutoscalerTrace) {
            self.replay = AutoscalerReplay(trace, replicas: 0)
            var spec = ScaledObject.Spec(scaleTargetRef: .init(name: "web"), triggers: [])
            spec.minReplicaCount = trace.spec.minReplicas ?? 1
            spec.maxReplicaCount = trace.spec.maxReplicas
            self.policy = ScalePolicy(spec)
        }

        /// Takes one look.
        ///
        /// - Returns: the replicas after it.
        mutating func look(_ look: AutoscalerTrace.Look, at now: Date) -> Int {
            // A workload at 0 is left to others by the controller, so nothing is to wake it here.
            let readings = look.read.map { $0.map(AutoscalerReading.totals) ?? .failure("no answer") }
            let seen = Observation(
                replicas: look.from,
                triggers: look.read.map {
                    $0 == nil ? .failed(reason: "no answer") : .read(metrics: ["m"], isActive: look.from > 0)
                },
                lastActive: now,
                created: now
            )
            let target = AutoscalerObservation(
                replicas: look.from,
                existingReplicas: replay.existingReplicas,
                pods: replay.pods,
                readings: readings
            )
            var policy = policy
            if look.from == 0 { policy.minimum = 0 }
            let direct = decideDirect(
                policy,
                seen,
                replay.spec,
                target,
                history: history,
                settings: replay.settings,
                now: now
            )
            history = direct.history(isWritten: true)
            guard case .scale(let replicas, _) = direct.decision else { return look.from }
            return replicas
        }
    }

    @Test func `the engine sets what the real controller set, look by look`() throws {
        for trace in try AutoscalerTrace.all() {
            var engine = Engine(trace)
            for (index, look) in trace.looks.enumerated() {
                let replicas = engine.look(look, at: AutoscalerTrace.began.addingTimeInterval(look.at))
                let controller = look.status.able == "SucceededRescale" ? look.status.desired : look.from
                #expect(replicas == controller, "seed \(trace.seed), look \(index)")
            }
        }
    }
}
