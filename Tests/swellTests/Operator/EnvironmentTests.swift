import ArgumentParser
import KubeModel
import Outbound
import Testing

@testable import swell

@Suite struct EnvironmentTests {
    typealias Configuration = OperatorConfiguration

    /// A variable, a value, and what must come of it.
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let value: String
        let check: @Sendable (Configuration) -> Bool

        init(_ name: String, _ value: String, _ check: @escaping @Sendable (Configuration) -> Bool) {
            (self.name, self.value, self.check) = (name, value, check)
        }

        var testDescription: String { "\(name)=\(value)" }
    }

    @Test(arguments: [
        Row("WATCH_NAMESPACE", "a,b") { $0.namespaces == ["a", "b"] },
        Row("WATCH_LABEL_SELECTOR", "") { $0.watchedObjects == LabelSelector() },
        Row("WATCH_LABEL_SELECTOR", "\"\"") { $0.watchedObjects == LabelSelector() },
        Row("WATCH_LABEL_SELECTOR", "a=b,!c") {
            $0.watchedObjects == LabelSelector([.isIn("a", ["b"]), .isAbsent("c")])
        },
        Row("WATCH_LABEL_SELECTOR_FOR_TRIGGERAUTH", "tier in (x,y)") {
            $0.watchedAuthentications == LabelSelector([.isIn("tier", ["x", "y"])])
        },
        Row("POD_NAMESPACE", "n") { $0.ownNamespace == "n" && $0.clusterNamespace == "n" },
        Row("POD_NAMESPACE", "") { $0.ownNamespace == "keda" },
        Row("POD_NAME", "p") { $0.instance == "p" },
        Row("POD_IP", "10.1.2.3") { $0.advertiseAddress == "10.1.2.3" },
        Row("KEDA_CLUSTER_OBJECT_NAMESPACE", "c") { $0.clusterNamespace == "c" && $0.ownNamespace == "keda" },
        Row("KEDA_RESTRICT_SECRET_ACCESS", "True") { $0.restrictSecretAccess },
        Row("KEDA_RESTRICT_SECRET_ACCESS", "1") { !$0.restrictSecretAccess },
        Row("KEDA_HTTP_DEFAULT_TIMEOUT", "") { $0.readTimeout == .seconds(3) },
        Row("KEDA_HTTP_DEFAULT_TIMEOUT", "500") { $0.readTimeout == .milliseconds(500) },
        Row("KEDA_HTTP_DEFAULT_TIMEOUT", "0") { $0.readTimeout == .milliseconds(300) },
        Row("KEDA_HTTP_DEFAULT_TIMEOUT", "-1") { $0.readTimeout == .milliseconds(300) },
        Row("KEDA_HTTP_DISABLE_KEEP_ALIVE", "true") { !$0.keepsConnections },
        Row("KEDA_HTTP_DISABLE_KEEP_ALIVE", "0") { $0.keepsConnections },
        Row("KEDA_HTTP_DISABLE_KEEP_ALIVE", "yes") { $0.keepsConnections && $0.warns("KEDA_HTTP_DISABLE_KEEP_ALIVE") },
        Row("KEDA_HTTP_MIN_TLS_VERSION", "TLS10") { $0.triggerTLS.minimumVersion == .tls10 },
        Row("KEDA_HTTP_MIN_TLS_VERSION", "TLS11") { $0.triggerTLS.minimumVersion == .tls11 },
        Row("KEDA_HTTP_MIN_TLS_VERSION", "TLS12") { $0.triggerTLS.minimumVersion == .tls12 },
        Row("KEDA_HTTP_MIN_TLS_VERSION", "") { $0.triggerTLS.minimumVersion == .tls12 },
        Row("KEDA_HTTP_MIN_TLS_VERSION", "TLS13") {
            $0.triggerTLS.minimumVersion == .tls13 && $0.serviceTLS.minimumVersion == .tls13
        },
        Row("KEDA_HTTP_MIN_TLS_VERSION", "TLSX") {
            $0.triggerTLS.minimumVersion == .tls12 && $0.warns("KEDA_HTTP_MIN_TLS_VERSION")
        },
        Row("KEDA_HTTP_TLS_CIPHER_LIST", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256:TLS_AES_128_GCM_SHA256, NONE") {
            $0.triggerTLS.cipherSuites == ["ECDHE-RSA-AES128-GCM-SHA256"]
                && $0.serviceTLS.cipherSuites == ["ECDHE-RSA-AES128-GCM-SHA256"]
                && $0.warns("KEDA_HTTP_TLS_CIPHER_LIST: unknown cipher suites are left out: NONE")
        },
        Row("KEDA_SERVICE_MIN_TLS_VERSION", "TLS11") {
            $0.serviceTLS.minimumVersion == .tls11 && $0.triggerTLS.minimumVersion == .tls12
        },
        Row("KEDA_SERVICE_MIN_TLS_VERSION", "") { $0.serviceTLS.minimumVersion == .tls13 && $0.remarks == [] },
        Row("KEDA_SERVICE_MIN_TLS_VERSION", "1.2") {
            $0.serviceTLS.minimumVersion == .tls13 && $0.warns("KEDA_SERVICE_MIN_TLS_VERSION")
        },
        Row("KEDA_SERVICE_TLS_CIPHER_LIST", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256") {
            $0.serviceTLS.cipherSuites == ["ECDHE-ECDSA-CHACHA20-POLY1305"] && $0.triggerTLS.cipherSuites == []
        },
        Row("KEDA_SCALEDOBJECT_CTRL_MAX_RECONCILES", "20") { $0.maxReconciles == 20 },
        Row("KEDA_SCALEDJOB_CTRL_MAX_RECONCILES", "3") { $0.warns("KEDA_SCALEDJOB_CTRL_MAX_RECONCILES") },
        Row("KEDA_OPERATOR_LEADER_ELECTION_LEASE_DURATION", "1m") { $0.leaseDuration == .seconds(60) },
        Row("KEDA_OPERATOR_LEADER_ELECTION_RENEW_DEADLINE", "5s") { $0.renewDeadline == .seconds(5) },
        Row("KEDA_OPERATOR_LEADER_ELECTION_RETRY_PERIOD", "500ms") { $0.retryPeriod == .milliseconds(500) },
        Row("KEDA_BOUND_SERVICE_ACCOUNT_TOKEN_EXPIRY", "6h") { $0.tokenExpiry == .seconds(21_600) },
        Row("KEDA_BOUND_SERVICE_ACCOUNT_TOKEN_EXPIRY", "") { $0.tokenExpiry == .seconds(3600) },
        Row("KEDA_CHECK_UNEXPECTED_SCALERS_PARAMS", "enabled") { $0.remarks.map(\.isWarning) == [false] },
        Row("RAW_METRICS_GRPC_PROTOCOL", "enabled") { $0.warns("RAW_METRICS_GRPC_PROTOCOL") },
        Row("RAW_METRICS_MODE", "hpa") { $0.warns("RAW_METRICS_MODE") },
        Row("OTEL_EXPORTER_OTLP_ENDPOINT", "http://x:4317") { $0.warns("OTEL_EXPORTER_OTLP_ENDPOINT") },
        Row("HTTP_PROXY", "http://p:3128") { $0.environment.withValue { $0["HTTP_PROXY"] == "http://p:3128" } },
        Row("HTTPS_PROXY", "http://p:3128") { $0.environment.withValue { $0["HTTPS_PROXY"] == "http://p:3128" } },
        Row("NO_PROXY", "x") { $0.environment.withValue { $0["NO_PROXY"] == "x" } },
        Row("VAULT_TOKEN", "canary") { $0.vaultToken == Secret("canary") && $0.remarks == [] },
        Row("VAULT_SKIP_VERIFY", "true") { $0.vaultTLS.skipsVerification && $0.remarks == [] },
        Row("VAULT_CACERT", #filePath) { $0.vaultTLS.authorities?.contains("VAULT_CACERT") == true },
        Row("VAULT_CACERT", "/nowhere") { $0.vaultTLS == TLSSettings() && $0.warns("VAULT_CACERT: /nowhere") },
        Row("VAULT_ADDR", "https://v:8200") { $0.warns("VAULT_ADDR") },
        Row("VAULT_SERVICE_HOST", "10.0.0.9") { $0.remarks == [] },
        Row("AWS_ACCESS_KEY_ID", "canary") { $0.remarks == [] },
        Row("AWS_SECRET_ACCESS_KEY", "canary") { $0.remarks == [] },
        Row("AWS_SESSION_TOKEN", "canary") { $0.remarks == [] },
        Row("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/token") { $0.remarks == [] },
        Row("AWS_ROLE_ARN", "arn:aws:iam::1:role/x") { $0.remarks == [] },
        Row("AWS_ROLE_SESSION_NAME", "x") { $0.remarks == [] },
        Row("AWS_ENDPOINT_URL_STS", "https://sts") { $0.remarks == [] },
        Row("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials") { $0.remarks == [] },
        Row("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials") { $0.remarks == [] },
        Row("AWS_CONTAINER_AUTHORIZATION_TOKEN", "canary") { $0.remarks == [] },
        Row("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/var/run/token") { $0.remarks == [] },
        Row("AWS_PROFILE", "prod") { $0.warns("AWS_PROFILE") },
        Row("AWS_SHARED_CREDENTIALS_FILE", "/aws") { $0.warns("AWS_SHARED_CREDENTIALS_FILE") },
        Row("OPERATOR_NAME", "keda-operator") { $0.remarks.map(\.isWarning) == [false] },
    ])
    func `every variable works or is told`(row: Row) throws {
        let configuration = try OperatorConfigurationTests.configuration([], [row.name: row.value])
        #expect(row.check(configuration), "\(configuration.remarks)")
        #expect(
            KnownVariables.works.contains(row.name)
                || KnownVariables.withoutEffect.contains { $0.names.contains(row.name) }
                || row.name == "VAULT_SERVICE_HOST"
        )
    }

    @Test func `nothing set is KEDA's defaults`() throws {
        let usual = try OperatorConfigurationTests.configuration()
        #expect(!usual.leaderElect && !usual.enableCertRotation && !usual.restrictSecretAccess)
        #expect(usual.enableWebhookPatching && usual.enableAPIServicePatching)
        #expect(
            [usual.leaseDuration, usual.renewDeadline, usual.retryPeriod] == [.seconds(15), .seconds(10), .seconds(2)]
        )
        #expect(usual.serviceTLS == TLSPolicy() && usual.externalMetricsTLS == TLSPolicy())
        #expect(usual.tokenExpiry == .seconds(3600) && usual.advertiseAddress == nil && usual.filePathAuthRoot == nil)
        #expect(usual.caFolders == ["/custom/ca"] && usual.kubeAPIQPS == nil && usual.kubeAPIBurst == nil)
        #expect(usual.remarks == [])
    }

    @Test(
        arguments: [
            ("KEDA_HTTP_DEFAULT_TIMEOUT", "3s", "KEDA_HTTP_DEFAULT_TIMEOUT: \"3s\" is no whole number"),
            ("KEDA_SCALEDOBJECT_CTRL_MAX_RECONCILES", "many", "KEDA_SCALEDOBJECT_CTRL_MAX_RECONCILES: "),
            ("KEDA_SCALEDJOB_CTRL_MAX_RECONCILES", "1.5", "KEDA_SCALEDJOB_CTRL_MAX_RECONCILES: "),
            (
                "KEDA_OPERATOR_LEADER_ELECTION_LEASE_DURATION", "15",
                "KEDA_OPERATOR_LEADER_ELECTION_LEASE_DURATION: \"15\" is no duration such as 15s or 1m30s"
            ),
            ("KEDA_OPERATOR_LEADER_ELECTION_RENEW_DEADLINE", "x", "KEDA_OPERATOR_LEADER_ELECTION_RENEW_DEADLINE: "),
            ("KEDA_OPERATOR_LEADER_ELECTION_RETRY_PERIOD", "2 s", "KEDA_OPERATOR_LEADER_ELECTION_RETRY_PERIOD: "),
            ("KEDA_OPERATOR_LEADER_ELECTION_LEASE_DURATION", "10s", "leader election: "),
            ("KEDA_OPERATOR_LEADER_ELECTION_RENEW_DEADLINE", "2s", "leader election: "),
            ("KEDA_OPERATOR_LEADER_ELECTION_RETRY_PERIOD", "0", "leader election: "),
            ("KEDA_BOUND_SERVICE_ACCOUNT_TOKEN_EXPIRY", "59m", "KEDA_BOUND_SERVICE_ACCOUNT_TOKEN_EXPIRY must be"),
            ("KEDA_BOUND_SERVICE_ACCOUNT_TOKEN_EXPIRY", "6h1s", "KEDA_BOUND_SERVICE_ACCOUNT_TOKEN_EXPIRY must be"),
            ("KEDA_BOUND_SERVICE_ACCOUNT_TOKEN_EXPIRY", "day", "KEDA_BOUND_SERVICE_ACCOUNT_TOKEN_EXPIRY: "),
            ("WATCH_LABEL_SELECTOR", "a in (", "WATCH_LABEL_SELECTOR: "),
            ("WATCH_LABEL_SELECTOR_FOR_TRIGGERAUTH", "=x", "WATCH_LABEL_SELECTOR_FOR_TRIGGERAUTH: "),
        ] as [(String, String, String)]
    )
    func `a value that makes no sense ends the start with one line`(name: String, value: String, line: String) throws {
        let error = #expect(throws: ValidationError.self) {
            try OperatorConfigurationTests.configuration([], [name: value])
        }
        let message = try #require(error).message
        #expect(message.hasPrefix(line) && !message.contains("\n"))
        #expect(OperatorCommand.exitCode(for: try #require(error)) == .validationFailure)
    }

    @Test func `a flag wins over its variable`() throws {
        let configuration = try OperatorConfigurationTests.configuration(
            ["--leader-elect-lease-duration=40s", "--advertise-address=a"],
            ["KEDA_OPERATOR_LEADER_ELECTION_LEASE_DURATION": "30s", "POD_IP": "b"]
        )
        #expect(configuration.leaseDuration == .seconds(40) && configuration.advertiseAddress == "a")
    }
}

extension OperatorConfiguration {
    /// Whether a warning begins so.
    fileprivate func warns(_ start: String) -> Bool {
        remarks.contains { $0.isWarning && $0.text.hasPrefix(start) }
    }
}
