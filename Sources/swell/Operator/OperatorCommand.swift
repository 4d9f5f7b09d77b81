import ArgumentParser
import Foundation
import Logging
import Outbound
import Serving

/// `swell operator`.
struct OperatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operator",
        abstract: "Run against a Kubernetes cluster.",
        discussion: """
            Where the cluster is comes from --kubeconfig, KUBECONFIG, the pod that swell runs in, or ~/.kube/config, \
            in this order. Addresses are HOST:PORT or :PORT, and 0 turns a port off. SIGTERM drains and ends with 0.

            All flags of KEDA's operator, metrics server and webhooks are taken, as KEDA takes them; --help-keda tells \
            what becomes of them and of KEDA's variables.
            """
    )

    @OptionGroup(title: "Cluster") var cluster: ClusterOptions
    @OptionGroup(title: "Listening") var listening: ListenOptions
    @OptionGroup(title: "Leader election") var leader: LeaderOptions
    @OptionGroup(title: "Certificates") var certificates: CertificateOptions
    @OptionGroup(title: "Triggers") var outside: OutsideOptions
    @OptionGroup(title: "Logging") var logging: LogOptions

    @Flag(help: "Show what becomes of KEDA's flags and variables.")
    var helpKeda = false

    @Option(name: .customLong(GoArguments.withoutEffect), help: .hidden)
    var withoutEffect: [String] = []

    /// Runs until SIGTERM or SIGINT.
    func run() async throws {
        if helpKeda { return StandardOutput.write(KedaHelp.text) }
        let configuration = try OperatorConfiguration(self, environment: ProcessInfo.processInfo.environment)
        let process = OperatorProcess(configuration: configuration, logger: logging.logger("swell"), time: .system)
        try await process.run()
    }
}
