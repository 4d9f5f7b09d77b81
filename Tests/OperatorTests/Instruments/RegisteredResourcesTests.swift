import KubeModel
import Telemetry
import TestKit
import Testing

@testable import Operator

@Suite struct RegisteredResourcesTests {
    /// A page of one family.
    static func page(_ family: MetricFamily) throws -> ScrapedPage {
        try #require(ScrapedPage(PrometheusText.page([family])))
    }

    @Test func `objects are counted by kind and namespace, those without one in default`() throws {
        let page = try Self.page(
            RegisteredResources.resources([
                .scaledObject: [
                    ObjectKey(namespace: "shop", name: "web"), ObjectKey(namespace: "shop", name: "worker"),
                    ObjectKey(namespace: "bank", name: "web"),
                ],
                .clusterTriggerAuthentication: [ObjectKey(namespace: "", name: "vault")],
                .triggerAuthentication: [],
            ])
        )
        let name = "keda_resource_registered_total"
        #expect(page.types == [name: "gauge"])
        #expect(page[name, ["type": "scaled_object", "namespace": "shop"]] == 2)
        #expect(page[name, ["type": "scaled_object", "namespace": "bank"]] == 1)
        #expect(page[name, ["type": "cluster_trigger_authentication", "namespace": "default"]] == 1)
        #expect(page.samples.count == 3)
    }

    @Test func `triggers are counted by type, those without one not at all`() throws {
        let page = try Self.page(RegisteredResources.triggers(["cron", "prometheus", "", "cron"]))
        let name = "keda_trigger_registered_total"
        #expect(page.types == [name: "gauge"])
        #expect(page[name, ["type": "cron"]] == 2)
        #expect(page[name, ["type": "prometheus"]] == 1)
        #expect(page.samples.count == 2)
    }
}
