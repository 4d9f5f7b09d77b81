import KubeModel
import Scaling
import Testing

@Suite struct FallbackPolicyTests {
    /// A spec with a fallback.
    static func spec(threshold: Int, replicas: Int, _ behavior: String? = nil) -> ScaledObject.Spec {
        var spec = ScaledObject.Spec(scaleTargetRef: .init(name: "web"), triggers: [])
        spec.fallback = .init(failureThreshold: threshold, replicas: replicas, behavior: behavior)
        return spec
    }

    @Test(
        arguments: [
            (nil, 3, 6, 6), ("", 3, 6, 6), ("static", 3, 6, 6), ("static", 9, 6, 6),
            ("currentReplicas", 3, 6, 3), ("currentReplicas", 9, 6, 9),
            ("currentReplicasIfHigher", 3, 6, 6), ("currentReplicasIfHigher", 9, 6, 9),
            ("currentReplicasIfLower", 3, 6, 3), ("currentReplicasIfLower", 9, 6, 6),
            ("scalingModifiers", 3, 6, 6),
        ] as [(String?, Int, Int, Int)]
    )
    func `each behavior wants its number of pods`(behavior: String?, current: Int, replicas: Int, wanted: Int) throws {
        let policy = try #require(FallbackPolicy(Self.spec(threshold: 3, replicas: replicas, behavior)))
        #expect(policy.wanted(current: current) == wanted)
    }

    @Test(arguments: [(-1, 1, nil), (1, -1, nil), (1, 1, "sometimes")] as [(Int, Int, String?)])
    func `what is not valid is no fallback`(threshold: Int, replicas: Int, behavior: String?) {
        #expect(FallbackPolicy(Self.spec(threshold: threshold, replicas: replicas, behavior)) == nil)
    }

    @Test(arguments: [(3, 3, false), (3, 4, true), (0, 0, false), (0, 1, true)])
    func `the failure after the threshold brings the fallback`(threshold: Int, failures: Int, begins: Bool) throws {
        let policy = try #require(FallbackPolicy(Self.spec(threshold: threshold, replicas: 1)))
        #expect(policy.begins(after: failures) == begins)
    }

    @Test(
        arguments: [
            (MetricTarget.averageValue(Quantity(5)), 6, 0, Quantity(30)),
            (.averageValue(Quantity(milli: 2200)), 3, 0, Quantity(milli: 6600)),
            (.averageValue(Quantity(5)), 0, 0, Quantity(0)),
            (.value(Quantity(5)), 6, 2, Quantity(15)),
            (.value(Quantity(5)), 6, 4, Quantity(milli: 7500)),
            (.value(Quantity(10)), 1, 3, Quantity(milli: 3333)),
            (.value(Quantity(5)), 6, 0, nil),
        ] as [(MetricTarget, Int, Int, Quantity?)]
    )
    func `the HPA is told what makes it want those pods`(
        target: MetricTarget,
        replicas: Int,
        ready: Int,
        expected: Quantity?
    ) {
        #expect(FallbackPolicy.value(for: target, replicas: replicas, ready: ready) == expected)
    }

    @Test func `failures are counted in a row, to one past the threshold, and shown in the status`() throws {
        let policy = try #require(FallbackPolicy(Self.spec(threshold: 2, replicas: 1)))
        var counts = FailureCounts()
        for expected in [1, 2, 3, 3, 3] {
            counts.note(["s0-x"], hasFailed: true, under: policy)
            #expect(counts["s0-x"] == expected)
        }
        counts.note(["s1-y"], hasFailed: false, under: policy)
        #expect(counts.health["s0-x"] == .init(numberOfFailures: 3, status: .failing))
        #expect(counts.health["s1-y"] == .init(numberOfFailures: 0, status: .happy))
        #expect(FailureCounts(resuming: counts.health) == counts)
        counts.note(["s0-x"], hasFailed: false, under: policy)
        #expect(counts["s0-x"] == 0)
        counts.keep(["s1-y"])
        #expect(counts.health.keys.sorted() == ["s1-y"])
    }
}
