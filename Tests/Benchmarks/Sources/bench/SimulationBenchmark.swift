import Foundation
import Subprocess
import SystemPackage

/// A week at 30 s through `swell simulate`, the whole process.
enum SimulationBenchmark {
    /// The promise, in seconds.
    static let bound = 2.0
    /// Seconds of a week.
    private static let week = 604_800

    /// Measures both engines.
    static func run(_ executable: String, rounds: Int) async throws -> [Measurement] {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // A leftover in a temporary folder harms nobody.
        // A day's tide with a saw on it, so that something happens all the time.
        let samples = stride(from: 0, to: week, by: 30)
            .map { second in
                let tide = 1 - cos(Double(second % 86_400) / 86_400 * 2 * .pi)
                return "\(second),\(Int(tide * 400) + second / 30 % 37)"
            }
        let csv = folder.appending(path: "load.csv").path
        try samples.joined(separator: "\n").write(toFile: csv, atomically: false, encoding: .utf8)
        var all: [Measurement] = []
        for engine in ["hpa", "direct"] {
            let manifest = folder.appending(path: "\(engine).yaml").path
            try object(engine).write(toFile: manifest, atomically: false, encoding: .utf8)
            var seconds: [Double] = []
            for _ in 0..<rounds {
                let start = ContinuousClock.now
                let result = try await Subprocess.run(
                    .path(FilePath(executable)),
                    arguments: [
                        "simulate", "-f", manifest, "--samples", "0=\(csv)", "--from", "0", "--to", "\(week)",
                        "--startup-time", "45s", "-o", "json",
                    ],
                    input: .none,
                    output: .discarded,
                    error: .string(limit: 1 << 16)
                )
                seconds.append((ContinuousClock.now - start) / .seconds(1))
                guard result.terminationStatus.isSuccess else {
                    throw BenchmarkError("swell simulate: \(result.standardError)")
                }
            }
            all.append(Measurement(name: "a week at 30 s, \(engine)", unit: "s", samples: seconds, bound: bound))
        }
        return all
    }

    /// The spec that is simulated.
    private static func object(_ engine: String) -> String {
        """
        apiVersion: keda.sh/v1alpha1
        kind: ScaledObject
        metadata: {name: web, annotations: {autoscaling.swell.dev/engine: \(engine)}}
        spec:
          scaleTargetRef: {name: web}
          pollingInterval: 30
          triggers:
            - {type: prometheus, metadata: {serverAddress: "http://p:9090", query: up, threshold: "10"}}
        """
    }
}
