import Foundation
import TestKit
import Testing

@testable import Scaling

/// The whole pass.
@Suite struct AutoscalerTests {
    /// One pass with one external total in units.
    private func pass(
        _ spec: AutoscalerSpec,
        replicas: Int,
        total: Int64,
        history: AutoscalerHistory = AutoscalerHistory(),
        settings: AutoscalerSettings = AutoscalerSettings(),
        now: Date = noon
    ) -> AutoscalerOutcome {
        let seen = AutoscalerObservation(replicas: replicas, readings: [.totals([total * 1000])])
        return autoscale(spec, seen, history: history, settings: settings, now: now)
    }

    @Test func `a target at 0 turns the autoscaler off, whatever its minimum`() {
        for minimum in [0, 1, 5] {
            let outcome = pass(externalSpec(min: minimum), replicas: 0, total: 100)
            #expect(!outcome.isRescale)
            #expect(outcome.cause == .disabled)
            #expect(outcome.reason(.scalingActive) == "ScalingDisabled")
            #expect(outcome.proposals.isEmpty)
            #expect(outcome.history.recommendations.map(\.replicas) == [0])
        }
    }

    @Test(arguments: [(30, 20, AutoscalerOutcome.Cause.aboveMaximum), (2, 5, .belowMinimum)])
    func `a count outside the bounds is put right at once, without metrics`(
        current: Int,
        expected: Int,
        cause: AutoscalerOutcome.Cause
    ) {
        let closed = AutoscalerRules(stabilization: 3600, policies: [.init(.pods(1), per: 60)], selection: .disabled)
        for behavior in [nil, AutoscalerBehavior(scaleUp: closed, scaleDown: closed)] {
            let spec = externalSpec(min: 5, max: 20, behavior: behavior)
            let past = history([(10, current)])
            let outcome = pass(spec, replicas: current, total: 70, history: past)
            #expect(outcome.desiredReplicas == expected)
            #expect(outcome.cause == cause)
            #expect(outcome.history == past)
            #expect(outcome.conditions.map(\.reason) == ["SucceededGetScale"])
            #expect(outcome.succeeded().conditions.map(\.reason) == ["SucceededRescale"])
            #expect(outcome.succeeded().history.rescales.map(\.change) == (behavior == nil ? [] : [expected - current]))
        }
    }

    @Test func `the first sight of a target holds a scale-down back for a whole window`() {
        var memory = AutoscalerHistory()
        var replicas: [Int] = []
        for second in stride(from: 0.0, through: 330, by: 15) {
            let outcome = pass(
                externalSpec(),
                replicas: 8,
                total: 30,
                history: memory,
                now: noon.addingTimeInterval(second)
            )
            memory = outcome.history
            replicas.append(outcome.desiredReplicas)
            if second < 315 { #expect(outcome.reason(.ableToScale) == "ScaleDownStabilized") }
        }
        // 300 seconds after the first sight its recommendation still counts; 315 after, no more.
        #expect(replicas == Array(repeating: 8, count: 21) + [3, 3])
    }

    @Test func `with behavior the edge of the window no longer counts`() {
        var memory = AutoscalerHistory()
        let spec = externalSpec(behavior: AutoscalerBehavior())
        let settings = AutoscalerSettings(downscaleStabilization: 60)
        var replicas: [Int] = []
        for second in stride(from: 0.0, through: 75, by: 15) {
            let outcome = pass(
                spec,
                replicas: 8,
                total: 30,
                history: memory,
                settings: settings,
                now: noon.addingTimeInterval(second)
            )
            memory = outcome.history
            replicas.append(outcome.desiredReplicas)
        }
        #expect(replicas == [8, 8, 8, 8, 3, 3])
    }

    @Test func `what is recorded is the recommendation before stabilising and limiting`() {
        for behavior in [nil, AutoscalerBehavior()] {
            let outcome = pass(
                externalSpec(max: 10, behavior: behavior),
                replicas: 2,
                total: 5000,
                history: history([(20, 2)])
            )
            #expect(outcome.history.recommendations.map(\.replicas) == [2, 500])
            #expect(outcome.desiredReplicas == (behavior == nil ? 4 : 6))
            #expect(outcome.reason(.scalingLimited) == "ScaleUpLimit")
            #expect(outcome.reason(.scalingActive) == "ValidMetricFound")
            #expect(outcome.cause == .metric("external metric s0-m"))
        }
    }

    /// A workload from 1 to 33 rows at 16 a pod, as Airflow's workers scale.
    @Test func `a worked example grows, is capped, and shrinks after the window`() {
        let spec = externalSpec(min: 1, max: 7, average: 16_000)
        var memory = AutoscalerHistory()
        var replicas = 1
        var seen: [Int] = []
        let rows: [Int64] = [0, 33, 33, 200, 200, 200, 20, 20] + Array(repeating: 20, count: 20)
        for (index, rows) in rows.enumerated() {
            let now = noon.addingTimeInterval(Double(index) * 15)
            let outcome = pass(spec, replicas: replicas, total: rows, history: memory, now: now).succeeded()
            (memory, replicas) = (outcome.history, outcome.desiredReplicas)
            seen.append(replicas)
        }
        // The last 200 rows came at 75 s, so 7 holds to 375 s inclusive; then 20 rows need 2.
        #expect(seen == [1, 3, 3, 6, 7, 7] + Array(repeating: 7, count: 20) + [2, 2])
    }

    @Test func `policies count this autoscaler's own changes`() {
        let up = AutoscalerRules(stabilization: 0, policies: [.init(.pods(2), per: 60)])
        let spec = externalSpec(behavior: AutoscalerBehavior(scaleUp: up))
        var memory = AutoscalerHistory()
        var replicas = 1
        var seen: [Int] = []
        for index in 0..<10 {
            let now = noon.addingTimeInterval(Double(index) * 15)
            let outcome = pass(spec, replicas: replicas, total: 900, history: memory, now: now).succeeded()
            (memory, replicas) = (outcome.history, outcome.desiredReplicas)
            seen.append(replicas)
        }
        #expect(seen == [3, 3, 3, 3, 5, 5, 5, 5, 7, 7])
    }

    @Test func `a scale that could not be written is not remembered as a change`() {
        let outcome = pass(externalSpec(behavior: AutoscalerBehavior()), replicas: 2, total: 50).failed("conflict")
        #expect(outcome.history.rescales.isEmpty)
        #expect(outcome.history.recommendations.map(\.replicas) == [2, 5])
        #expect(outcome.reason(.ableToScale) == "FailedUpdateScale")
        #expect(AutoscalerCondition.failedGetScale("gone").reason == "FailedGetScale")
    }

    /// Totals of three metrics at 10 units a pod (nil: failed), from 5 replicas: the answer (nil: no action).
    static let mixtures: [([Int64?], Int?, String)] = [
        ([10, 80, 30] as [Int64?], 8 as Int?, "ValidMetricFound"), ([nil, 80, nil], 8, "ValidMetricFound"),
        ([nil, 50, 20], 5, "ValidMetricFound"), ([nil, 20, 30], nil, "FailedGetExternalMetric"),
        ([20, nil, 30], nil, "FailedGetExternalMetric"), ([nil, nil, nil], nil, "FailedGetExternalMetric"),
        ([20, 10, 30], 3, "ValidMetricFound"), ([0, 0, 0], 1, "ValidMetricFound"),
    ]

    @Test(arguments: mixtures)
    func `the largest proposal wins, and a failed metric blocks only scale-down`(
        totals: [Int64?],
        expected: Int?,
        reason: String
    ) {
        let metrics = (0..<3).map { AutoscalerMetric.external(name: "s\($0)-m", target: .averageValue(10_000)) }
        let readings = totals.map { $0.map { .totals([$0 * 1000]) } ?? AutoscalerReading.failure("down") }
        let outcome = autoscale(
            AutoscalerSpec(maxReplicas: 100, metrics: metrics),
            AutoscalerObservation(replicas: 5, readings: readings),
            history: history([(400, 5)]),
            now: noon
        )
        #expect(outcome.desiredReplicas == expected ?? 5)
        #expect(outcome.reason(.scalingActive) == reason)
        #expect((outcome.cause == .metricsFailed) == (expected == nil))
        #expect(outcome.proposals.count == 3)
        if expected == nil {
            let first = totals.firstIndex(of: nil) ?? -1
            #expect(outcome.conditions.last?.message == "external metric s\(first)-m: down")
            #expect(outcome.history.recommendations.map(\.replicas) == [5])
        }
    }

    /// Totals of three metrics at 10 units a pod, the index of the one that wins.
    static let ties: [([Int64], Int)] = [
        ([0, 0, 0], 2), ([30, 10, 30], 0), ([0, 30, 30], 1), ([10, 30, 0], 1), ([30, 0, 0], 0),
    ]

    @Test(arguments: ties)
    func `of equal proposals the first wins, and of those for 0 the last`(totals: [Int64], winner: Int) {
        let metrics = (0..<3).map { AutoscalerMetric.external(name: "s\($0)-m", target: .averageValue(10_000)) }
        let seen = AutoscalerObservation(replicas: 2, readings: totals.map { .totals([$0 * 1000]) })
        let spec = AutoscalerSpec(maxReplicas: 9, metrics: metrics)
        let outcome = autoscale(spec, seen, history: AutoscalerHistory(), now: noon)
        #expect(outcome.cause == .metric("external metric s\(winner)-m"))
    }

    @Test(arguments: [(60.0, 1), (59.9, 5)])
    func `with behavior the controller's window counts in whole seconds`(age: Double, expected: Int) {
        let outcome = pass(
            externalSpec(behavior: AutoscalerBehavior()),
            replicas: 5,
            total: 10,
            history: history([(age, 5)]),
            settings: AutoscalerSettings(downscaleStabilization: 60.9)
        )
        #expect(outcome.desiredReplicas == expected)
    }

    @Test(arguments: [
        (AutoscalerMetric.external(name: "m", target: .value(1)), "FailedGetExternalMetric"),
        (.object(name: "m", target: .value(1)), "FailedGetObjectMetric"),
        (.pods(name: "m", averageValue: 1), "FailedGetPodsMetric"),
        (.resource(name: "cpu", target: .utilization(percent: 50)), "FailedGetResourceMetric"),
        (.resource(name: "cpu", container: "c", target: .utilization(percent: 50)), "FailedGetContainerResourceMetric"),
    ])
    func `a metric without a reading fails by its kind`(metric: AutoscalerMetric, reason: String) {
        let spec = AutoscalerSpec(maxReplicas: 10, metrics: [metric])
        let outcome = autoscale(
            spec,
            AutoscalerObservation(replicas: 2, readings: []),
            history: AutoscalerHistory(),
            now: noon
        )
        #expect(outcome.reason(.scalingActive) == reason)
        #expect(outcome.desiredReplicas == 2)
    }

    @Test func `an autoscaler without metrics does nothing and says so`() {
        let spec = AutoscalerSpec(maxReplicas: 10, metrics: [])
        let outcome = autoscale(
            spec,
            AutoscalerObservation(replicas: 2, readings: []),
            history: AutoscalerHistory(),
            now: noon
        )
        #expect(outcome.cause == .metricsFailed)
        #expect(outcome.reason(.scalingActive) == "FailedComputeMetricsReplicas")
    }

    @Test(arguments: [
        (AutoscalerObservation.Selector.invalid("no selector"), "InvalidSelector"),
        (.ambiguous(["a", "b"]), "AmbiguousSelector"),
    ])
    func `pods that cannot be told stop it, but not the bounds`(
        selector: AutoscalerObservation.Selector,
        reason: String
    ) {
        let seen = AutoscalerObservation(replicas: 2, selector: selector, readings: [.totals([900_000])])
        let outcome = autoscale(externalSpec(), seen, history: AutoscalerHistory(), now: noon)
        #expect(outcome.cause == .noSelector)
        #expect(!outcome.isRescale)
        #expect(outcome.reason(.scalingActive) == reason)
        #expect(autoscale(externalSpec(min: 3), seen, history: AutoscalerHistory(), now: noon).desiredReplicas == 3)
    }

    @Test func `it wakes only what it put to sleep itself, and only with the feature on`() {
        let on = AutoscalerSettings(downscaleStabilization: 0, scalesToZero: true)
        let spec = externalSpec(min: 0, behavior: AutoscalerBehavior())
        let asleep = pass(spec, replicas: 3, total: 0, history: history([(600, 0)]), settings: on).succeeded()
        #expect(asleep.desiredReplicas == 0)
        #expect(asleep.history.hasScaledToZero)
        #expect(pass(spec, replicas: 0, total: 25, history: asleep.history).cause == .disabled)
        #expect(pass(spec, replicas: 0, total: 25, history: AutoscalerHistory(), settings: on).cause == .disabled)
        let awake = pass(spec, replicas: 0, total: 25, history: asleep.history, settings: on).succeeded()
        #expect(awake.desiredReplicas == 3)
        #expect(!awake.history.hasScaledToZero)
        // The result is lifted to a minimum that was raised meanwhile, whatever the rates say.
        let slow = AutoscalerRules(policies: [.init(.percent(10), per: 60)])
        for behavior in [nil, AutoscalerBehavior(), AutoscalerBehavior(scaleUp: slow)] {
            let raised = externalSpec(min: 2, behavior: behavior)
            let outcome = pass(raised, replicas: 0, total: 0, history: asleep.history, settings: on)
            #expect(outcome.desiredReplicas == 2)
        }
        // With nothing but pod metrics there is nothing to wake by.
        let blind = AutoscalerSpec(minReplicas: 0, maxReplicas: 9, metrics: [.pods(name: "m", averageValue: 1)])
        let seen = AutoscalerObservation(replicas: 0, readings: [.samples([:])])
        #expect(autoscale(blind, seen, history: asleep.history, settings: on, now: noon).cause == .disabled)
    }

    @Test func `a negative object metric asks for nothing below 0`() {
        let metric = AutoscalerMetric.object(name: "m", target: .averageValue(1000))
        let seen = AutoscalerObservation(replicas: 5, readings: [.totals([-9000])])
        let spec = AutoscalerSpec(maxReplicas: 10, metrics: [metric])
        let outcome = autoscale(spec, seen, history: history([(400, 5)]), now: noon)
        #expect(outcome.history.recommendations.last?.replicas == 0)
        #expect(outcome.desiredReplicas == 1)
    }

    @Test func `the same arguments give the same outcome, and a pass never leaves the bounds`() {
        var generator = SeededGenerator(seed: testSeed)
        for _ in 0..<2000 {
            let minimum = Int.random(in: 1...5, using: &generator)
            let maximum = Int.random(in: minimum...12, using: &generator)
            let rules = AutoscalerRules(
                stabilization: Double(Int.random(in: 0...90, using: &generator)),
                policies: [.init(.pods(Int.random(in: 1...5, using: &generator)), per: 30)],
                selection: [.max, .min, .disabled].randomElement(using: &generator) ?? .max
            )
            let behavior = Bool.random(using: &generator) ? AutoscalerBehavior(scaleUp: rules, scaleDown: rules) : nil
            let spec = externalSpec(min: minimum, max: maximum, behavior: behavior)
            let past = history(
                (0..<4)
                    .map { _ in
                        (Double.random(in: 0...400, using: &generator), Int.random(in: 0...15, using: &generator))
                    },
                rescales: [(10, Int.random(in: -4...4, using: &generator))]
            )
            let replicas = Int.random(in: 1...15, using: &generator)
            let total = Int64.random(in: -5...200, using: &generator)
            let outcome = pass(spec, replicas: replicas, total: total, history: past)
            #expect(outcome == pass(spec, replicas: replicas, total: total, history: past), "seed \(testSeed)")
            #expect((minimum...maximum).contains(outcome.desiredReplicas), "\(outcome), seed \(testSeed)")
        }
    }
}
