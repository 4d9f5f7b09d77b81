import Foundation
import Simulation
import Testing

@testable import swell

/// Two specs side by side.
@Suite struct ComparisonTests {
    /// The files of ``SimulationSourceTests``.
    private let files = SimulationSourceTests()

    /// What becomes of two manifests over ten minutes.
    func runs(_ one: String, _ other: String, _ samples: String = "0,5\n60,30\n") async throws -> [NamedTimeline] {
        try await files.withFile(samples) { samples in
            try await files.withFile(one) { one in
                try await files.withFile(other) { other in
                    let source = files.source(0, 600, ["0=\(samples)"])
                    return zip(["a", "b"], try await source.simulations(of: [one, other]))
                        .map { NamedTimeline(name: $0, timeline: $1.run()) }
                }
            }
        }
    }

    @Test func `both have a column, in the steps and in the summary`() async throws {
        let other = SimulationSourceTests.queue.replacing("  triggers:", with: "  maxReplicaCount: 2\n  triggers:")
        let text = ComparisonTable(try await runs(SimulationSourceTests.queue, other)).text
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.contains("1970-01-01T00:01:00Z  1 -> 3  1 -> 2 maximum"), "\(text)")
        #expect(lines.contains { $0.split(separator: " ") == ["most", "pods", "3", "2"] }, "\(text)")
    }

    @Test func `samples go to the spec that takes them`() async throws {
        let runs = try await runs(SimulationSourceTests.cron, SimulationSourceTests.queue)
        #expect(runs.map { $0.timeline.points.last?.replicas } == [0, 3])
        let lines = TimelineCSV(runs).text.split(separator: "\r\n").map(String.init)
        #expect(lines.first == "file,time,by,from,to,ready,value 0,reason,rules")
        #expect(
            lines.dropFirst().first == "b,1970-01-01T00:00:00Z,swell,0,1,0,5.0,a trigger is active: 1 to begin with,"
        )
    }

    @Test func `samples that neither takes are an error`() async throws {
        await #expect(throws: SimulationError.self) {
            try await runs(SimulationSourceTests.cron, SimulationSourceTests.cron)
        }
    }
}
