import Foundation
import Simulation
import Testing

@testable import swell

/// What `swell simulate` makes of files.
@Suite struct SimulationSourceTests {
    /// A cron that is always open from Monday on.
    static let cron = """
        apiVersion: keda.sh/v1alpha1
        kind: ScaledObject
        metadata: {name: office}
        spec:
          scaleTargetRef: {name: office}
          triggers:
            - type: cron
              metadata: {timezone: UTC, start: 0 9 * * *, end: 0 18 * * *, desiredReplicas: "2"}
        """
    /// A queue whose samples are given.
    static let queue = """
        apiVersion: keda.sh/v1alpha1
        kind: ScaledObject
        metadata: {name: worker}
        spec:
          scaleTargetRef: {name: worker}
          triggers:
            - {type: prometheus, metadata: {serverAddress: "http://p", query: up, threshold: "10"}}
        """

    /// A folder with a file for the time of a test.
    func withFile<Result>(_ text: String, _ use: (String) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // A leftover in a temporary folder harms nobody.
        let file = folder.appending(path: "file").path
        try text.write(toFile: file, atomically: false, encoding: .utf8)
        return try await use(file)
    }

    /// What arguments ask for.
    func source(_ start: Double?, _ end: Double?, _ samples: [String] = []) -> SimulationSource {
        SimulationSource(
            start: start.map(Date.init(timeIntervalSince1970:)),
            end: end.map(Date.init(timeIntervalSince1970:)),
            samples: samples,
            history: nil,
            longestHold: nil,
            startReplicas: nil,
            startup: .zero,
            now: Date(timeIntervalSince1970: 1_000_000.5)
        )
    }

    @Test func `an object with only cron triggers is shown for a week from now`() async throws {
        let simulation = try await withFile(Self.cron) { try await source(nil, nil).simulations(of: [$0])[0] }
        #expect(simulation.range.start.timeIntervalSince1970 == 1_000_000)
        #expect(simulation.range.end.timeIntervalSince1970 == 1_000_000 + 604_800)
        #expect(simulation.transitions.count == 14)
    }

    @Test func `samples come from files`() async throws {
        let simulation = try await withFile("0,5\n60,30\n") { samples in
            try await withFile(Self.queue) { try await source(0, 600, ["0=\(samples)"]).simulations(of: [$0])[0] }
        }
        #expect(simulation.run().points.last?.replicas == 3)
    }

    @Test(arguments: [
        (queue, [], "--from and --to are needed"), (queue, ["0"], "--samples 0: must be TRIGGER=FILE"),
        (queue, ["0=/nowhere"], "/nowhere: the file cannot be read"),
        (queue + "\n---\n" + cron, [], "there are worker, office"),
        (queue.replacing("query", with: "qury"), [], ": error: spec.triggers[0].metadata.query: missing required"),
        (
            "kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}", [],
            "a simulation takes one ScaledObject, there is none"
        ),
        ("", [], "it holds no manifest"),
    ])
    func `what cannot be simulated is told in one line`(
        manifest: String,
        samples: [String],
        message: String
    ) async throws {
        let end = samples.isEmpty ? nil : 600.0
        let error = try await #require(throws: SimulationError.self) {
            try await withFile(manifest) { try await source(0, end, samples).simulations(of: [$0])[0] }
        }

        #expect("\(error)".contains(message) && !"\(error)".contains("\n"), "\(error)")
    }

    @Test func `the table has each change, its rule, and the summary`() async throws {
        let text = try await withFile("0,5\n60,30\n") { samples in
            try await withFile(Self.queue) { file in
                TimelineTable(try await source(0, 600, ["0=\(samples)"]).simulations(of: [file])[0].run()).text
            }
        }
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.hasPrefix("1970-01-01T00:00:00Z  0 -> 1  0      5   swell  a trigger is active") })
        #expect(lines.contains { $0.hasPrefix("1970-01-01T00:01:00Z  1 -> 3  1      30  hpa") }, "\(text)")
        #expect(lines.contains { $0.hasPrefix("replica-hours      0.47") }, "\(text)")
    }
}
