import Testing

@testable import Scaling

@Suite struct ReplicaCalculatorTests {
    /// A calculator with the default tolerance.
    private func calculator(
        replicas: Int,
        existing: Int? = nil,
        pods: [AutoscalerPod] = [],
        up: Double = 0.1,
        down: Double = 0.1
    ) -> ReplicaCalculator {
        ReplicaCalculator(
            seen: AutoscalerObservation(replicas: replicas, existingReplicas: existing, pods: pods, readings: []),
            tolerance: AutoscalerTolerance(up: up, down: down),
            settings: AutoscalerSettings(),
            now: noon
        )
    }

    @Test(arguments: [
        (0.9, true), (0.899, false), (1.0, true), (1.1, true), (1.101, false), (.infinity, false), (.nan, false),
        (0, false),
    ])
    func `a ratio within a tenth of 1 is close enough`(ratio: Double, expected: Bool) {
        #expect(AutoscalerTolerance(up: 0.1, down: 0.1).holds(ratio) == expected)
    }

    @Test(arguments: [(1.3, true), (1.31, false), (0.95, true), (0.94, false)])
    func `tolerances may differ by direction`(ratio: Double, expected: Bool) {
        #expect(AutoscalerTolerance(up: 0.3, down: 0.05).holds(ratio) == expected)
    }

    /// Usage and target in milli-units, existing replicas, the answer.
    static let averages: [(Int64, Int64, Int, Int)] = [
        (Int64(33_000), Int64(16_000), 1, 3),  // 33 rows at 16 a pod
        (32_000, 16_000, 2, 2), (33_000, 16_000, 2, 2), (35_200, 16_000, 2, 2), (35_201, 16_000, 2, 3),
        (28_800, 16_000, 2, 2), (28_799, 16_000, 2, 2), (14_000, 16_000, 2, 1), (0, 16_000, 2, 0),
        (1, 16_000, 0, 1), (48_000, 16_000, 0, 3), (0, 16_000, 0, 0),
        (.max, 1, 5, Int(Int32.max)),
        (10_000, 3000, 3, 4), (9000, 3000, 0, 3),
    ]

    @Test(arguments: averages)
    func `an average of an external metric divides it by the target`(
        usage: Int64,
        target: Int64,
        existing: Int,
        expected: Int
    ) throws {
        // The wanted replicas play no part.
        let calculator = calculator(replicas: 50, existing: existing)
        for metric in [
            AutoscalerMetric.external(name: "m", target: .averageValue(target)),
            AutoscalerMetric.object(name: "m", target: .averageValue(target)),
        ] {
            #expect(try calculator.propose(metric, .totals([usage])).replicas == expected)
        }
    }

    @Test func `the status shows the average of the existing replicas, rounded up, and none over no replicas`() throws {
        let metric = AutoscalerMetric.external(name: "m", target: .averageValue(1000))
        #expect(try calculator(replicas: 3).propose(metric, .totals([10_000])).current == .averageValue(3334))
        #expect(try calculator(replicas: 0).propose(metric, .totals([10_000])).current == nil)
    }

    /// Usage, wanted replicas, ready pods, pods in all, the answer (nil: failure); the target is 10 units.
    static let values: [(Int64, Int, Int, Int, Int?)] = [
        (Int64(20_000), 3, 3, 3, 6 as Int?), (20_000, 3, 2, 3, 4), (20_000, 3, 0, 3, 0), (20_000, 3, 0, 0, nil),
        (10_900, 3, 0, 0, 3), (11_100, 3, 3, 3, 4), (5000, 4, 4, 4, 2), (0, 4, 4, 4, 0),
        (31_000, 0, 0, 0, 4), (10_100, 0, 0, 0, 2), (0, 0, 0, 0, 0),  // from 0: the ratio itself, without tolerance
        (.max, 3, 3, 3, Int(Int32.max)),
    ]

    @Test(arguments: values)
    func `a value scales the ready pods by the ratio`(
        usage: Int64,
        replicas: Int,
        ready: Int,
        pods: Int,
        expected: Int?
    ) {
        let waiting = (ready..<max(pods, ready)).map { AutoscalerPod(name: "w\($0)", phase: .pending) }
        let calculator = calculator(replicas: replicas, pods: readyPods(ready) + waiting)
        for metric in [
            AutoscalerMetric.external(name: "m", target: .value(10_000)),
            AutoscalerMetric.object(name: "m", target: .value(10_000)),
        ] {
            #expect((try? calculator.propose(metric, .totals([usage])).replicas) == expected)
        }
    }

    /// The cases of the test that follows.
    static let sums: [([Int64], Int)] = [
        ([Int64](), 0), ([10_000, 20_000], 3), ([-1], Int(Int32.max)), ([5, -6, 100], Int(Int32.max)),
        ([-1, 2], Int(Int32.max)),
        ([6, -5], 1), ([.max, .max], Int(Int32.max)),
    ]

    @Test(arguments: sums)
    func `an external sum that is ever negative counts as an overflow`(values: [Int64], expected: Int) throws {
        let metric = AutoscalerMetric.external(name: "m", target: .averageValue(10_000))
        #expect(try calculator(replicas: 1, existing: 50).propose(metric, .totals(values)).replicas == expected)
    }

    /// The cases of the test that follows.
    static let oddValues: [(Int64, Int64, Int)] = [
        (Int64(-25_000), Int64(10_000), -2), (.min, 1, Int(Int32.min)), (5, 0, Int(Int32.max)), (0, 0, 0),
        (-5, 0, Int(Int32.min)),
    ]

    @Test(arguments: oddValues)
    func `odd object values stay within 32 bits`(value: Int64, target: Int64, expected: Int) throws {
        let metric = AutoscalerMetric.object(name: "m", target: .averageValue(target))
        #expect(try calculator(replicas: 1).propose(metric, .totals([value])).replicas == expected)
    }

    @Test func `a failed reading and one of the wrong kind fail`() {
        let external = AutoscalerMetric.external(name: "m", target: .averageValue(1))
        let pods = AutoscalerMetric.pods(name: "m", averageValue: 1)
        let failure = #expect(throws: AutoscalerFailure.self) {
            try calculator(replicas: 1).propose(external, .failure("no answer"))
        }
        #expect(failure?.description == "no answer")
        #expect(throws: AutoscalerFailure.self) { try calculator(replicas: 1).propose(external, .samples([:])) }
        #expect(throws: AutoscalerFailure.self) { try calculator(replicas: 1).propose(pods, .totals([1])) }
    }
}
