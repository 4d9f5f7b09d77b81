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
    var swell = ".build/release/swell"

    @Option(help: "The project's folder.")
    var root = "."

    @Option(help: "How often short things are measured.")
    var rounds = 20

    @Option(help: "How many objects the groups restart and shards make.")
    var objects = 10_000

    @Option(help: "How many minutes the group restart looks at memory.")
    var minutes = 1

    @Option(help: ArgumentHelp("Where to write all samples as JSON, after those that are there.", valueName: "file"))
    var json: String?

    @Flag(help: "List the groups, and measure nothing.")
    var list = false

    @Flag(help: "Show what the file of --json has, and measure nothing.")
    var show = false

    /// One group of measurements.
    enum Group: String, CaseIterable, ExpressibleByArgument {
        /// Weeks through `swell simulate`.
        case simulation
        /// The process alone.
        case footprint
        /// Hundreds of objects, created at once and idle after.
        case idle
        /// Hundreds of objects, active.
        case active
        /// A thousand objects that ask the same.
        case alike
        /// A thousand objects that wake at once.
        case waking
        /// Hundreds of objects, half of them with a source that hangs.
        case silence
        /// Ten thousand objects on a cluster in memory, and a process that is started again.
        case restart
        /// Ten thousand objects on such a cluster, and two replicas.
        case shards
        /// Metrics through the API server.
        case aggregation
        /// From an event to replicas, and what the record of that costs.
        case reaction

        /// What it measures of a fleet, if it does.
        var part: FleetBenchmark.Part? {
            switch self {
            case .idle: .idle
            case .active: .active
            case .alike: .alike
            case .waking: .waking
            case .silence: .silence
            case .simulation, .footprint, .restart, .shards, .aggregation, .reaction: nil
            }
        }
    }

    @Option(help: "What to measure; all of it unless given.")
    var only: [Group] = []

    func validate() throws {
        if show, json == nil { throw ValidationError("--show needs --json: which file is to be shown?") }
    }

    /// Measures, and tells.
    func run() async throws {
        if list { return Self.say(Group.allCases.map(\.rawValue).joined(separator: "\n")) }
        if let json, show { return Self.say(try Measurements(of: URL(fileURLWithPath: json)).table) }
        var measurements = Measurements()
        let groups = only.isEmpty ? Group.allCases : only
        if groups.contains(.simulation) {
            tell("simulating weeks")
            measurements.all += try await SimulationBenchmark.run(swell, rounds: 5)
        }
        let served = Collected()
        try await Servers.with { servers in
            if groups.contains(.footprint) {
                tell("starting the operator")
                await served.add(try await FootprintBenchmark.run(swell, root: root, servers, rounds: 5))
            }
            for group in groups {
                guard let part = group.part else { continue }
                tell("filling the control plane with a fleet: \(group)")
                await served.add(try await FleetBenchmark(servers: servers, swell: swell, root: root).run(part))
            }
            if groups.contains(.restart) {
                tell("making \(objects) objects on a cluster in memory")
                let benchmark = RestartBenchmark(
                    servers: servers,
                    swell: swell,
                    root: root,
                    objects: objects,
                    minutes: minutes
                )
                await served.add(try await benchmark.run())
            }
            if groups.contains(.shards) {
                tell("making \(objects) objects on a cluster in memory, and running two replicas")
                let benchmark = ShardsBenchmark(servers: servers, swell: swell, root: root, objects: objects)
                await served.add(try await benchmark.run())
            }
            if groups.contains(.aggregation) {
                tell("reading metrics through the API server")
                await served.add(try await AggregationBenchmark(servers: servers, swell: swell, root: root).run())
            }
            if groups.contains(.reaction) { try await react(on: servers, served) }
        }
        measurements.all += await served.all
        Self.say(measurements.table)
        if let json { try measurements.add(to: URL(fileURLWithPath: json)) }
        guard measurements.areWithinBounds else { throw ExitCode(1) }
    }

    /// Writes to standard output.
    private static func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    /// Measures from events to replicas.
    private func react(on servers: Servers, _ served: Collected) async throws {
        let workloads = Workloads(servers: servers)
        try await OperatorProcess.with(swell, root: root, servers) { [rounds] operatorProcess in
            try await workloads.prepare()
            tell("waiting for events to become replicas")
            await served.add(try await ReactionBenchmark.run(workloads, rounds: rounds))
            tell("polling \(RecordBenchmark.objects) objects")
            await served.add(try await RecordBenchmark.run(workloads, operatorProcess))
        }
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
