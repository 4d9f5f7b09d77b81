import Foundation
import KubeModel
import Scaling
import Simulation
import Testing

/// What becomes of a workload over time.
@Suite struct SimulationTests {
    @Test func `a queue that fills and empties wakes the workload, fills it and lets it rest`() async throws {
        let samples = series([(0, 0), (60, 85), (600, 1)])
        let timeline = try await simulation(queue(), ["queue": samples], over: range(1800)).run()
        #expect(
            told(timeline)
                == [
                    "60 swell 0-1", "60 hpa 1-4 policy", "75 hpa 4-8 policy", "90 hpa 8-9",
                    "600 swell 9-9 cooldown", "600 hpa 9-9 stabilization", "900 swell 9-0",
                ]
        )
        #expect(timeline.points.last?.replicas == 0)
    }

    @Test func `without an HPA it goes straight to what is wanted`() async throws {
        let manifest = queue()
            .replacing("{name: worker}\nspec", with: "{name: worker, annotations: {\(direct)}}\nspec")
        let samples = series([(0, 0), (60, 85), (600, 1)])
        let timeline = try await simulation(manifest, ["queue": samples], over: range(1800)).run()
        #expect(told(timeline) == ["60 swell 0-9", "600 swell 9-9 cooldown stabilization", "900 swell 9-0"])
    }

    /// The annotation of the direct engine.
    private let direct = "autoscaling.swell.dev/engine: direct"

    @Test(arguments: [
        // A rest below the minimum.
        ("  minReplicaCount: 3\n  idleReplicaCount: 0", 50.0, 0, ["0 swell 0-3", "0 hpa 3-5"]),
        // A minimum alone: nothing to wake, and a HPA that does not go below it.
        ("  minReplicaCount: 2", 0.0, 2, ["0 hpa 2-2 stabilization", "315 hpa 2-2 minimum"]),
        // A maximum.
        ("  maxReplicaCount: 3", 500.0, 1, ["0 hpa 1-3 maximum"]),
        // Too few at the beginning.
        ("  minReplicaCount: 4", 0.0, 1, ["0 swell 1-4 minimum", "0 hpa 4-4 stabilization", "315 hpa 4-4 minimum"]),
        // Never active: rest comes after the initial cooldown.
        ("  initialCooldownPeriod: 45", 0.0, 1, ["0 swell 1-1 cooldown", "0 hpa 1-1 stabilization", "60 swell 1-0"]),
    ])
    func `bounds and waits are those of the operator`(
        spec: String,
        value: Double,
        start: Int,
        steps: [String]
    ) async throws {
        let timeline = try await simulation(
            queue(spec),
            ["queue": series([(0, value)])],
            over: range(400),
            start: start
        )
        .run()
        #expect(told(timeline) == steps)
    }

    @Test func `behavior limits as the HPA does`() async throws {
        let spec = """
              advanced:
                horizontalPodAutoscalerConfig:
                  behavior:
                    scaleUp: {policies: [{type: Pods, value: 1, periodSeconds: 60}]}
            """
        let timeline = try await simulation(
            queue(spec),
            ["queue": series([(0, 40)])],
            over: range(150),
            start: 1
        )
        .run()
        #expect(told(timeline) == ["0 hpa 1-2 policy", "60 hpa 2-3 policy", "120 hpa 3-4"])
    }

    @Test(arguments: [
        ("forces activation", "autoscaling.keda.sh/force-activation: \"true\"", 0.0, ["0 swell 0-1 forced"]),
        ("pauses scaling out", "autoscaling.keda.sh/paused-scale-out: \"true\"", 90.0, ["0 swell 0-0 pause"]),
    ])
    func `an annotation has its say`(name: String, annotation: String, value: Double, steps: [String]) async throws {
        let manifest = queue()
            .replacing("{name: worker}\nspec", with: "{name: worker, annotations: {\(annotation)}}\nspec")
        let timeline = try await simulation(manifest, ["queue": series([(0, value)])], over: range(15)).run()
        #expect(Array(told(timeline).prefix(1)) == steps, "\(name)")
    }

    @Test func `a formula decides for all triggers`() async throws {
        let spec = """
              advanced:
                scalingModifiers: {formula: queue * 2, target: "10", activationTarget: "30"}
            """
        let timeline = try await simulation(
            queue(spec),
            ["queue": series([(0, 12), (30, 20)])],
            over: range(60)
        )
        .run()
        #expect(told(timeline) == ["30 swell 0-1", "30 hpa 1-4"])
    }

    @Test func `a formula that fails holds, and its fallback stands in for nil`() async throws {
        let spec = """
              fallback: {failureThreshold: 1, replicas: 6}
              advanced:
                scalingModifiers: {formula: "queue > 50 ? nil : queue ?? 1", target: "10"}
            """
        let timeline = try await simulation(queue(spec), ["queue": series([(0, 60)])], over: range(60)).run()
        #expect(timeline.points.last?.replicas == 6)
        #expect(timeline.steps.first?.rules.map(\.rule) == [.fallback])
        let division = spec.replacing("queue > 50 ? nil : queue ?? 1", with: "1 / (queue - 60)")
        let held = try await simulation(queue(division), ["queue": series([(0, 60)])], over: range(60), start: 2).run()
        #expect(told(held) == ["0 swell 2-2 missingData", "0 hpa 2-2 missingData"])
    }

    @Test(arguments: [
        ("Value", 15.0, 2, 3), ("Value", 10.5, 3, 3), ("AverageValue", 15.0, 1, 2),
    ])
    func `targets are in all or for each pod`(type: String, value: Double, start: Int, end: Int) async throws {
        let manifest = queue(trigger: "      metricType: \(type)")
        let timeline = try await simulation(manifest, ["queue": series([(0, value)])], over: range(15), start: start)
            .run()
        #expect(timeline.points.last?.replicas == end)
    }

    @Test(arguments: [("Utilization", "80", 400.0, 5), ("AverageValue", "500m", 2.0, 4)])
    func `a load on the pods' processors is shared by those that are ready`(
        type: String,
        target: String,
        load: Double,
        pods: Int
    ) async throws {
        let manifest = """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata: {name: web}
            spec:
              scaleTargetRef: {name: web}
              minReplicaCount: 1
              triggers: [{type: cpu, metricType: \(type), metadata: {value: "\(target)"}}]
            """
        let timeline = try await simulation(manifest, ["0": series([(0, load)])], over: range(900), start: 2).run()
        #expect(timeline.points.last?.replicas == pods)
    }

    @Test func `pods count as too few until new ones are ready`() async throws {
        let timeline = try await simulation(
            queue(),
            ["queue": series([(0, 20)])],
            over: range(300),
            start: 1,
            startup: .seconds(45)
        )
        .run()
        let summary = Summary(timeline)
        #expect(told(timeline) == ["0 hpa 1-2"])
        #expect(summary.secondsUnderTarget == 45 && summary.longestBacklogSeconds == 45)
        #expect(summary.longestBacklogStart?.date == timeline.simulation.range.start)
        #expect(summary.replicaHours == 600.0 / 3600 && summary.scaleUps == 1 && summary.wakesFromZero == 0)
    }

    @Test func `what is not past its activation is no backlog`() async throws {
        let timeline = try await simulation(queue(), ["queue": series([(0, 2)])], over: range(300)).run()
        #expect(timeline.steps.isEmpty && Summary(timeline).secondsUnderTarget == 0)
    }

    @Test func `a cached metric is as old as the last poll`() async throws {
        let spec = "  pollingInterval: 120\n  minReplicaCount: 1"
        let samples = ["queue": series([(0, 10), (15, 20)])]
        let fresh = try await simulation(queue(spec), samples, over: range(180)).run()
        let cached = queue(spec, trigger: "      useCachedMetrics: true")
        let late = try await simulation(cached, samples, over: range(180)).run()
        #expect(told(fresh) == ["15 hpa 1-2"] && told(late) == ["120 hpa 1-2"])
    }

    @Test func `a cron window follows the clocks of its zone when they change`() async throws {
        let manifest = """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata: {name: office}
            spec:
              scaleTargetRef: {name: office}
              triggers:
                - type: cron
                  metadata: {timezone: Europe/Madrid, start: 0 9 * * *, end: 0 18 * * *, desiredReplicas: "4"}
            """
        let night = try Date("2026-10-24T00:00:00Z", strategy: .iso8601)
        let days = try SimulatedRange(from: night, to: night + 2 * 86_400)
        let timeline = try await simulation(manifest, [:], over: days).run()
        #expect(
            timeline.simulation.transitions.map(\.local) == [
                "2026-10-24T09:00:00+02:00", "2026-10-24T18:00:00+02:00", "2026-10-25T09:00:00+01:00",
                "2026-10-25T18:00:00+01:00",
            ]
        )
        let wakes = timeline.steps.filter { $0.before == 0 }.map { $0.time.timeIntervalSince(night) / 3600 }
        #expect(wakes == [7, 32] && Summary(timeline).peakReplicas == 4)
    }

    @Test func `two runs of one simulation are alike`() async throws {
        let samples = series((0..<200).map { (Double($0) * 30, Double($0 * 37 % 150)) })
        let plan = try await simulation(queue(), ["queue": samples], over: range(6000))
        #expect(told(plan.run()) == told(plan.run()))
    }
}
