import Foundation
import KubeModel
import Scaling
import Simulation
import TestKit
import Testing

/// `swell simulate` over the series that the real HPA controller lived through, at the sync of real clusters.
///
/// The simulation's looks come every 15 s, the recorded ones came every second or so; so both the simulation and the rules
/// that agree with the recording get the recorded readings anew, one for each look.
@Suite struct SimulationTraceTests {
    /// A trace's readings, one for each look and metric; one that failed stays as it was.
    static func readings(of trace: AutoscalerTrace) -> [[Int64]] {
        var last = [Int64](repeating: 0, count: trace.spec.metrics?.count ?? 0)
        return trace.looks.filter { !$0.read.isEmpty }
            .map { look in
                for (index, values) in look.read.enumerated() { if let values { last[index] = values.reduce(0, +) } }
                return last
            }
    }

    /// A ScaledObject whose HPA is the trace's.
    static func manifest(of trace: AutoscalerTrace) throws -> String {
        let triggers = try (trace.spec.metrics ?? []).enumerated()
            .map { index, metric -> JSONValue in
                let target = try #require(metric.external?.target.averageValue)
                return [
                    "type": "prometheus", "name": .string("m\(index)"),
                    "metadata": [
                        "serverAddress": "http://p:9090", "query": "up", "threshold": .string("\(target.double)"),
                    ],
                ]
            }
        var spec: JSONValue = [
            "scaleTargetRef": ["name": "worker"], "pollingInterval": 15,
            "minReplicaCount": .integer(Int64(trace.spec.minReplicas ?? 1)),
            "maxReplicaCount": .integer(Int64(trace.spec.maxReplicas)), "triggers": .array(triggers),
        ]
        if let behavior = trace.spec.behavior {
            spec["advanced"] = ["horizontalPodAutoscalerConfig": ["behavior": try KubeJSON.value(of: behavior)]]
        }
        let object: JSONValue = [
            "apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": ["name": "worker"], "spec": spec,
        ]
        return String(decoding: try KubeJSON.encode(object), as: UTF8.self)
    }

    @Test func `a simulation wants at each look what the controller's rules want`() async throws {
        // Where a metric is about pods, the recording's pods are not those that a simulation would have.
        let traces = try AutoscalerTrace.all()
            .filter { trace in
                (trace.spec.metrics ?? []).allSatisfy { $0.external?.target.averageValue != nil }
            }
        #expect(traces.count > 40)
        for trace in traces {
            let readings = Self.readings(of: trace)
            var samples: [String: Series] = [:]
            for index in 0..<(trace.spec.metrics?.count ?? 0) {
                let steps = readings.enumerated().map { (Double($0) * 15, Double($1[index]) / 1000) }
                samples["m\(index)"] = series(steps)
            }
            let start = max(trace.spec.minReplicas ?? 1, 1)
            let timeline = try await simulation(
                try Self.manifest(of: trace),
                samples,
                over: range(Double(readings.count) * 15),
                start: start
            )
            .run()
            var (replicas, history) = (start, AutoscalerHistory())
            var wanted: [Int] = []
            for (number, values) in readings.enumerated() {
                let outcome = autoscale(
                    AutoscalerSpec(trace.spec),
                    AutoscalerObservation(replicas: replicas, readings: values.map { .totals([$0]) }),
                    history: history,
                    now: Date(timeIntervalSince1970: monday + Double(number) * 15)
                )
                .succeeded()
                history = outcome.history
                replicas = outcome.desiredReplicas
                wanted.append(replicas)
            }
            #expect(timeline.points.map(\.replicas) == wanted, "seed \(trace.seed)")
        }
    }
}
