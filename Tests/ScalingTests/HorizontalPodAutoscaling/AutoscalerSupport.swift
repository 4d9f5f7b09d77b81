import Foundation

@testable import Scaling

/// The time of every pass unless a test says otherwise.
let noon = Date(timeIntervalSince1970: 1_780_000_000)

/// The time a number of seconds before noon.
func ago(_ seconds: Double) -> Date { noon.addingTimeInterval(-seconds) }

/// A pod that has been ready for an hour and requests 100 milli-units of cpu.
func readyPod(_ name: String, request: Int64 = 100) -> AutoscalerPod {
    AutoscalerPod(
        name: name,
        readiness: .init(isReady: true, since: ago(3600)),
        startTime: ago(3700),
        containers: [.init(name: "main", requests: ["cpu": request])]
    )
}

/// So many ready pods, named p0, p1 and so on.
func readyPods(_ count: Int) -> [AutoscalerPod] { (0..<count).map { readyPod("p\($0)") } }

/// A sample taken just now.
func sample(_ value: Int64) -> AutoscalerSample { AutoscalerSample(value: value, time: noon, window: 60) }

/// A history with these recommendations, as seconds before noon and replicas.
func history(_ recommendations: [(age: Double, replicas: Int)], rescales: [(age: Double, change: Int)] = [])
    -> AutoscalerHistory
{
    AutoscalerHistory(
        recommendations: recommendations.map { .init(replicas: $0.replicas, time: ago($0.age)) },
        rescales: rescales.map { .init(change: $0.change, time: ago($0.age)) }
    )
}

/// A spec with one external metric in KEDA's form, so many units a pod.
func externalSpec(
    min: Int = 1,
    max: Int = 100,
    average: Int64 = 10_000,
    behavior: AutoscalerBehavior? = nil
) -> AutoscalerSpec {
    let metric = AutoscalerMetric.external(name: "s0-m", target: .averageValue(average))
    return AutoscalerSpec(minReplicas: min, maxReplicas: max, metrics: [metric], behavior: behavior)
}

extension AutoscalerOutcome {
    /// The reason of a condition, if this pass set it.
    func reason(_ kind: AutoscalerCondition.Kind) -> String? { conditions.first { $0.kind == kind }?.reason }
}
