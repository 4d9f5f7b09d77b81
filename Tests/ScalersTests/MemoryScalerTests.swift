import KubeModel
import ScalerKit
import Scalers
import TestKit
import Testing

@Suite struct MemoryScalerTests {
    @Test func `the resource is memory`() throws {
        let scaler = try MemoryScaler.make(["value": "256Mi"], metricType: "AverageValue")
        let target = MetricTarget.averageValue(Quantity(256 << 20))
        #expect(scaler.measures(.testing()) == [.resource(name: "memory", container: nil, target: target)])
    }

    @Test func `keeps the scaler contract`() async throws {
        try await ScalerContract.verify(MemoryScaler.self, valid: ["value": "80"], metricType: "Utilization")
    }
}
