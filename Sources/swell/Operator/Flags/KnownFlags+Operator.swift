extension KnownFlags {
    /// Those of KEDA's operator.
    ///
    /// - Source: KEDA after 2.20.2, `cmd/operator/main.go`.
    static let operatorFlags: [KnownFlag] =
        [
            .works("kubeconfig"), .works("leader-elect", .boolean), .works("leader-election-id"),
            .works("enable-prometheus-metrics", .boolean), .works("enable-high-cardinality-metrics-labels", .boolean),
            .works("metrics-bind-address"), .alias("health-probe-bind-address", of: "health-bind-address"),
            .works("metrics-service-bind-address"), .works("kube-api-qps"), .works("kube-api-burst"),
            .works("cert-secret-name"), .works("cert-dir"), .works("enable-cert-rotation", .boolean),
            .works("operator-service-name"), .works("metrics-server-service-name"), .works("webhooks-service-name"),
            .works("validating-webhook-name"), .works("enable-webhook-patching", .boolean),
            .works("enable-apiservice-patching", .boolean), .works("k8s-cluster-domain"),
            .works("ca-dir"), .works("filepath-auth-root-path"), .works("http-max-idle-conns"),
            .works("http-idle-conn-timeout"),
        ]
        + KnownFlag.needless(
            ["http-max-idle-conns-per-host"],
            because: "idle connections are bounded in all, by --http-max-idle-conns, not for each host"
        )
        + KnownFlag.needless(
            ["disable-compression"],
            .boolean,
            because: "the API server compresses what is large, and nothing else"
        )
        + KnownFlag.needless(
            ["k8s-cluster-name"],
            because: "only CloudEvents name the cluster, and there are none yet"
        )
        + KnownFlag.missing(
            ["enable-opentelemetry-metrics"],
            .boolean,
            because: "metrics are not sent by OpenTelemetry; collect them from the Prometheus page instead"
        )
        + KnownFlag.missing(
            ["profiling-bind-address"],
            because: "there is no profile of a Go program; use perf on the process instead"
        )

    /// Those that KEDA's webhooks have and its operator has not.
    ///
    /// The port is also one of the metrics server's, for another thing.
    ///
    /// - Source: KEDA after 2.20.2, `cmd/webhooks/main.go`.
    static let webhookFlags: [KnownFlag] =
        KnownFlag.missing(
            ["port"],
            because: """
                the webhooks' port and the metrics server's Prometheus port have the same name; use \
                --webhook-bind-address for the one, --metrics-bind-address for the other
                """
        )
        + KnownFlag.needless(
            ["cache-miss-to-direct-client"],
            .boolean,
            because: "the webhooks ask the API server where they must, and nobody needs to say so"
        )
}
