import Foundation
import Outbound
import Serving
import Testing

@testable import swell

/// What KEDA's chart builds, as it is rendered with its default values.
@Suite struct ChartArgumentsTests {
    static let ofOperator = [
        "--leader-elect", "--disable-compression=true", "--zap-log-level=info", "--zap-encoder=console",
        "--zap-time-encoding=rfc3339", "--enable-webhook-patching=true", "--enable-apiservice-patching=true",
        "--zap-stacktrace-level=error", "--cert-dir=/certs", "--enable-cert-rotation=true",
        "--cert-secret-name=kedaorg-certs", "--operator-service-name=keda-operator",
        "--metrics-server-service-name=keda-operator-metrics-apiserver",
        "--webhooks-service-name=keda-admission-webhooks", "--k8s-cluster-name=kubernetes-default",
        "--k8s-cluster-domain=cluster.local", "--enable-prometheus-metrics=true", "--metrics-bind-address=:8080",
        "--enable-opentelemetry-metrics=true", "--profiling-bind-address=:8082", "--ca-dir=/custom/ca",
        "--http-max-idle-conns=0", "--http-max-idle-conns-per-host=1000", "--http-idle-conn-timeout=90s",
    ]
    static let ofMetricsServer = [
        "/usr/local/bin/keda-adapter", "--port=8080", "--secure-port=6443", "--logtostderr=true",
        "--stderrthreshold=ERROR", "--disable-compression=true",
        "--metrics-service-address=keda-operator.keda.svc.cluster.local:9666", "--client-ca-file=/certs/ca.crt",
        "--tls-cert-file=/certs/tls.crt", "--tls-private-key-file=/certs/tls.key", "--cert-dir=/certs", "--v=0",
        "--zap-log-level=info", "--zap-encoder=console", "--zap-time-encoding=rfc3339",
        "--profiling-bind-address=:8083",
    ]
    static let ofWebhooks = [
        "/keda-admission-webhooks", "--zap-log-level=info", "--zap-encoder=console", "--zap-time-encoding=rfc3339",
        "--cert-dir=/certs", "--health-probe-bind-address=:8081", "--port=9443", "--metrics-bind-address=:8080",
        "--profiling-bind-address=:8084",
    ]
    static let environment = [
        "WATCH_NAMESPACE": "", "WATCH_LABEL_SELECTOR": "", "WATCH_LABEL_SELECTOR_FOR_TRIGGERAUTH": "",
        "POD_NAME": "keda-operator-1", "POD_NAMESPACE": "keda-system", "OPERATOR_NAME": "keda-operator",
        "KEDA_HTTP_DEFAULT_TIMEOUT": "3000", "KEDA_HTTP_MIN_TLS_VERSION": "TLS12", "KEDA_HTTP_TLS_CIPHER_LIST": "",
        "KEDA_SERVICE_MIN_TLS_VERSION": "TLS13", "KEDA_SERVICE_TLS_CIPHER_LIST": "",
        "KEDA_HTTP_DISABLE_KEEP_ALIVE": "false", "KEDA_RESTRICT_SECRET_ACCESS": "true",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "",
    ]

    @Test func `the operator's arguments and environment are all taken`() throws {
        let configuration = try OperatorConfigurationTests.configuration(Self.ofOperator, Self.environment)
        #expect(configuration.leaderElect)
        #expect(configuration.leaderElectionID == "operator.keda.sh")
        #expect(configuration.enableCertRotation && configuration.certificateFolder == "/certs")
        #expect(configuration.metricsServerServiceName == "keda-operator-metrics-apiserver")
        #expect(configuration.ownNamespace == "keda-system" && configuration.instance == "keda-operator-1")
        #expect(configuration.caFolders == ["/custom/ca"])
        #expect(configuration.serviceTLS == TLSPolicy(minimumVersion: .tls13))
        #expect(configuration.triggerTLS == TLSPolicy(minimumVersion: .tls12))
        #expect(configuration.restrictSecretAccess && configuration.keepsConnections)
        #expect(configuration.idleConnectionLimit == nil && configuration.idleConnectionLifetime == .seconds(90))
        #expect(
            configuration.remarks.map { String($0.text.prefix { $0 != " " }) } == [
                "--disable-compression", "--zap-stacktrace-level", "--k8s-cluster-name",
                "--enable-opentelemetry-metrics", "--profiling-bind-address", "--http-max-idle-conns-per-host",
                "OPERATOR_NAME",
            ]
        )
    }

    @Test func `the arguments of our own manifest are all taken, and none is without effect`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let manifest = try String(contentsOf: root.appending(path: "config/manager/manager.yaml"), encoding: .utf8)
        let flags = manifest.split(separator: "\n").map { $0.drop { $0 == " " } }.filter { $0.hasPrefix("- --") }
            .map { String($0.dropFirst(2)) }
        let environment = ["WATCH_NAMESPACE": "", "POD_NAME": "a", "POD_NAMESPACE": "keda", "POD_IP": "10.0.0.1"]
        for variable in environment.keys { #expect(manifest.contains("- name: \(variable)\n")) }
        let configuration = try OperatorConfigurationTests.configuration(flags, environment)
        #expect(configuration.leaderElect && configuration.enableCertRotation)
        #expect(configuration.metricsServerServiceName == "keda-operator-metrics-apiserver")
        #expect(configuration.advertiseAddress == "10.0.0.1")
        #expect(configuration.remarks.isEmpty, "\(configuration.remarks)")
        #expect(try GoArguments(flags).rest == [])
    }

    @Test func `the metrics server's arguments are all taken`() throws {
        let configuration = try OperatorConfigurationTests.configuration(
            Array(Self.ofMetricsServer.dropFirst()) + ["--secure-port=10443"]
        )
        #expect(configuration.externalMetricsAddress == .everywhere(port: 10_443))
        #expect(configuration.metricsAddresses == [.everywhere(port: 8080)])
        #expect(try GoArguments(Self.ofMetricsServer).rest == [])
    }

    @Test func `the webhooks' arguments are all taken`() throws {
        #expect(try GoArguments(Self.ofWebhooks).rest == [])
        let configuration = try OperatorConfigurationTests.configuration(Array(Self.ofWebhooks.dropFirst()))
        #expect(configuration.webhookAddress == .everywhere(port: 9443))
        #expect(configuration.remarks.contains { $0.isWarning && $0.text.contains("--webhook-bind-address") })
    }
}
