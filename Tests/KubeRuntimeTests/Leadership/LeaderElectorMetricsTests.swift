import KubeClient
import KubeModel
import Logging
import Outbound
import Telemetry
import TestKit
import Testing

@testable import KubeRuntime

@Suite struct LeaderElectorMetricsTests {
    let world = FakeObjects()
    let clock = ManualClock()
    let page = MetricRegistry()

    /// An elector that tells on the page.
    func elector(_ election: String) -> LeaderElector {
        let elector = LeaderElector(
            .scripted(world.transport, clock: clock),
            lease: ObjectKey(namespace: "keda", name: election),
            identity: "one",
            time: clock.source,
            random: { 0 },
            logger: .silent
        )
        elector.tell(page, as: election)
        return elector
    }

    /// What the page says of each election.
    func told() throws -> [String: Double] {
        let page = try #require(ScrapedPage(page.page()))
        #expect(page.types["leader_election_master_status"] ?? "gauge" == "gauge")
        let samples = page.all("leader_election_master_status")
        #expect(samples.allSatisfy { $0.labels.keys.sorted() == ["name"] })
        return Dictionary(samples.map { ($0.labels["name"] ?? "", $0.value) }) { $0 + $1 }
    }

    @Test func `the page says of each election whether we lead now`() async throws {
        let one = elector("operator.keda.sh")
        let other = elector("other")
        #expect(try told() == ["operator.keda.sh": 0, "other": 0])
        try await withThrowingTaskGroup { group in
            group.addTask { _ = await #expect(throws: LeadershipLost.self) { try await one.run() } }
            try await one.waitUntilLeading()
            #expect(try told() == ["operator.keda.sh": 1, "other": 0])
            world.fail { _ in .failure(OutboundError(.cannotConnect, "cut off")) }
            // Not renewed in time: the page says so at once, whether the elector has woken yet or not.
            try await clock.waitForSleepers(1)
            clock.advance(by: try #require(one.remaining))
            #expect(try told() == ["operator.keda.sh": 0, "other": 0])
            try await group.waitForAll()
        }
        withExtendedLifetime((one, other)) {}
    }

    @Test func `an elector that is gone has no series`() throws {
        do {
            let one = elector("operator.keda.sh")
            #expect(try told() == ["operator.keda.sh": 0])
            withExtendedLifetime(one) {}
        }
        #expect(try told().isEmpty)
    }
}
