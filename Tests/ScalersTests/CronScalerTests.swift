import Foundation
import KubeModel
import ScalerKit
import Scalers
import TestKit
import Testing

@Suite struct CronScalerTests {
    static let office = [
        "timezone": "Europe/Madrid", "start": "0 9 * * 1-5", "end": "0 18 * * 1-5", "desiredReplicas": "4",
    ]

    @Test(arguments: [
        ("2026-03-27T07:59:59Z", 0.0),  // Friday 08:59:59 in Madrid, UTC+1
        ("2026-03-27T08:00:00Z", 4.0),
        ("2026-03-27T17:00:00Z", 0.0),  // 18:00:00 is outside
        ("2026-03-30T07:00:00Z", 4.0),  // Monday 09:00 in Madrid: the clocks moved on the 29th, UTC+2
    ])
    func `the window follows the clock of its zone`(instant: String, expected: Double) async throws {
        let scaler = try CronScaler.make(Self.office)
        let reading = try await scaler.readOnly(.testing(now: Date(instant, strategy: .iso8601)))
        #expect(reading == Reading(value: expected, isActive: expected > 0))
    }

    @Test func `the metric carries zone and schedule, one pod a unit`() throws {
        let scaler = try CronScaler.make([
            "timezone": "Asia/Seoul", "start": "00,15,30,45 * * * *", "end": "05,20,35,50 * * * *",
            "desiredReplicas": "1",
        ])
        #expect(
            scaler.measures(.testing()) == [
                .external(name: "cron-Asia/Seoul-00Cm15Cm30Cm45xxxx-05Cm20Cm35Cm50xxxx", target: Quantity(1))
            ]
        )
    }

    @Test(arguments: [
        ("start", "0 9 * *", "cron expression"), ("end", "60 9 * * *", "cron expression"),
        ("timezone", "Mars/Olympus", "time zone"), ("desiredReplicas", "0", "must not be 0"),
        ("desiredReplicas", "two", "whole number"), ("end", "0 9 * * 1-5", "must differ"), ("start", "", "missing"),
    ])
    func `a bad setting is refused with what is wrong`(key: String, value: String, message: String) {
        let error = #expect(throws: SettingsError.self) {
            try CronScaler.make(Self.office.merging([key: value]) { $1 })
        }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test func `keeps the scaler contract`() async throws {
        try await ScalerContract.verify(CronScaler.self, valid: Self.office)
    }
}
