import KubeModel
import Scaling
import Synchronization
import Testing

@testable import Admission

@Suite struct WarningTests {
    @Test(
        arguments: [
            ("type", ["type": "crom", "metadata": [:]], #"no scaler found for type: crom, did you mean "cron"?"#),
            (
                "type", ["type": "solace-event-queue", "metadata": ["x": "y"]],
                "solace-event-queue triggers are not supported by this version of Swell"
            ),
            (
                "metadata.desiredReplica",
                [
                    "type": "cron",
                    "metadata": [
                        "timezone": "UTC", "start": "0 9 * * *", "end": "0 18 * * *", "desiredReplicas": "4",
                        "desiredReplica": "4",
                    ],
                ],
                #"the cron trigger has no such setting, did you mean "desiredReplicas"?"#
            ),
            (
                "metadata.desiredReplicas",
                [
                    "type": "cron",
                    "metadata": [
                        "timezone": "UTC", "start": "0 9 * * *", "end": "0 18 * * *", "desiredReplicas": "four",
                    ],
                ],
                #"parameter "desiredReplicas" must be a whole number"#
            ),
            (
                "metricType",
                [
                    "type": "cron", "metricType": "Utilization",
                    "metadata": [
                        "timezone": "UTC", "start": "0 9 * * *", "end": "0 18 * * *", "desiredReplicas": "4",
                    ],
                ],
                "must be AverageValue or Value; Utilization is for cpu and memory only"
            ),
        ] as [(String, JSONValue, String)]
    )
    func `what KEDA does not look at is allowed with a warning`(
        field: String,
        trigger: JSONValue,
        message: String
    ) async throws {
        let answer = try await Asking().review(Asking.object(["spec": ["triggers": [trigger]]]))
        #expect(answer.allowed)
        let warning = try #require(answer.warnings?.first)
        #expect(answer.warnings?.count == 1)
        #expect(warning.hasPrefix("spec.triggers[0].\(field): "))
        #expect(warning.contains(message))
    }

    @Test func `a setting that an authentication may give is not missed`() async throws {
        let trigger: JSONValue = [
            "type": "postgresql", "metadata": ["query": "SELECT 1", "targetQueryValue": "1"],
            "authenticationRef": ["name": "db"],
        ]
        #expect(try await Asking().review(Asking.object(["spec": ["triggers": [trigger]]])).warnings == nil)
    }

    @Test func `settings without effect are told, and in an Event unless it is a dry run`() async throws {
        let object = Asking.object(["spec": ["minReplicaCount": 1, "pollingInterval": 5, "cooldownPeriod": 9]])
        let asking = Asking()
        let answer = try await asking.review(object)
        #expect(answer.allowed)
        #expect(answer.warnings?.map { $0.prefix { $0 != ":" } } == ["spec.pollingInterval", "spec.cooldownPeriod"])
        let events = asking.events.withLock { $0 }
        #expect(events.map(\.reason) == [.scalerInfo, .scalerInfo])
        #expect(events.first?.note.hasPrefix("PollingInterval is configured but is not relevant.") == true)
        let rehearsal = Asking()
        #expect(try await rehearsal.review(object, dryRun: true).warnings?.count == 2)
        #expect(rehearsal.events.withLock { $0 }.isEmpty)
    }

    @Test func `annotations that cannot be read are told`() async throws {
        let annotations: JSONValue = [
            "autoscaling.keda.sh/paused-replicas": "canary", "autoscaling.keda.sh/paused": "canary",
        ]
        let answer = try await Asking().review(Asking.object(["metadata": ["annotations": annotations]]))
        #expect(answer.allowed)
        #expect(answer.warnings?.count == 2)
        #expect(answer.warnings?.contains { $0.contains("canary") } == false)
    }

    @Test func `no text of a setting is ever repeated`() async throws {
        let canary = "canary-4711"
        let metadata: JSONValue = [
            "serverAddress": .string(canary), "threshold": .string(canary), "query": .string(canary),
            "password": .string(canary), "unsafeSsl": .string(canary), "connection": .string(canary),
            "targetQueryValue": .string(canary), "desiredReplicas": .string(canary),
        ]
        for type in ["prometheus", "postgresql", "cron"] {
            let trigger: JSONValue = ["type": .string(type), "metadata": metadata]
            let answer = try await Asking().review(Asking.object(["spec": ["triggers": [trigger, trigger]]]))
            #expect(answer.allowed)
            #expect(answer.warnings?.isEmpty == false)
            #expect(answer.warnings?.contains { $0.contains(canary) } == false)
        }
    }
}
