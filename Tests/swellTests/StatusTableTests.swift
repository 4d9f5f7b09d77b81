import ArgumentParser
import KubeModel
import Testing

@testable import swell

@Suite struct StatusTableTests {
    @Test func `an empty cluster shows the columns and nothing else`() {
        #expect(
            StatusTable([], replicas: [:], wanted: [:]).text == "OBJECT  TRIGGER  VALUE  ACTIVE  PODS  WANTED  WHY"
        )
    }

    @Test(arguments: [(0, 0), (4.9, 0), (5, 20), (15, 60), (26.9, 60), (27, 10), (33, 0), (1000, 0)])
    func `the demo's load rises, falls and ends at nothing`(seconds: Double, jobs: Int) {
        #expect(DemoSource.jobs(after: seconds) == jobs)
    }

    @Test(arguments: [
        ["--duration", "forever"], ["--hpa-sync", "-5s"], ["--port", "many"], ["--log-level", "loud"],
    ])
    func `a flag that makes no sense is refused`(flags: [String]) {
        #expect(throws: (any Error).self) { try LocalCommand.parse(flags) }
    }
}
