import ArgumentParser
import Outbound
import OutboundCurl
import Serving
import Testing

@testable import swell

@Suite struct FlagValuesTests {
    @Test(arguments: [(nil, nil), ("0", nil), ("35.5", 35.5), ("-1", .infinity)] as [(String?, Double?)])
    func `KEDA's rate is ours where it is given, and less than nothing is no limit`(text: String?, rate: Double?) throws
    {
        let flags = text.map { ["--kube-api-qps=\($0)"] } ?? []
        #expect(try OperatorConfigurationTests.configuration(flags).kubeAPIQPS == rate)
    }

    @Test(
        arguments: [
            ([], [8080]), (["--metrics-bind-address="], [8080]), (["--metrics-bind-address=0"], []),
            (["--enable-prometheus-metrics=false"], []),
            (["--enable-prometheus-metrics=false", "--metrics-bind-address=:9"], []),
            (["--metrics-bind-address=:9", "--metrics-bind-address=:8", "--metrics-bind-address=:9"], [9, 8]),
            (["--metrics-bind-address=0", "--metrics-bind-address=:9"], [9]),
        ] as [([String], [Int])]
    )
    func `the Prometheus page is at each address once, and nowhere where it is not wanted`(
        flags: [String],
        ports: [Int]
    ) throws {
        #expect(
            try OperatorConfigurationTests.configuration(flags).metricsAddresses
                == ports.map { .everywhere(port: $0) }
        )
    }

    @Test func `no address is no probe, as in KEDA`() throws {
        let flags = ["--health-probe-bind-address="]
        #expect(try OperatorConfigurationTests.configuration(flags).healthAddress == .off)
    }

    @Test func `the metrics API has the TLS of KEDA's metrics server`() throws {
        let flags = ["--tls-min-version=VersionTLS13", "--tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,NONE"]
        let configuration = try OperatorConfigurationTests.configuration(flags)
        #expect(
            configuration.externalMetricsTLS
                == TLSPolicy(minimumVersion: .tls13, cipherSuites: ["ECDHE-RSA-AES128-SHA"])
        )
        #expect(configuration.remarks.map(\.text) == ["--tls-cipher-suites: unknown cipher suites are left out: NONE"])
    }

    @Test(arguments: [
        "--kube-api-qps=fast", "--kube-api-burst=inf", "--http-max-idle-conns=-1", "--http-max-idle-conns=x",
        "--http-idle-conn-timeout=0s", "--http-idle-conn-timeout=90", "--tls-min-version=TLS12",
        "--leader-elect-lease-duration=soon", "--metrics-service-bind-address=9666", "--webhook-bind-address=x",
    ])
    func `a value that makes no sense is an error of its flag`(flag: String) throws {
        let error = #expect(throws: (any Error).self) { try OperatorConfigurationTests.configuration([flag]) }
        #expect(OperatorCommand.exitCode(for: try #require(error)) == .validationFailure)
    }

    @Test func `folders of certificates and the folder of file paths are taken`() throws {
        let flags = ["--ca-dir=/a", "--ca-dir", "/b", "--filepath-auth-root-path=/auth"]
        let configuration = try OperatorConfigurationTests.configuration(flags)
        #expect(configuration.caFolders == ["/a", "/b"] && configuration.filePathAuthRoot == "/auth")
    }

    @Test func `every namespace that is watched has room for its watches`() throws {
        let all = OperatorAssembly.apiSettings(try OperatorConfigurationTests.configuration())
        let names = (0..<100).flatMap { ["--watch-namespace", "n\($0)"] }
        let hundred = OperatorAssembly.apiSettings(try OperatorConfigurationTests.configuration(names))
        #expect(hundred.connectionsPerHost == all.connectionsPerHost + 1600)
        #expect(hundred.connectionLimit >= hundred.connectionsPerHost)
        #expect(hundred.transferLimit >= hundred.connectionsPerHost)
    }
}
