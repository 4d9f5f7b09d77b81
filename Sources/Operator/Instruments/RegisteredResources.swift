internal import KubeModel
internal import Scaling
internal import Telemetry

/// How many of KEDA's objects there are, counted when the page is read.
///
/// Nothing is kept up to date in between, so nothing can run out of step with the stores.
///
/// - Source: KEDA, `pkg/metricscollector`, `keda_resource_registered_total` and `keda_trigger_registered_total`; both
///   are gauges, whatever their names say.
enum RegisteredResources {
    /// KEDA's words for its kinds.
    enum Kind: String, Sendable {
        case scaledObject = "scaled_object"
        case scaledJob = "scaled_job"
        case triggerAuthentication = "trigger_authentication"
        case clusterTriggerAuthentication = "cluster_trigger_authentication"
    }

    /// Where a kind's objects are counted that have no namespace.
    private static let clusterWide = "default"

    /// The family of objects by kind and namespace.
    ///
    /// - Parameter kinds: the keys of each kind's objects.
    /// - Returns: a value for the page.
    static func resources(_ kinds: [Kind: [ObjectKey]]) -> MetricFamily {
        var series: [MetricFamily.Series] = []
        for (kind, keys) in kinds {
            let counts = Dictionary(grouping: keys) { $0.namespace.isEmpty ? clusterWide : $0.namespace }
            series += counts.map { namespace, keys in
                MetricFamily.Series(["type": kind.rawValue, "namespace": namespace], .number(Double(keys.count)))
            }
        }
        return MetricFamily(
            "keda_resource_registered_total",
            help: "Objects of KEDA's kinds by kind and namespace.",
            kind: .gauge,
            series: series
        )
    }

    /// The family of triggers by type.
    ///
    /// - Parameter types: one for each trigger.
    /// - Returns: a value for the page.
    static func triggers(_ types: some Sequence<String>) -> MetricFamily {
        var counts: [String: Int] = [:]
        for type in types where !type.isEmpty { counts[type, default: 0] += 1 }
        return MetricFamily(
            "keda_trigger_registered_total",
            help: "Triggers of all ScaledObjects by type.",
            kind: .gauge,
            series: counts.map { MetricFamily.Series(["type": $0.key], .number(Double($0.value))) }
        )
    }
}
