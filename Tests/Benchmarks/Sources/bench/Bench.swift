import ArgumentParser
import Foundation
import KubeModel

/// Measures Swell; `make bench` builds and runs it.
@main struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure the release executable against the real servers.",
        discussion: "Ends with 1 when something that was promised does not hold."
    )

    @Option(help: "The executable to measure.")
    var swell: String

    @Option(help: "The project's folder.")
    var root = "."

    @Option(help: "How often short things are measured.")
    var rounds = 20

    @Option(help: ArgumentHelp("Where to write all samples as JSON.", valueName: "file"))
    var json: String?

    /// Measures, and tells.
    func run() async throws {
        var measurements = Measurements()
        tell("simulating weeks")
        measurements.all += try await SimulationBenchmark.run(swell, rounds: 5)
        let served = Collected()
        try await Servers.with { servers in
            tell("starting the operator")
            await served.add(try await FootprintBenchmark.run(swell, root: root, servers, rounds: 5))
            let workloads = Workloads(servers: servers)
            try await OperatorProcess.with(swell, root: root, servers) { [rounds] operatorProcess in
                try await workloads.prepare()
                tell("waiting for events to become replicas")
                await served.add(try await ReactionBenchmark.run(workloads, rounds: rounds))
                tell("polling \(RecordBenchmark.objects) objects")
                await served.add(try await RecordBenchmark.run(workloads, operatorProcess))
            }
        }
        measurements.all += await served.all
        FileHandle.standardOutput.write(Data((measurements.table + "\n").utf8))
        if let json { try Data(KubeJSON.encode(measurements)).write(to: URL(fileURLWithPath: json)) }
        guard measurements.areWithinBounds else { throw ExitCode(1) }
    }
}

/// Measurements that were made while the operator ran.
private actor Collected {
    /// In their order.
    var all: [Measurement] = []

    /// Adds some.
    func add(_ more: [Measurement]) { all += more }
}

/// Says what is waited for.
private func tell(_ text: String) {
    FileHandle.standardError.write(Data("bench: \(text) …\n".utf8))
}
