import Foundation
import KubeModel
import Scaling

/// What the record of decisions costs, beside the poll that it is of.
enum RecordBenchmark {
    /// The promise: so large a part of a poll's CPU time.
    static let bound = 0.02
    /// Objects that are polled every second.
    static let objects = 200
    /// How long the operator is watched.
    static let span = Duration.seconds(20)
    /// Records made for one sample.
    private static let records = 20_000

    /// Measures the CPU time of polls, and of records alone.
    static func run(_ workloads: Workloads, _ operatorProcess: OperatorProcess) async throws -> [Measurement] {
        try await workloads.make((0..<objects).map { "fleet-\($0)" }, engine: "direct")
        try await time(until: "polls of every object") { try await operatorProcess.work().polls > Double(3 * objects) }
        var polls: [Double] = []
        for _ in 0..<3 {
            let before = try await operatorProcess.work()
            try await Task.sleep(for: span)
            let after = try await operatorProcess.work()
            polls.append((after.cpu - before.cpu) / (after.polls - before.polls) * 1e6)
        }
        let records = (0..<9).map { _ in cost() * 1e6 }
        let poll = Measurement(name: "CPU time of one poll, \(objects) objects", unit: "us", samples: polls)
        let memory = Measurement(
            name: "resident memory, \(objects) objects",
            unit: "MiB",
            samples: [try await operatorProcess.memory()]
        )
        return [
            memory, poll, Measurement(name: "CPU time of one decision record", unit: "us", samples: records),
            Measurement(
                name: "record's part of the poll",
                unit: "",
                samples: records.map { $0 / poll.percentile(0.5) },
                bound: bound
            ),
        ]
    }

    /// What the record of one evaluation takes, in seconds: all that is made only to be kept, the HPA's algorithm
    /// included, every one a new entry.
    private static func cost() -> Double {
        let now = Date(timeIntervalSince1970: 1_780_000_000)
        var spec = ScaledObject.Spec(scaleTargetRef: .init(name: "web"), triggers: [])
        spec.maxReplicaCount = 100
        let object = ScaledObject(metadata: ObjectMeta(name: "web", namespace: Servers.namespace), spec: spec)
        let policy = ScalePolicy(spec)
        let target = MetricTarget.averageValue(Quantity(1))
        let deployments = ResourceType(GroupVersion("apps", "v1"), kind: "Deployment", plural: "deployments")
        let metric = HPAPlan.external("s0-postgresql", target: target, of: "web")
        let hpa = HPAPlan.spec(for: object, target: deployments, metrics: [metric])
        var log = DecisionLog()
        let start = ContinuousClock.now
        for number in 0..<records {
            let outcomes = [TriggerOutcome.read(metrics: ["s0-postgresql"], isActive: true)]
            let replicas = 3 + number % 2
            let seen = Observation(replicas: replicas, triggers: outcomes, lastActive: now, created: now)
            let trigger = TriggerRecord(
                index: 0,
                type: "postgresql",
                name: nil,
                isActive: true,
                readAt: MicroTimestamp(now),
                metrics: [MetricRecord(name: "s0-postgresql", value: Double(number), target: target)]
            )
            let outcome = autoscale(
                AutoscalerSpec(hpa),
                AutoscalerObservation(replicas: replicas, readings: [.totals([Int64(number) * 1000])]),
                history: AutoscalerHistory(),
                now: now
            )
            log.note(
                Evaluation(at: now, policy, seen, triggers: [trigger], decision: .hold(.active), autoscaler: outcome),
                limit: 64
            )
        }
        let took = ContinuousClock.now - start
        precondition(log.entries.count == 64, "every record is another one")
        return took / .seconds(1) / Double(records)
    }
}
