import Serving
import Testing

@testable import swell

@Suite struct ReadinessTests {
    @Test func `servers are awaited until they listen, unless they are off`() {
        let servers = AwaitedServers([
            (.externalMetrics, .everywhere(port: 6443)), (.webhooks, .at(host: "127.0.0.1", port: 9443)),
        ])
        #expect(
            servers.unready == [
                "the external metrics API does not listen yet", "the webhook server does not listen yet",
            ]
        )
        servers.arrived(.externalMetrics)
        #expect(servers.unready == ["the webhook server does not listen yet"])
        servers.arrived(.webhooks)
        #expect(servers.unready.isEmpty)
        #expect(AwaitedServers([(.externalMetrics, .off), (.webhooks, .off)]).unready.isEmpty)
    }
}
