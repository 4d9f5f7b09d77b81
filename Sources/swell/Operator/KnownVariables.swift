/// The variables of KEDA's processes, and what becomes of them.
///
/// - Source: KEDA after 2.20.2, `pkg/util` and `pkg/scaling`; Vault, `api/client.go`; AWS, "SDKs and Tools Reference".
enum KnownVariables {
    /// Those that are read.
    static let works = [
        "WATCH_NAMESPACE", "WATCH_LABEL_SELECTOR", "WATCH_LABEL_SELECTOR_FOR_TRIGGERAUTH", "POD_NAMESPACE", "POD_NAME",
        "POD_IP", "KEDA_CLUSTER_OBJECT_NAMESPACE", "KEDA_RESTRICT_SECRET_ACCESS", "KEDA_HTTP_DEFAULT_TIMEOUT",
        "KEDA_HTTP_DISABLE_KEEP_ALIVE", "KEDA_HTTP_MIN_TLS_VERSION", "KEDA_HTTP_TLS_CIPHER_LIST",
        "KEDA_SERVICE_MIN_TLS_VERSION", "KEDA_SERVICE_TLS_CIPHER_LIST", "KEDA_SCALEDOBJECT_CTRL_MAX_RECONCILES",
        "KEDA_OPERATOR_LEADER_ELECTION_LEASE_DURATION", "KEDA_OPERATOR_LEADER_ELECTION_RENEW_DEADLINE",
        "KEDA_OPERATOR_LEADER_ELECTION_RETRY_PERIOD", "KEDA_BOUND_SERVICE_ACCOUNT_TOKEN_EXPIRY",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "VAULT_TOKEN", "VAULT_CACERT",
        "VAULT_SKIP_VERIFY", "KUBECONFIG", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
        "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_ROLE_SESSION_NAME", "AWS_ENDPOINT_URL_STS",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    ]

    /// Those that change nothing, each with why and whether somebody may miss something.
    static let withoutEffect: [(names: [String], isMissed: Bool, because: String)] = [
        (["OPERATOR_NAME"], false, "nothing is called by it, nor is it in KEDA"),
        (
            ["KEDA_CHECK_UNEXPECTED_SCALERS_PARAMS"], false, "keys that a trigger does not know are told in any case"
        ),
        (["KEDA_SCALEDJOB_CTRL_MAX_RECONCILES"], true, "there are no ScaledJobs yet; only its value is checked"),
        (["RAW_METRICS_GRPC_PROTOCOL", "RAW_METRICS_MODE"], true, "there is no stream of raw metrics"),
        (
            [
                "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL",
                "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_INSECURE",
                "OTEL_EXPORTER_OTLP_CERTIFICATE", "OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_METRIC_EXPORT_INTERVAL",
                "OTEL_METRIC_EXPORT_TIMEOUT", "OTEL_RESOURCE_ATTRIBUTES", "OTEL_SERVICE_NAME",
            ],
            true, "metrics are not sent by OpenTelemetry; collect them from the Prometheus page instead"
        ),
        (
            [
                "VAULT_ADDR", "VAULT_AGENT_ADDR", "VAULT_CACERT_BYTES", "VAULT_CAPATH",
                "VAULT_CLIENT_CERT", "VAULT_CLIENT_KEY", "VAULT_CLIENT_TIMEOUT", "VAULT_NAMESPACE",
                "VAULT_TLS_SERVER_NAME", "VAULT_MAX_RETRIES", "VAULT_RATE_LIMIT", "VAULT_SRV_LOOKUP",
                "VAULT_HTTP_PROXY", "VAULT_PROXY_ADDR", "VAULT_DISABLE_REDIRECTS", "VAULT_WRAP_TTL", "VAULT_MFA",
            ],
            true,
            "Vault is reached as the TriggerAuthentication says; only its token, authorities and verification are read"
        ),
        (
            ["AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"], true,
            "the operator's AWS credentials come from variables, a web identity or container credentials only"
        ),
    ]

    /// What to tell of the variables that are set and change nothing.
    static func remarks(on variables: [String: String]) -> [Remark] {
        withoutEffect.flatMap { group in
            group.names.filter { !(variables[$0] ?? "").isEmpty }
                .map { Remark(isWarning: group.isMissed, text: "\($0) has no effect: \(group.because)") }
        }
    }
}
