import Foundation
import KubeModel
import Manifests
import ScalerKit
import Scalers
import Scaling
import Simulation

/// Reads what a simulation needs from files.
struct SimulationSource {
    /// How long an object with only cron triggers is shown unless said otherwise, in seconds.
    private static let week: TimeInterval = 7 * 86_400
    /// Bytes of one file of samples that are read.
    private static let largest = 64 << 20

    /// The first moment, if given.
    let start: Date?
    /// The moment after the last, if given.
    let end: Date?
    /// `TRIGGER=FILE`, each.
    let samples: [String]
    /// Has the samples of triggers that no file is for, if given.
    let history: PrometheusHistory?
    /// How long a sample may hold, if given.
    let longestHold: Duration?
    /// Pods at the beginning, if given.
    let startReplicas: Int?
    /// How long a new pod takes until it is ready.
    let startup: Duration
    /// The time.
    let now: Date

    /// Simulations of the one ScaledObject in each of some files, over the same range and samples.
    ///
    /// - Throws: `SimulationError`.
    func simulations(of paths: [String]) async throws -> [Simulation] {
        let declared = try paths.map(Self.object)
        let range = try range(for: declared.map(\.object))
        let series = try series(over: range)
        var simulations: [Simulation] = []
        for (place, one) in declared.enumerated() {
            // Samples that no object takes are told of with the first.
            let own = series.filter { key, _ in
                let takers = declared.indices.filter { TriggerSource.takesSamples(key, declared[$0].object) }
                return takers.contains(place) || takers.isEmpty && place == 0
            }
            let kept = try await history?.series(for: one.object, without: Set(own.keys), over: range) ?? [:]
            let source = TriggerSource(.builtIn, over: range, samples: own.merging(kept) { own, _ in own })
            simulations.append(
                try Simulation(
                    one.object,
                    await source.triggers(of: one.object, one.settings),
                    over: range,
                    startReplicas: startReplicas,
                    startup: startup
                )
            )
        }
        return simulations
    }

    /// The samples of all files that are named, by trigger.
    private func series(over range: SimulatedRange) throws -> [String: Series] {
        var series: [String: Series] = [:]
        for sample in samples {
            let parts = sample.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw SimulationError("--samples \(sample): must be TRIGGER=FILE, such as 0=queue.csv")
            }
            guard series[parts[0]] == nil else { throw SimulationError("--samples \(parts[0]) is given twice") }
            let text = try Self.text(of: parts[1])
            series[parts[0]] = try SampleFile.read(text, from: parts[1], over: range, longestHold: longestHold)
        }
        return series
    }

    /// The moments of interest.
    private func range(for objects: [ScaledObject]) throws -> SimulatedRange {
        if objects.flatMap(\.spec.triggers).allSatisfy({ $0.type == "cron" }) {
            let first = start ?? Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
            return try SimulatedRange(from: first, to: end ?? first.addingTimeInterval(Self.week))
        }
        guard let start, let end else {
            throw SimulationError("--from and --to are needed: only cron triggers can do without")
        }
        return try SimulatedRange(from: start, to: end)
    }

    /// The one ScaledObject in a file, which `swell validate` would pass.
    private static func object(in path: String) throws -> DeclaredObject {
        let reading = ManifestFiles([path]).read()
        let report = ValidationReport(reading, ManifestCheck(registry: .builtIn))
        if let first = report.findings.first(where: { $0.severity == .error }) {
            let more = report.problems > 1 ? " (and \(report.problems - 1) more: swell validate -f \(path))" : ""
            throw SimulationError(ValidationReport.line(first) + more)
        }
        let objects = try reading.scaledObjects()
        guard let object = objects.first, objects.count == 1 else {
            let names = objects.map(\.object.metadata.name).joined(separator: ", ")
            throw SimulationError(
                "\(path): a simulation takes one ScaledObject, there \(objects.isEmpty ? "is none" : "are \(names)")"
            )
        }
        return object
    }

    /// The text of a file of samples.
    private static func text(of path: String) throws -> String {
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            data = try handle.read(upToCount: largest + 1) ?? Data()
            try handle.close()
        } catch {
            throw SimulationError("\(path): the file cannot be read")
        }
        guard data.count <= largest else { throw SimulationError("\(path): it is larger than \(largest >> 20) MiB") }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw SimulationError("\(path): it is not UTF-8 text")
        }
        return text
    }
}
