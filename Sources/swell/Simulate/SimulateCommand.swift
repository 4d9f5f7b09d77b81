import ArgumentParser
import Foundation
import KubeModel
import Outbound
import OutboundCurl
import ScalerKit
import Scalers
import Simulation
import Telemetry

/// `swell simulate`.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Replay recorded numbers against a ScaledObject, and see what it would do.",
        discussion: """
            Runs the decisions of the operator and of the HPA on a virtual clock, without a cluster. Cron triggers \
            follow the calendar; every other trigger needs samples, a file of lines TIME,VALUE in which each value \
            holds until the next. Times are RFC 3339 or Unix seconds, all in one form and zone. For cpu and memory a \
            sample is the load of all pods together: an amount, or percent of what one pod requests.

            With --prometheus what has no file comes from there: of a prometheus trigger by its own query, of any \
            other by keda_scaler_metrics_value, which KEDA's operator and Swell tell of every trigger that they read.

            Without --from and --to an object that has only cron triggers is shown for a week from now.

            In the summary pods count from when they are wanted. Time under target is when the ready pods had more \
            to do than their target and a tenth, while a trigger was active; the longest backlog is the longest \
            stretch of it.

            A picture (-o svg) has each trigger's value, what the ready pods should have of it, the pods, and marks \
            where a rule limited them; -o png needs rsvg-convert.

            Examples:
              swell simulate -f config/samples/hello-cron.yaml
              swell simulate -f worker.yaml --compare changed.yaml --samples queue=queue.csv --from 0 --to 86400
              swell simulate -f worker.yaml --samples 0=queue.csv --from 2026-11-02T00:00:00Z --to 2026-11-09T00:00:00Z
            """
    )

    @Option(
        name: [.customShort("f"), .customLong("filename")],
        help: ArgumentHelp(
            "File with one ScaledObject, and its TriggerAuthentication; - is standard input.",
            valueName: "file|-"
        )
    )
    var filename: String

    @Option(help: ArgumentHelp("The first moment, in RFC 3339 or Unix seconds.", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("The moment after the last.", valueName: "time"))
    var to: String?

    @Option(
        help: ArgumentHelp(
            "Samples of a trigger, by its name or its place from 0. Repeatable.",
            valueName: "trigger=file.csv"
        )
    )
    var samples: [String] = []

    @Option(
        help: ArgumentHelp(
            "Prometheus server with the history of triggers that have no file; may be https://user:password@host.",
            valueName: "url"
        )
    )
    var prometheus: String?

    @Option(help: "How long a sample may hold, such as 1h; five times the usual step unless given.")
    var maxGap: String?

    @Option(help: "Pods at the beginning; where the workload rests unless given.")
    var startReplicas: Int?

    @Option(help: "How long a new pod takes until it is ready, such as 45s; none unless given.")
    var startupTime: String?

    @Option(help: ArgumentHelp("File with another ScaledObject to see beside the first.", valueName: "file"))
    var compare: String?

    @Option(name: .shortAndLong, help: "How it is written.")
    var output = Format.table

    /// How it is written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        /// For people.
        case table
        /// A line for each step.
        case csv
        /// One JSON object.
        case json
        /// A picture.
        case svg
        /// A picture, by rsvg-convert.
        case png
    }

    /// Simulates and prints.
    ///
    /// - Throws: `SimulationError`.
    func run() async throws {
        let files = [filename] + (compare.map { [$0] } ?? [])
        let simulations = try await simulations(of: files)
        let runs = zip(files, simulations).map { NamedTimeline(name: $0, timeline: $1.run()) }
        switch output {
        case .table:
            StandardOutput.write(runs.count == 1 ? TimelineTable(runs[0].timeline).text : ComparisonTable(runs).text)
        case .svg: StandardOutput.write(TimelineSVG(runs).text)
        case .png: try PNGConverter.write(TimelineSVG(runs).text)
        case .csv: StandardOutput.write(TimelineCSV(runs).text)
        case .json:
            let reports = runs.map { TimelineReport($0.timeline, file: $0.name) }
            let json = try reports.count == 1 ? KubeJSON.encode(reports[0]) : KubeJSON.encode(["simulations": reports])
            StandardOutput.write(String(decoding: json, as: UTF8.self) + "\n")
        }
    }

    /// What the arguments ask for.
    private func simulations(of files: [String]) async throws -> [Simulation] {
        guard let prometheus else { return try await source().simulations(of: files) }
        let server: WebAddress.Parsed
        do {
            server = try WebAddress.parse(prometheus)
        } catch {
            // Not repeated: there may be a password in it.
            throw SimulationError("--prometheus: \(error.summary)")
        }
        let longestHold = try longestHold
        return try await withCurlTransport(environment: ProcessInfo.processInfo.environment) { transport in
            let history = PrometheusHistory(server, over: transport, longestHold: longestHold) {
                if isatty(STDERR_FILENO) == 1 { StandardError.write("\($0)\n") }
            }
            return try await source(history).simulations(of: files)
        }
    }

    /// What the arguments ask for, and where history comes from.
    private func source(_ history: PrometheusHistory? = nil) throws -> SimulationSource {
        SimulationSource(
            start: try from.map { try Self.time($0, "--from") },
            end: try to.map { try Self.time($0, "--to") },
            samples: samples,
            history: history,
            longestHold: try longestHold,
            startReplicas: startReplicas,
            startup: try startupTime.map { try Self.duration($0, "--startup-time") } ?? .zero,
            now: TimeSource.system.now()
        )
    }

    /// How long a sample may hold, if given.
    private var longestHold: Duration? {
        get throws { try maxGap.map { try Self.duration($0, "--max-gap") } }
    }

    /// A moment.
    private static func time(_ text: String, _ option: String) throws -> Date {
        if let seconds = Double(text), abs(seconds) < 1e11 { return Date(timeIntervalSince1970: seconds) }
        guard let date = RFC3339.date(text) else {
            throw SimulationError(
                "\(option): \"\(text)\" is neither RFC 3339, such as 2026-11-21T09:00:00Z, nor Unix seconds"
            )
        }
        return date
    }

    /// A time span.
    private static func duration(_ text: String, _ option: String) throws -> Duration {
        guard let duration = OptionValues.duration(parsing: text), duration >= .zero else {
            throw SimulationError("\(option): \"\(text)\" is no duration such as 45s or 1h")
        }
        return duration
    }
}
