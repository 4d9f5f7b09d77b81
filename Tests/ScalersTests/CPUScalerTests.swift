import KubeModel
import ScalerKit
import Scalers
import TestKit
import Testing

@Suite struct CPUScalerTests {
    @Test(
        arguments: [
            ("Utilization", "60", nil, MetricTarget.utilization(60)),
            ("Utilization", "+060", nil, .utilization(60)),
            ("Utilization", "250", "main", .utilization(250)),
            ("AverageValue", "500m", nil, .averageValue(Quantity(milli: 500))),
            ("AverageValue", "1.5", "main", .averageValue(Quantity(milli: 1500))),
        ] as [(String, String, String?, MetricTarget)]
    )
    func `the target is of the trigger's metric type`(
        type: String,
        value: String,
        container: String?,
        target: MetricTarget
    ) throws {
        var settings = ["value": value]
        settings["containerName"] = container
        let scaler = try CPUScaler.make(settings, metricType: type)
        #expect(scaler.measures(.testing()) == [.resource(name: "cpu", container: container, target: target)])
    }

    @Test(
        arguments: [
            (nil, ["value": "60"], "unknown metric type: ,"), ("", ["value": "60"], "allowed values are"),
            ("Value", ["value": "60"], "unknown metric type: Value"),
            ("Utilization", [:], "missing required parameter \"value\""), ("Utilization", ["value": "0"], "1 or more"),
            ("Utilization", ["value": "-5"], "1 or more"), ("Utilization", ["value": "60%"], "whole number of percent"),
            ("Utilization", ["value": "2147483648"], "whole number of percent"),
            ("Utilization", ["value": "0.5"], "whole number of percent"),
            ("AverageValue", ["value": "0"], "above 0"), ("AverageValue", ["value": "many"], "500m"),
            ("AverageValue", ["value": "-1"], "above 0"),
            ("Utilization", ["value": "60", "type": "Utilization"], "removed in KEDA 2.18"),
            ("Utilization", ["value": "60", "containerName": "Main"], "name of a container"),
        ] as [(String?, [String: String], String)]
    )
    func `a bad setting is refused with what is wrong`(type: String?, settings: [String: String], message: String) {
        let error = #expect(throws: SettingsError.self) { try CPUScaler.make(settings, metricType: type) }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test(arguments: ["Utilization", "AverageValue"])
    func `keeps the scaler contract`(type: String) async throws {
        try await ScalerContract.verify(
            CPUScaler.self,
            valid: ["value": "60", "containerName": "main"],
            metricType: type
        )
    }
}
