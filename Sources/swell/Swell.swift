import ArgumentParser
import CMemory
import Telemetry

/// The command line.
@main
struct Swell: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swell",
        abstract: "An event-driven autoscaler for Kubernetes pods.",
        discussion: """
            Swell reads keda.sh/v1alpha1 ScaledObjects, asks their triggers, takes workloads from zero to many and \
            back, and serves external.metrics.k8s.io for the HorizontalPodAutoscaler.
            """,
        version: SwellVersion.current,
        subcommands: [
            OperatorCommand.self, LocalCommand.self, ExplainCommand.self, SimulateCommand.self, Validate.self,
            VersionCommand.self,
        ]
    )

    /// Runs what the command line asks for; the arguments of `operator` may be KEDA's.
    ///
    /// It begins on the process's first thread, before there are others that would take heaps of their own.
    @MainActor
    static func main() async {
        cmemory_share_heap()
        var arguments = Array(CommandLine.arguments.dropFirst())
        do {
            if arguments.first == OperatorCommand.configuration.commandName {
                arguments = try ["operator"] + GoArguments(Array(arguments.dropFirst())).ours()
            }
        } catch {
            // Our parser's own words would call the command by half of its name.
            StandardError.write("Error: \(error)\n  See 'swell operator --help' for more information.\n")
            exit(withError: ExitCode.validationFailure)
        }
        await main(arguments)
    }
}

/// What this build is called.
enum SwellVersion {
    /// A semantic version.
    static let current = "0.1.0"
}

/// `swell version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    /// Prints it.
    func run() {
        print("swell \(SwellVersion.current)")
    }
}
