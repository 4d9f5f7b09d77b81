import Foundation
import KubeModel
import Scaling
import Testing

@Suite struct ObjectFindingsTests {
    static let now = Date(timeIntervalSince1970: 1_800_000_000)
    static let object = ScaledObject(
        metadata: ObjectMeta(name: "web", namespace: "shop"),
        spec: .init(
            scaleTargetRef: .init(name: "web"),
            triggers: [
                .init(type: "postgresql", metadata: [:], authenticationRef: .init(name: "db")),
                .init(type: "cron", metadata: [:]),
                .init(type: "postgresql", metadata: [:], authenticationRef: .init(name: "db")),
            ]
        )
    )

    /// What a pass found whose poll had these outcomes.
    static func found(_ outcomes: [TriggerOutcome], _ decision: Decision = .hold(.inactive)) -> ObjectFindings {
        var found = ObjectFindings()
        found.target = ResourceType(GroupVersion("apps", "v1"), kind: "Deployment", plural: "deployments")
        found.originalReplicas = 3
        found.hpaName = "keda-hpa-web"
        found.externalMetrics = ["s0-postgresql", "s1-cron"]
        found.poll = .init(
            seen: Observation(replicas: 1, triggers: outcomes, lastActive: nil, created: now),
            decision: decision
        )
        return found
    }

    @Test func `a first pass fills in all that users and KEDA look at`() {
        let status = ScaledObjectStatus()
            .after(
                Self.found([.read(metrics: ["s0-postgresql"], isActive: true)]),
                of: Self.object
            )
        #expect(status.scaleTargetKind == "apps/v1.Deployment")
        #expect(status.scaleTargetGVKR?.resource == "deployments")
        #expect(status.originalReplicaCount == 3)
        #expect(status.hpaName == "keda-hpa-web")
        #expect(status.triggersTypes == "postgresql,cron")
        #expect(status.authenticationsTypes == "db")
        #expect(status.conditions?.map(\.type) == [.ready, .active, .fallback, .paused])
        #expect(status.triggersActivity?.mapValues(\.isActive) == ["s0-postgresql": true, "s1-cron": false])
    }

    @Test(arguments: [
        ([TriggerOutcome.read(metrics: [], isActive: true)], "True", "ScaledObjectReady", "True", "ScalerActive"),
        ([.read(metrics: [], isActive: false)], "True", "ScaledObjectReady", "False", "ScalerNotActive"),
        ([.failed(reason: "down")], "False", "TriggerError", "Unknown", "UnknownState"),
        (
            [.failed(reason: "down"), .read(metrics: [], isActive: true)], "Unknown", "PartialTriggerError", "True",
            "ScalerActive"
        ),
        (
            [.failed(reason: "down"), .read(metrics: [], isActive: false)], "False", "TriggerError", "Unknown",
            "UnknownState"
        ),
    ])
    func `conditions follow from what the triggers said`(
        outcomes: [TriggerOutcome],
        ready: String,
        readyReason: String,
        active: String,
        activeReason: String
    ) {
        let status = ScaledObjectStatus().after(Self.found(outcomes), of: Self.object)
        #expect(status[.ready]?.status.rawValue == ready)
        #expect(status[.ready]?.reason == readyReason)
        #expect(status[.active]?.status.rawValue == active)
        #expect(status[.active]?.reason == activeReason)
    }

    @Test func `the same findings twice change nothing`() {
        let found = Self.found([.failed(reason: "down"), .read(metrics: ["s1-cron"], isActive: false)])
        let once = ScaledObjectStatus().after(found, of: Self.object)
        #expect(once.after(found, of: Self.object) == once)
    }

    @Test func `the original count is never overwritten, and conditions of others stay`() {
        var status = ScaledObjectStatus().after(Self.found([]), of: Self.object)
        status["HPAActive"] = .init("HPAActive", .yes, reason: "HPAActive")
        var later = Self.found([])
        later.originalReplicas = 9
        let next = status.after(later, of: Self.object)
        #expect(next.originalReplicaCount == 3)
        #expect(next["HPAActive"]?.status == .yes)
    }

    @Test func `a problem makes the object not ready and its activity unknown`() {
        var found = ObjectFindings()
        found.problem = "ScaledObject doesn't have correct triggers specification: none"
        let status = ScaledObjectStatus().after(found, of: Self.object)
        #expect(status[.ready] == .init(.ready, .no, reason: "ScaledObjectCheckFailed", message: found.problem))
        #expect(status[.active]?.status == .unknown)
        #expect(ObjectEvent.between(nil, status) == [ObjectEvent(.warning, .checkFailed, found.problem ?? "")])
        #expect(ObjectEvent.between(status, status).isEmpty)
    }

    @Test func `recovery is told once`() {
        let bad = ScaledObjectStatus().after(Self.found([.failed(reason: "down")]), of: Self.object)
        let good = bad.after(Self.found([.read(metrics: [], isActive: false)]), of: Self.object)
        #expect(ObjectEvent.between(nil, bad).map(\.reason) == [.scalerFailed])
        #expect(ObjectEvent.between(bad, good).map(\.reason) == [.ready])
        #expect(ObjectEvent.between(good, good.after(Self.found([]), of: Self.object)).isEmpty)
    }

    @Test func `what users write at any length leaves the status small enough to be stored`() throws {
        let long = String(repeating: "ä", count: 500_000)
        var object = Self.object
        object.spec.triggers = (0..<3)
            .map { .init(type: "\($0)\(long)", metadata: [:], authenticationRef: .init(name: long)) }
        let status = ScaledObjectStatus().after(Self.found([.failed(reason: long)]), of: object)
        let message = try #require(status[.ready]?.message)
        #expect(message.utf8.count <= 32_768 && message.hasSuffix("ä..."))
        #expect(try KubeJSON.encode(status).count < 100_000)
    }
}
