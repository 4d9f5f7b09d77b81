extension KnownFlags {
    /// Those that KEDA's metrics server has of its own, and from the library that it is made with.
    ///
    /// - Source: KEDA after 2.20.2 and 2.10, `cmd/adapter/main.go`; custom-metrics-apiserver, `pkg/cmd/builder.go`.
    static let metricsServerFlags: [KnownFlag] =
        [
            .alias("secure-port", of: "external-metrics-bind-address"),
            .alias("bind-address", of: "external-metrics-bind-address"),
            .works("tls-min-version"), .works("tls-cipher-suites"),
        ]
        + KnownFlag.needless(
            ["metrics-service-address", "metrics-service-grpc-authority"],
            because: "operator and metrics API are one process, and replicas find their leader by the Lease"
        )
        + KnownFlag.needless(["msg"], because: "what is logged at the start is fixed")
        + KnownFlag.needless(
            ["lister-kubeconfig", "discovery-interval", "client-qps", "client-burst"],
            because: "the metrics API needs no client of its own; --kubeconfig and --kube-api-qps are for all"
        )
        + KnownFlag.missing(
            ["metrics-port", "metrics-path"],
            because: "the Prometheus page is /metrics at --metrics-bind-address"
        )

    /// Those of any Kubernetes API server's HTTPS, authentication and authorisation.
    ///
    /// - Source: Kubernetes, `apiserver/pkg/server/options`.
    static let securityFlags: [KnownFlag] =
        KnownFlag.missing(
            ["tls-cert-file", "tls-private-key-file", "tls-sni-cert-key"],
            because: "the certificate is tls.crt and tls.key in --cert-dir, or the one in --cert-secret-name"
        )
        + KnownFlag.missing(
            [
                "client-ca-file", "requestheader-client-ca-file", "requestheader-allowed-names",
                "requestheader-username-headers", "requestheader-uid-headers", "requestheader-group-headers",
                "requestheader-extra-headers-prefix",
            ],
            because: vouching
        )
        + KnownFlag.missing(
            ["authentication-skip-lookup", "authentication-tolerate-lookup-failure"],
            .boolean,
            because: vouching
        )
        + KnownFlag.missing(
            ["authentication-kubeconfig", "authorization-kubeconfig"],
            because: "callers are looked up where --kubeconfig leads"
        )
        + KnownFlag.missing(
            [
                "authentication-token-webhook-cache-ttl", "authorization-webhook-cache-authorized-ttl",
                "authorization-webhook-cache-unauthorized-ttl",
            ],
            because: "answers about callers are remembered for 10 s"
        )
        + KnownFlag.missing(
            ["authorization-always-allow-paths"],
            because: "/healthz, /livez and /readyz are open to all, and no other path is"
        )
        + KnownFlag.needless(
            ["http2-max-streams-per-connection"],
            because: "the server bounds requests in all"
        )
        + KnownFlag.needless(
            [
                "permit-port-sharing", "permit-address-sharing", "disable-http2-serving", "profiling",
                "contention-profiling", "enable-priority-and-fairness",
            ],
            .boolean,
            because: "it is about how a Go API server works inside"
        )
        + KnownFlag.needless(["debug-socket-path"], because: "it is about how a Go API server works inside")

    /// Those of a Kubernetes API server's audit log.
    ///
    /// - Source: Kubernetes, `apiserver/pkg/server/options/audit.go`.
    static let auditFlags: [KnownFlag] = {
        let reason = "there is no audit log; the API server's own has every request for a metric"
        let booleans = ["audit-log-compress"] + both(["batch-throttle-enable", "truncate-enabled"])
        let values =
            [
                "audit-policy-file", "audit-log-path", "audit-log-maxage", "audit-log-maxbackup", "audit-log-maxsize",
                "audit-log-format", "audit-webhook-config-file", "audit-webhook-initial-backoff",
            ]
            + both([
                "mode", "version", "batch-buffer-size", "batch-max-size", "batch-max-wait", "batch-throttle-qps",
                "batch-throttle-burst", "truncate-max-batch-size", "truncate-max-event-size",
            ])
        return KnownFlag.missing(booleans, .boolean, because: reason) + KnownFlag.missing(values, because: reason)
    }()

    /// Where it stands whom to believe.
    private static let vouching =
        "who may vouch for a caller stands in ConfigMap kube-system/extension-apiserver-authentication"

    /// Names that the audit log has once for its file and once for its webhook.
    private static func both(_ names: [String]) -> [String] {
        ["log", "webhook"].flatMap { place in names.map { "audit-\(place)-\($0)" } }
    }
}
