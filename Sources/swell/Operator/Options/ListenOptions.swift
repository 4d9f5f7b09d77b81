import ArgumentParser
import Serving

/// The flags of our ports, and of what stands on the Prometheus page.
struct ListenOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the external metrics API listens, over HTTPS; 0.0.0.0:6443 unless given.",
            valueName: "address"
        ),
        transform: OptionValues.address
    )
    var externalMetricsBindAddress = ListenAddress.everywhere(port: 6443)

    @Option(
        help: ArgumentHelp(
            "Where the admission webhooks listen, over HTTPS; 0.0.0.0:9443 unless given.",
            valueName: "address"
        ),
        transform: OptionValues.address
    )
    var webhookBindAddress = ListenAddress.everywhere(port: 9443)

    @Option(
        name: .customLong("metrics-bind-address"),
        help: ArgumentHelp(
            "Where the Prometheus page listens; may be repeated. 0.0.0.0:8080 unless given.",
            valueName: "address"
        ),
        transform: { $0.isEmpty ? .everywhere(port: 8080) : try OptionValues.address($0) }
    )
    var metricsBindAddresses: [ListenAddress] = []

    @Option(
        help: ArgumentHelp("Where /healthz and /readyz listen; 0.0.0.0:8081 unless given.", valueName: "address"),
        transform: OptionValues.address
    )
    var healthBindAddress = ListenAddress.everywhere(port: 8081)

    @Option(
        help: ArgumentHelp(
            "Show decisions to whoever asks at the health port; only where that listens on loopback unless given.",
            valueName: "bool"
        ),
        transform: OptionValues.boolean
    )
    var debugDecisions: Bool?

    @Option(
        help: ArgumentHelp("Have a Prometheus page at all; true unless given.", valueName: "bool"),
        transform: OptionValues.boolean
    )
    var enablePrometheusMetrics = true

    @Option(
        help: ArgumentHelp(
            "Tell the durations of triggers' requests object by object; false unless given.",
            valueName: "bool"
        ),
        transform: OptionValues.boolean
    )
    var enableHighCardinalityMetricsLabels = false

    /// Where the Prometheus page listens, each address once; nowhere where there is no page.
    var pageAddresses: [ListenAddress] {
        guard enablePrometheusMetrics else { return [] }
        let wanted = metricsBindAddresses.isEmpty ? [.everywhere(port: 8080)] : metricsBindAddresses
        return wanted.enumerated()
            .filter { index, address in
                address != .off && !wanted[..<index].contains(address)
            }
            .map(\.element)
    }
}
