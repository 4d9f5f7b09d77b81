import KubeModel
import ScalerKit
import Scalers
import Synchronization
import TestKit
import Testing

@Suite struct KubernetesWorkloadScalerTests {
    static let settings = ["podSelector": "app=source, tier in (a,b)", "value": "2.5"]

    /// A cluster with five pods on two nodes.
    static let count = PodCount(pods: 5, nodes: ["one", "two"])

    @Test func `pods of the object's namespace are asked for by the selector`() async throws {
        let asked = Mutex<[PodQuery]>([])
        let world = ScalerWorld.testing(pods: { query in
            asked.withLock { $0.append(query) }
            return Self.count
        })
        _ = try await KubernetesWorkloadScaler.make(Self.settings).readOnly(world)
        let selector = LabelSelector([.isIn("app", ["source"]), .isIn("tier", ["a", "b"])])
        #expect(asked.withLock { $0 } == [PodQuery(in: "shop", selector, deadline: .seconds(3))])
    }

    @Test(arguments: [
        ([:], 5.0, true), (["activationValue": "4.9"], 5, true), (["activationValue": "5"], 5, false),
        (["groupByNode": "true"], 2, true), (["groupByNode": "true", "activationValue": "2"], 2, false),
    ])
    func `pods count, or the nodes that they are on`(
        change: [String: String],
        value: Double,
        isActive: Bool
    ) async throws {
        let scaler = try KubernetesWorkloadScaler.make(Self.settings.merging(change) { $1 })
        let reading = try await scaler.readOnly(.testing(pods: { _ in Self.count }))
        #expect(reading == Reading(value: value, isActive: isActive))
    }

    @Test func `the metric is named by the namespace`() throws {
        let measures = try KubernetesWorkloadScaler.make(Self.settings).measures(.testing())
        #expect(measures == [.external(name: "workload-shop", target: Quantity(milli: 2500))])
    }

    @Test(arguments: [
        (["podSelector": ""], "podSelector"), (["podSelector": "a in ("], "label selector"),
        (["value": ""], "greater than 0"), (["value": "0"], "at least 0.001"), (["value": "-1"], "at least 0.001"),
        (["groupByNode": "maybe"], "true or false"),
    ])
    func `a bad setting is refused with what is wrong`(change: [String: String], message: String) {
        let error = #expect(throws: SettingsError.self) {
            try KubernetesWorkloadScaler.make(Self.settings.merging(change) { $1 })
        }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test func `a trigger that only feeds a formula needs no value`() throws {
        let scaler = try KubernetesWorkloadScaler.make(["podSelector": "app=source"], feedsFormula: true)
        #expect(scaler.measures(.testing()) == [.external(name: "workload-shop", target: Quantity(0))])
    }

    @Test func `keeps the scaler contract`() async throws {
        try await ScalerContract.verify(
            KubernetesWorkloadScaler.self,
            valid: Self.settings.merging(["activationValue": "1", "groupByNode": "false"]) { $1 },
            pods: { _ in Self.count }
        )
    }
}
