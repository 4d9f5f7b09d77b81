import KubeModel
import Scaling
import Testing

@Suite struct ScaledObjectTests {
    /// An object with bounds and triggers.
    static func object(
        min: Int? = nil,
        max: Int? = nil,
        idle: Int? = nil,
        triggers: [ScaledObject.Trigger] = [.init(type: "cron", metadata: [:])]
    ) -> ScaledObject {
        var spec = ScaledObject.Spec(scaleTargetRef: .init(name: "web"), triggers: triggers)
        (spec.minReplicaCount, spec.maxReplicaCount, spec.idleReplicaCount) = (min, max, idle)
        return ScaledObject(metadata: ObjectMeta(name: "web", namespace: "default"), spec: spec)
    }

    @Test(
        arguments: [
            (nil, nil, nil, [String]()),
            (4, 60, nil, []),
            (5, 5, nil, []),
            (6, 5, nil, ["MinReplicaCount=6 must be less than MaxReplicaCount=5"]),
            (101, nil, nil, ["MinReplicaCount=101 must be less than MaxReplicaCount=100"]),
            (2, nil, 1, []),
            (2, nil, 2, ["IdleReplicaCount=2 must be less than MinReplicaCount=2"]),
            (0, nil, 0, []),  // an explicit 0 counts as 1
            (nil, nil, 0, ["IdleReplicaCount=0 must be less than MinReplicaCount=0"]),
        ] as [(Int?, Int?, Int?, [String])]
    )
    func `replica bounds are checked in KEDA's words`(min: Int?, max: Int?, idle: Int?, messages: [String]) {
        #expect(Self.object(min: min, max: max, idle: idle).replicaProblems.map(\.message) == messages)
    }

    @Test func `all problems of all triggers are found at once`() {
        let object = Self.object(triggers: [
            .init(type: "cron", name: "a", metadata: [:], useCachedMetrics: true),
            .init(type: "prometheus", name: "a", metadata: [:], useCachedMetrics: true),
            .init(type: "prometheus", name: "", metadata: [:]),
            .init(type: "prometheus", name: "", metadata: [:]),
        ])
        #expect(object.triggerProblems.map(\.field) == ["spec.triggers[0].useCachedMetrics", "spec.triggers[1].name"])
        #expect(Self.object(triggers: []).triggerProblems.map(\.field) == ["spec.triggers"])
    }

    @Test(arguments: [
        ("cron-Asia/Seoul-0x", 3, "s3-cron-Asia-Seoul-0x"),
        ("a.b:c%d(e)f_G h@", 0, "s0-a-b-c-d-e-f_G h@"),
    ])
    func `metric names carry the trigger's place and only safe marks`(name: String, index: Int, expected: String) {
        #expect(MetricName.make(name, index: index) == expected)
    }
}
