import ArgumentParser
import Foundation
import KubeClient
import KubeModel
import Outbound
import OutboundCurl
import Scaling

/// `swell explain scaledobject`.
struct ExplainScaledObject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scaledobject",
        abstract: "Tell why a ScaledObject has the replicas it has, and what happens next.",
        discussion: """
            Asks the operator through the cluster's API server: whoever may view the object's namespace may ask. Where \
            the cluster is comes from --kubeconfig, KUBECONFIG, the pod that swell runs in, or ~/.kube/config.

            With --server it asks the operator's health port instead, which shows decisions where it listens on \
            loopback, or where --debug-decisions is given.

            Examples:
              swell explain scaledobject worker -n shop
              kubectl -n keda port-forward deploy/keda-operator 8081
              swell explain scaledobject worker -n shop --server http://127.0.0.1:8081
            """,
        aliases: ["so"]
    )

    @Argument(help: "The ScaledObject's name.")
    var name: String

    @Option(name: .shortAndLong, help: "Its namespace; that of the kubeconfig's context unless given.")
    var namespace: String?

    @Option(help: ArgumentHelp("Path of a kubeconfig.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("Context of the kubeconfig; its current one unless given.", valueName: "name"))
    var context: String?

    @Option(help: ArgumentHelp("The operator's health port, to ask instead of the API server.", valueName: "url"))
    var server: String?

    @Option(help: "How far back earlier decisions are told, such as 10m.", transform: { try LocalCommand.duration($0) })
    var since = Duration.seconds(600)

    @Option(name: .shortAndLong, help: "How it is written.")
    var output = Format.text

    /// How it is written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        /// One screen.
        case text
        /// The whole report.
        case json
    }

    /// Asks and prints.
    func run() async throws {
        if let server {
            let key = ObjectKey(namespace: namespace ?? "default", name: name)
            let report = try await withCurlTransport(environment: [:]) { transport in
                try await HealthPort(server: server, transport: transport).report(on: key)
            }
            return try show(report)
        }
        let environment = ProcessInfo.processInfo.environment
        let configuration = try KubeConfiguration.load(
            kubeconfig: kubeconfig,
            context: context,
            environment: environment
        )
        let (report, autoscaler) = try await withCurlTransport(environment: environment) { transport in
            let cluster = ClusterDecisions(client: KubeClient(configuration, over: transport))
            let key = ObjectKey(namespace: namespace ?? configuration.namespace, name: name)
            let report = try await cluster.report(on: key)
            return (report, output == .text ? await cluster.autoscaler(beside: report) : [])
        }
        try show(report, autoscaler)
    }

    /// Prints a report, and what is known of the HPA.
    private func show(_ report: DecisionReport, _ autoscaler: [String] = []) throws {
        switch output {
        case .json: StandardOutput.write(String(decoding: try KubeJSON.encode(report), as: UTF8.self) + "\n")
        case .text:
            let start = TimeSource.system.now() - since / .seconds(1)
            StandardOutput.write(DecisionText(report: report, since: start, autoscaler: autoscaler).text)
        }
    }
}
