import KubeModel
import Scaling
import Testing

@Suite struct ScaledObjectNameRulesTests {
    @Test(
        arguments: [
            (54, nil, []), (55, nil, ["metadata.name"]), (64, nil, ["metadata.name"]), (63, 63, []),
            (5, 64, ["spec.advanced.horizontalPodAutoscalerConfig.name"]),
        ] as [(Int, Int?, [String])]
    )
    func `names must fit labels and the HPA`(length: Int, hpa: Int?, fields: [String]) {
        var object = ScaledObjectTests.object()
        object.metadata.name = String(repeating: "n", count: length)
        if let hpa {
            object.spec.advanced = .init(horizontalPodAutoscalerConfig: .init(name: String(repeating: "h", count: hpa)))
        }
        #expect(object.nameProblems.map(\.field) == fields)
    }

    @Test(
        arguments: [
            ("cron", nil, true), ("cron", "", true), ("cron", "Value", true), ("cron", "AverageValue", true),
            ("cron", "Utilization", false), ("cron", "value", false),
            ("cpu", "Utilization", true), ("memory", "AverageValue", true), ("cpu", nil, false),
            ("cpu", "Value", false),
        ] as [(String, String?, Bool)]
    )
    func `metric types fit the trigger`(type: String, metricType: String?, isGood: Bool) {
        let object = ScaledObjectTests.object(triggers: [.init(type: type, metadata: [:], metricType: metricType)])
        #expect(object.metricTypeProblems.map(\.field) == (isGood ? [] : ["spec.triggers[0].metricType"]))
    }
}
