import Telemetry
import Testing

@Suite struct ProcessMetricsTests {
    /// `/proc/self/stat`; the name of the process is chosen to mislead.
    static let stat =
        "42 (a ) b) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 3 0 10000 1048576 256 18446744073709551615 1 1"

    @Test func `the kernel's text is read by position, whatever the process is called`() throws {
        let metrics = try #require(
            ProcessMetrics(
                stat: Self.stat,
                systemStat: "cpu 1 2\nbtime 1700000000\n",
                openDescriptors: 9,
                units: .init()
            )
        )
        #expect(metrics.cpuSeconds == 3)
        #expect(metrics.startSeconds == 1_700_000_100)
        #expect(metrics.virtualBytes == 1_048_576)
        #expect(metrics.residentBytes == 1_048_576)
        #expect(metrics.families.map(\.name).contains("process_open_fds"))
    }

    @Test(arguments: ["", "42 (x", "42 (x) S 1 2", stat.replacing("10000", with: "late")])
    func `a text of another shape gives nothing`(stat: String) {
        #expect(ProcessMetrics(stat: stat, systemStat: "btime 1\n", openDescriptors: 0, units: .init()) == nil)
    }

    @Test func `this process has memory and descriptors`() throws {
        let families = ProcessMetrics.collect()
        let memory = try #require(families.first { $0.name == "process_resident_memory_bytes" })
        guard case .number(let bytes) = memory.series.first?.value else {
            Issue.record("no number")
            return
        }
        #expect(bytes > 1_000_000)
    }
}
