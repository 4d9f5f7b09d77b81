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
            """
    )

    @Option(help: "Path of a kubeconfig.")
    var kubeconfig: String?

    @Option(help: "Context of the kubeconfig; its current one unless given.")
    var context: String?

    @Option(
        name: .customLong("watch-namespace"),
        help: "Namespace to look after; may be repeated. All of them unless given. WATCH_NAMESPACE is read too."
    )
    var watchNamespaces: [String] = []

    @OptionGroup(title: "Listening") var listening: ListenOptions
    @OptionGroup(title: "Leader election") var leader: LeaderOptions
    @OptionGroup(title: "Certificates") var certificates: CertificateOptions
    @OptionGroup(title: "Going out") var outside: OutsideOptions
    @OptionGroup(title: "Logging") var logging: LogOptions

    /// Runs until SIGTERM or SIGINT.
    func run() async throws {
        let configuration = try OperatorConfiguration(self, environment: ProcessInfo.processInfo.environment)
        let process = OperatorProcess(configuration: configuration, logger: logging.logger("swell"), time: .system)
        try await process.run()
    }
}
