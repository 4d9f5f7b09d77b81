import KubeClient
import KubeModel
import Outbound
import Telemetry
import TestKit
import Testing

@Suite struct RestClientMetricsTests {
    @Test func `requests are counted by code, method and host`() async throws {
        let page = MetricRegistry()
        let transport = ScriptedTransport { request in
            request.method == .get ? .json("{}") : .failure(OutboundError(.connectionLost, "lost"))
        }
        let counted = RestClientMetrics(page).counting(transport, time: ManualClock().source)
        let server = WebAddress(scheme: "https", host: "api", port: 6443)
        let client = KubeClient(KubeConfiguration(server: server), over: counted)
        let type = ResourceType(GroupVersion("apps", "v1"), kind: "Deployment", plural: "deployments")
        let key = ObjectKey(namespace: "shop", name: "web")
        _ = try await client.send(.get(type, key))
        _ = try await client.send(.get(type, key))
        await #expect(throws: KubeError.self) { try await client.delete(type, key) }
        let scraped = try #require(ScrapedPage(page.page()))
        #expect(
            scraped["rest_client_requests_total", ["code": "200", "method": "GET", "host": "api:6443"]] == 2
        )
        #expect(
            scraped["rest_client_requests_total", ["code": "<error>", "method": "DELETE", "host": "api:6443"]] == 1
        )
        #expect(
            scraped["rest_client_request_duration_seconds_count", ["verb": "GET", "host": "api:6443"]] == 2
        )
    }
}
