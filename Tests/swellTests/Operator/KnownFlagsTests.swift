import ArgumentParser
import Testing

@testable import swell

@Suite struct KnownFlagsTests {
    /// Every flag of KEDA's three processes, with a value that they take.
    static let ofKEDA = [
        // The operator.
        "--leader-elect", "--leader-election-id=operator.keda.sh", "--enable-prometheus-metrics=true",
        "--enable-opentelemetry-metrics=false", "--enable-high-cardinality-metrics-labels",
        "--metrics-bind-address=:8080", "--metrics-bind-address=0", "--metrics-bind-address=",
        "--health-probe-bind-address=:8081", "--metrics-service-bind-address=:9666", "--profiling-bind-address=",
        "--kube-api-qps=20.0", "--kube-api-burst=30", "--disable-compression=true",
        "--cert-secret-name=kedaorg-certs", "--cert-dir=/certs", "--enable-cert-rotation=true",
        "--operator-service-name=keda-operator", "--metrics-server-service-name=keda-operator-metrics-apiserver",
        "--webhooks-service-name=keda-admission-webhooks", "--validating-webhook-name=keda-admission",
        "--enable-webhook-patching=true", "--enable-apiservice-patching=false",
        "--k8s-cluster-name=kubernetes-default", "--k8s-cluster-domain=cluster.local", "--ca-dir=/custom/ca",
        "--filepath-auth-root-path=", "--http-max-idle-conns=0", "--http-max-idle-conns-per-host=1000",
        "--http-idle-conn-timeout=1m30s", "--zap-devel", "--zap-encoder=console", "--zap-log-level=info",
        "--zap-stacktrace-level=error", "--zap-time-encoding=epoch", "-v=1", "--logtostderr", "--alsologtostderr",
        "--stderrthreshold=INFO", "--alsologtostderrthreshold=INFO", "--legacy_stderr_threshold_behavior=false",
        "--vmodule=a=1", "--log_dir=/tmp", "--log_file=x", "--log_file_max_size=1", "--log_backtrace_at=a.go:1",
        "--add_dir_header", "--one_output", "--skip_headers", "--skip_log_headers", "--log-flush-frequency=5s",
        "--kubeconfig=/x",
        // The metrics server.
        "--port=8080", "--secure-port=6443", "--bind-address=0.0.0.0", "--tls-cert-file=/certs/tls.crt",
        "--tls-private-key-file=/certs/tls.key", "--tls-min-version=VersionTLS13",
        "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "--tls-sni-cert-key=a,b",
        "--client-ca-file=/certs/ca.crt", "--authentication-kubeconfig=", "--authorization-kubeconfig=",
        "--authentication-skip-lookup", "--authentication-tolerate-lookup-failure",
        "--authentication-token-webhook-cache-ttl=10s", "--authorization-webhook-cache-authorized-ttl=10s",
        "--authorization-webhook-cache-unauthorized-ttl=10s", "--authorization-always-allow-paths=/healthz",
        "--requestheader-client-ca-file=x", "--requestheader-allowed-names=x", "--requestheader-username-headers=x",
        "--requestheader-uid-headers=x", "--requestheader-group-headers=x",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-", "--audit-log-path=-", "--audit-policy-file=x",
        "--audit-log-maxage=1", "--audit-log-maxbackup=1", "--audit-log-maxsize=1", "--audit-log-compress",
        "--audit-log-format=json", "--audit-log-mode=blocking", "--audit-log-version=audit.k8s.io/v1",
        "--audit-log-batch-buffer-size=1", "--audit-log-batch-max-size=1", "--audit-log-batch-max-wait=1s",
        "--audit-log-batch-throttle-enable", "--audit-log-batch-throttle-qps=1", "--audit-log-batch-throttle-burst=1",
        "--audit-log-truncate-enabled", "--audit-log-truncate-max-batch-size=1",
        "--audit-log-truncate-max-event-size=1", "--audit-webhook-config-file=x", "--audit-webhook-mode=batch",
        "--audit-webhook-initial-backoff=10s", "--audit-webhook-batch-throttle-enable=true",
        "--audit-webhook-truncate-enabled", "--profiling", "--contention-profiling", "--debug-socket-path=",
        "--enable-priority-and-fairness=false", "--http2-max-streams-per-connection=1", "--permit-port-sharing",
        "--permit-address-sharing", "--disable-http2-serving",
        "--metrics-service-address=keda-operator.keda.svc.cluster.local:9666", "--metrics-service-grpc-authority=",
        "--msg=starting", "--v=0", "--lister-kubeconfig=x", "--discovery-interval=10m", "--client-qps=5",
        "--client-burst=10", "--metrics-port=9022", "--metrics-path=/metrics",
        // The webhooks.
        "--cache-miss-to-direct-client=false",
    ]

    @Test(arguments: ofKEDA)
    func `every flag of KEDA's is taken: it works, is another word for one of ours, or is told`(flag: String) throws {
        let known = try #require(KnownFlags.named(String(flag.drop { $0 == "-" }.prefix { $0 != "=" })))
        let ours = try GoArguments([flag]).ours()
        let command = try OperatorCommand.parse(ours)
        switch known.fate {
        case .works: #expect(ours == ["--\(known.name)", ""] || ours[0].hasPrefix("--\(known.name)="))
        case .alias(let other): #expect(ours.allSatisfy { $0.hasPrefix("--\(other)=") } && ours.count <= 1)
        case .needless, .missing:
            #expect(command.withoutEffect == [known.name])
            #expect(try #require(Remark(flag: known)).text.hasPrefix("--\(known.name) has no effect: "))
        }
    }

    @Test func `the table has every flag of ours, and no name twice`() throws {
        let help = OperatorCommand.helpMessage(columns: 10_000)
        let options = Set(help.matches(of: /\s--([a-z0-9-]+)/).map { String($0.output.1) })
        let works = Set(KnownFlags.all.filter { $0.fate == .works }.map(\.name))
        #expect(works.subtracting(options) == [], "what works has an option")
        #expect(options.subtracting(works) == ["help", "help-keda"])
        #expect(Set(KnownFlags.all.map(\.name)).count == KnownFlags.all.count)
    }

    @Test func `an alias leads to a flag that works`() {
        for flag in KnownFlags.all {
            if case .alias(let other) = flag.fate { #expect(KnownFlags.named(other)?.fate == .works, "\(flag.name)") }
        }
    }

    @Test func `the page about KEDA has every flag and every variable, in lines that fit a terminal`() {
        let page = KedaHelp.text
        for flag in KnownFlags.all { #expect(page.contains("--\(flag.name)"), "\(flag.name)") }
        for name in KnownVariables.works + KnownVariables.withoutEffect.flatMap(\.names) {
            #expect(page.contains(name), "\(name)")
        }
        #expect(page.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
}
