public import Telemetry

extension LeaderElector {
    /// Has the page of metrics tell whether we lead.
    ///
    /// - Parameters:
    ///   - page: tells it.
    ///   - name: of the election, KEDA's `--leader-election-id`.
    /// - Source: Kubernetes, `component-base/metrics/prometheus/clientgo/leaderelection`.
    public func tell(_ page: MetricRegistry, as name: String) {
        page.collect { [weak self] in
            guard let self else { return [] }
            return [
                MetricFamily(
                    "leader_election_master_status",
                    help: "Whether this process leads, by election.",
                    kind: .gauge,
                    series: [MetricFamily.Series(["name": name], .number(self.isLeading ? 1 : 0))]
                )
            ]
        }
    }
}
