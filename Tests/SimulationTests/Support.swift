import Foundation
import KubeModel
import Manifests
import Scalers
import Scaling
import Simulation

/// The beginning of most simulations here: a Monday, 2026-11-02T00:00:00Z.
let monday = 1_793_577_600.0

/// A ScaledObject with one prometheus trigger that wants a pod for each 10.
func queue(_ spec: String = "", trigger: String = "") -> String {
    """
    apiVersion: keda.sh/v1alpha1
    kind: ScaledObject
    metadata: {name: worker}
    spec:
      scaleTargetRef: {name: worker}
    \(spec.isEmpty ? "  maxReplicaCount: 20" : spec)
      triggers:
        - type: prometheus
          name: queue
    \(trigger)
          metadata: {serverAddress: "http://p:9090", query: up, threshold: "10", activationThreshold: "2"}
    """
}

/// Values from a moment on, in seconds from ``monday``.
func series(_ steps: [(Double, Double)]) -> Series {
    var series = Series()
    for (time, value) in steps { series.append(value, at: monday + time) }
    return series
}

/// A range from ``monday`` on.
func range(_ seconds: Double) throws -> SimulatedRange {
    try SimulatedRange(
        from: Date(timeIntervalSince1970: monday),
        to: Date(timeIntervalSince1970: monday + seconds)
    )
}

/// What becomes of a manifest.
func simulation(
    _ manifest: String,
    _ samples: [String: Series],
    over range: SimulatedRange,
    start: Int? = nil,
    startup: Duration = .zero
) async throws -> Simulation {
    var reading = ManifestReading()
    reading.add(manifest, from: "test.yaml")
    guard let declared = try reading.scaledObjects().first else { throw SimulationError("no ScaledObject") }
    let source = TriggerSource(.builtIn, over: range, samples: samples)
    return try Simulation(
        declared.object,
        await source.triggers(of: declared.object, declared.settings),
        over: range,
        startReplicas: start,
        startup: startup
    )
}

/// What happened, a line for each step: seconds from ``monday``, who, pods, rules.
func told(_ timeline: Timeline) -> [String] {
    timeline.steps.map { step in
        let rules = step.rules.map { " \($0.rule.rawValue)" }.joined()
        return
            "\(Int(step.time.timeIntervalSince1970 - monday)) \(step.actor.rawValue) \(step.before)-\(step.after)\(rules)"
    }
}
