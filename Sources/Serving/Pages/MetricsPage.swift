public import Hummingbird
import HummingbirdCore
public import Telemetry

/// The page that Prometheus reads: `/metrics`.
public enum MetricsPage {
    /// Adds the page to a router.
    public static func add(to router: Router<ServingContext>, of registry: MetricRegistry) {
        router.get("metrics") { _, _ in Response.text(registry.page(), contentType: PrometheusText.contentType) }
    }
}
