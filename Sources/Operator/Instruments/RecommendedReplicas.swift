internal import KubeModel
internal import Scaling
internal import Telemetry

/// What Swell recommends beside what is in place, for objects that it does not manage, gathered when the page is read.
///
/// Nothing is kept up to date in between, so nothing can outlive what it tells of.
enum RecommendedReplicas {
    /// The two families.
    ///
    /// An object that rests is in neither.
    static func families(of runtimes: RuntimeTable) -> [MetricFamily] {
        var recommended: [MetricFamily.Series] = []
        var present: [MetricFamily.Series] = []
        for (key, runtime) in runtimes.all where runtimes.reason(for: key) == nil {
            guard let latest = runtime.latest, latest.mode == .recommend else { continue }
            let names: MetricLabels = ["namespace": key.namespace, "scaledObject": key.name]
            present.append(MetricFamily.Series(names, .number(Double(latest.seen.replicas))))
            recommended.append(MetricFamily.Series(names, .number(Double(latest.recommendation))))
        }
        return [
            MetricFamily(
                "swell_recommended_replicas",
                help: "Replicas that Swell would go to from those in place, where it only recommends.",
                kind: .gauge,
                series: recommended
            ),
            MetricFamily(
                "swell_present_replicas",
                help: "Replicas that a workload asked for at its last poll, where Swell only recommends.",
                kind: .gauge,
                series: present
            ),
        ]
    }
}
