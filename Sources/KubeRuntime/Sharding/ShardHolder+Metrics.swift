public import Telemetry

extension ShardHolder {
    /// Has the page of metrics tell which shards are ours, under the name that ``LeaderElector`` uses for its own.
    ///
    /// - Parameter page: tells it.
    public func tell(_ page: MetricRegistry) {
        page.collect { [weak self] in
            guard let self else { return [] }
            let owned = self.owned
            return [
                MetricFamily(
                    "swell_shard_owned",
                    help: "Whether this process works on the objects of a shard.",
                    kind: .gauge,
                    series: (0..<self.layout.count)
                        .map { shard in
                            MetricFamily.Series(["shard": "\(shard)"], .number(owned.contains(shard) ? 1 : 0))
                        }
                )
            ]
        }
    }
}
