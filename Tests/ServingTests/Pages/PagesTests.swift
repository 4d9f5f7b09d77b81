import Hummingbird
import Outbound
import Serving
import Synchronization
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(1))) struct PagesTests {
    @Test func `a process is alive, and ready when nothing speaks against it`() async throws {
        let router = Router(context: ServingContext.self)
        let shared = Box(["the caches are filling", "no leader"])
        HealthPages.add(to: router) { shared.value.withLock { $0 } }
        try await withServer(router) { port in
            for page in ["healthz", "livez"] { #expect(try await ask(page, at: port).text == "ok") }
            let unready = try await ask("readyz", at: port)
            #expect(unready.status == 503)
            #expect(unready.text == "not ready: the caches are filling\nnot ready: no leader\n")
            shared.value.withLock { $0 = [] }
            #expect(try await ask("readyz", at: port).text == "ok")
        }
    }

    @Test func `the metrics page is what Prometheus expects`() async throws {
        let registry = MetricRegistry()
        registry.counter("polls_total", help: "Polls.").add(3)
        let router = Router(context: ServingContext.self)
        MetricsPage.add(to: router, of: registry)
        try await withServer(router) { port in
            let page = try await ask("metrics", at: port)
            #expect(page.head["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(page.text.contains("polls_total 3\n"))
        }
    }
}

/// Reasons that change while others read them.
private final class Box: Sendable {
    /// Held.
    let value: Mutex<[String]>

    /// Takes the first ones.
    init(_ reasons: [String]) {
        self.value = Mutex(reasons)
    }
}
