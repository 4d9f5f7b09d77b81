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
        (
            [.failed(reason: "no such type", .unbuilt), .read(metrics: [], isActive: true)], "False", "TriggerError",
            "True", "ScalerActive"
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

    @Test(arguments: [
        ([TriggerOutcome.failed(reason: "down", .borne)], "True", "ScaledObjectReady"),
        (
            [.failed(reason: "down", .borne), .read(metrics: [], isActive: true)], "Unknown",
            "PartialTriggerError"
        ),
        ([.failed(reason: "down", .borne), .failed(reason: "no such type", .unbuilt)], "False", "TriggerError"),
        ([.fallback(metrics: ["s0-postgresql"], reason: "down")], "True", "ScaledObjectReady"),
        ([.resource], "True", "ScaledObjectReady"),
    ])
    func `a failure that the fallback bears shows only while something is active`(
        outcomes: [TriggerOutcome],
        ready: String,
        reason: String
    ) {
        let status = ScaledObjectStatus().after(Self.found(outcomes), of: Self.object)
        #expect(status[.ready]?.status.rawValue == ready)
        #expect(status[.ready]?.reason == reason)
    }

    @Test(arguments: [
        ([TriggerOutcome.resourceFailed(reason: "no metrics")], "Unknown", "PartialTriggerError", "True"),
        (
            [.resourceFailed(reason: "no metrics"), .read(metrics: ["x"], isActive: true)], "Unknown",
            "PartialTriggerError", "True"
        ),
        (
            [.resourceFailed(reason: "no metrics"), .read(metrics: ["x"], isActive: false)], "Unknown",
            "PartialTriggerError", "False"
        ),
        ([.resourceFailed(reason: "no metrics"), .failed(reason: "down")], "False", "TriggerError", "Unknown"),
        ([.resourceFailed(reason: "no metrics"), .failed(reason: "x", .unbuilt)], "False", "TriggerError", "Unknown"),
    ])
    func `cpu and memory that cannot be read are told, and have no say in activity`(
        outcomes: [TriggerOutcome],
        ready: String,
        reason: String,
        active: String
    ) {
        let status = ScaledObjectStatus().after(Self.found(outcomes), of: Self.object)
        #expect(status[.ready]?.status.rawValue == ready)
        #expect(status[.ready]?.reason == reason)
        #expect(status[.ready]?.message?.hasPrefix("no metrics") == true)
        #expect(status[.active]?.status.rawValue == active)
    }

    /// The object with annotations and a fallback.
    static func object(_ annotations: [String: String] = [:], fallback: ScaledObject.Fallback? = nil) -> ScaledObject {
        var object = object
        object.metadata.annotations = annotations
        object.spec.fallback = fallback
        return object
    }

    @Test(
        arguments: [
            ([ObjectControls.paused: "true"], "True", "ScaledObjectPaused", Int?.none, "ScaledObject is paused"),
            ([ObjectControls.pausedReplicas: "4"], "True", "ScaledObjectPaused", 4, "ScaledObject is paused"),
            ([ObjectControls.pausedScaleIn: "true"], "True", "ScaledObjectPaused", nil, nil),
            ([ObjectControls.pausedScaleOut: "true"], "True", "ScaledObjectPaused", nil, nil),
            ([:], "False", nil, nil, nil),
        ] as [([String: String], String, String?, Int?, String?)]
    )
    func `a pause shows in the status, and its end too`(
        annotations: [String: String],
        paused: String,
        reason: String?,
        replicas: Int?,
        ready: String?
    ) {
        var found = ObjectFindings()
        found.controls = ObjectControls(annotations)
        let status = ScaledObjectStatus().after(found, of: Self.object(annotations))
        #expect(status[.paused]?.status.rawValue == paused)
        #expect(status[.paused]?.reason == reason)
        #expect(status.pausedReplicaCount == replicas)
        #expect(status[.ready]?.message == ready)
        let after = status.after(ObjectFindings(), of: Self.object)
        #expect(after[.paused]?.status == .no)
        #expect(after[.paused]?.reason == (paused == "True" ? "ScaledObjectUnpaused" : nil))
        #expect(after.pausedReplicaCount == nil)
        let events = ObjectEvent.between(status, after).map(\.reason)
        #expect(events == (paused == "True" ? [.unpaused] : []))
        #expect(ObjectEvent.between(nil, status).map(\.reason).contains(.paused) == (paused == "True"))
    }

    @Test func `the fallback's condition follows the failures, and is False where there is no fallback`() throws {
        let object = Self.object(fallback: .init(failureThreshold: 1, replicas: 2))
        let policy = try #require(FallbackPolicy(object.spec))
        var found = ObjectFindings()
        var counts = FailureCounts()
        var status = ScaledObjectStatus()
        var told: [ObjectEvent.Reason] = []
        for (hasFailed, expected) in [
            (false, "False"), (true, "False"), (true, "True"), (true, "True"), (false, "False"),
        ] {
            counts.note(["s0-postgresql"], hasFailed: hasFailed, under: policy)
            found.failures = counts
            let next = status.after(found, of: object)
            told += ObjectEvent.between(status, next).map(\.reason)
            status = next
            #expect(status[.fallback]?.status.rawValue == expected)
            #expect(status.health?["s0-postgresql"] == counts.health["s0-postgresql"])
        }
        #expect(told == [.fallbackActivated, .fallbackDeactivated])
        status = status.after(ObjectFindings(), of: Self.object)
        #expect(status.health == nil)
        #expect(status[.fallback]?.reason == "NoFallbackFound")
    }

    @Test(arguments: [
        ("True", "ValidMetricFound", "fine", "True", "HPAActive", "HPA is actively scaling"),
        ("False", "ScalingDisabled", "replicas are 0", "True", "ScalingDisabled", "replicas are 0"),
        (
            "False", "FailedGetExternalMetric", "no answer", "False", "FailedGetExternalMetric",
            "HPA is not actively scaling: no answer"
        ),
        ("Unknown", "", "", "False", "HPAMetricsUnavailable", "HPA is not actively scaling: "),
    ])
    func `what the HPA says of its metrics is passed on`(
        theirs: String,
        theirReason: String,
        theirMessage: String,
        ours: String,
        reason: String,
        message: String
    ) {
        var found = ObjectFindings()
        found.hpaHealth = HPAStatus.Condition(
            type: "ScalingActive",
            status: theirs,
            reason: theirReason,
            message: theirMessage,
            lastTransitionTime: nil
        )
        let status = ScaledObjectStatus().after(found, of: Self.object)
        #expect(status[.hpaActive]?.status.rawValue == ours)
        #expect(status[.hpaActive]?.reason == reason)
        #expect(status[.hpaActive]?.message == message)
        #expect(status.after(ObjectFindings(), of: Self.object)[.hpaActive] == status[.hpaActive])
        #expect(ScaledObjectStatus().after(ObjectFindings(), of: Self.object)[.hpaActive] == nil)
    }

    @Test func `a formula shows in the status, and is forgotten when it goes`() {
        var found = Self.found([.read(metrics: ["s0-postgresql"], isActive: true)])
        found.poll?.seen.composite = .value(3, isActive: false)
        let status = ScaledObjectStatus().after(found, of: Self.object)
        #expect(status.compositeScalerName == "composite-metric")
        #expect(status[.active]?.status == .no)
        #expect(status.after(Self.found([.resource]), of: Self.object).compositeScalerName == nil)
        var failing = Self.found([.failed(reason: "down")])
        failing.poll?.seen.composite = .failed(reason: nil)
        let worse = status.after(failing, of: Self.object)
        #expect(ObjectEvent.between(status, worse).map(\.reason) == [.metricSourceFailed])
    }

    @Test func `forced activity says so`() {
        var found = Self.found([.read(metrics: [], isActive: false)])
        found.poll?.isForced = true
        let active = ScaledObjectStatus().after(found, of: Self.object)[.active]
        #expect(active?.message == "Scaling is performed because activation is being forced by annotation")
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
