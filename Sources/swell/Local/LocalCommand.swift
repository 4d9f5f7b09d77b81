import ArgumentParser
import Foundation
import Logging
import Outbound
import ScalerKit

/// `swell local`.
struct LocalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local",
        abstract: "Run on a cluster of its own, in memory.",
        discussion: """
            Starts a Kubernetes API in memory with Deployments, StatefulSets and HPAs that come to life, runs the \
            operator on it, and shows what happens. kubectl works on it with the kubeconfig that --kubeconfig-out \
            writes. Nothing is kept when it ends.

            Examples:
              swell local --demo
              swell local -f config/samples/hello-cron.yaml --kubeconfig-out /tmp/swell.kubeconfig
            """
    )

    @Option(
        name: [.customShort("f"), .customLong("filename")],
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "File or folder of manifests to create at the start, or - for standard input. Repeatable.",
            valueName: "file|dir|-"
        )
    )
    var filenames: [String] = []

    @Option(help: "Port of the Kubernetes API on 127.0.0.1; 0 takes a free one.")
    var port = 0

    @Option(help: ArgumentHelp("Where to write a kubeconfig for it.", valueName: "file"))
    var kubeconfigOut: String?

    @Option(
        help: "How long to run, such as 90s or 10m; until Ctrl-C unless given.",
        transform: duration
    )
    var duration: Duration?

    @Option(help: "How often HPAs look, such as 5s; 15s unless given, as in a real cluster.", transform: duration)
    var hpaSync: Duration?

    @Flag(help: "Show the sample workloads for about a minute, with a source of load that comes with it.")
    var demo = false

    @OptionGroup var logging: LogOptions

    /// Runs to the end of the duration, or until Ctrl-C.
    func run() async throws {
        let quiet = demo || isatty(STDOUT_FILENO) == 1
        let process = LocalProcess(
            options: self,
            logger: logging.logger("swell", atLeast: quiet ? .warning : .trace),
            time: .system
        )
        try await process.run()
    }

    /// Reads a duration as Go writes it.
    static func duration(_ text: String) throws -> Duration {
        guard let duration = GoDuration.parse(text), duration > .zero else {
            throw ValidationError("\"\(text)\" is no duration such as 90s or 10m")
        }
        return duration
    }
}
