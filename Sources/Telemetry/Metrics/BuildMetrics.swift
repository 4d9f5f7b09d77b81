/// What program this is, as a metric that is always 1.
///
/// Its labels are KEDA's, where those of Go hold what Swift has in their place.
///
/// - Source: KEDA, `pkg/metricscollector`, `keda_build_info`.
public enum BuildMetrics {
    /// The family of one series.
    ///
    /// - Parameter version: the program's.
    /// - Returns: a value for the page.
    public static func family(version: String) -> MetricFamily {
        MetricFamily(
            "keda_build_info",
            help: "Swell's version, where a dashboard looks for KEDA's.",
            kind: .gauge,
            series: [
                MetricFamily.Series(
                    [
                        "version": version, "git_commit": "unknown", "goversion": "swift", "goos": system,
                        "goarch": architecture,
                    ],
                    .number(1)
                )
            ]
        )
    }

    /// The operating system, in Go's words.
    private static var system: String {
        #if os(Linux)
        "linux"
        #elseif os(macOS)
        "darwin"
        #else
        "unknown"
        #endif
    }

    /// The processor, in Go's words.
    private static var architecture: String {
        #if arch(x86_64)
        "amd64"
        #elseif arch(arm64)
        "arm64"
        #else
        "unknown"
        #endif
    }
}
