import KubeModel
import Scaling
import Testing

@testable import Admission

@Suite struct ScaledObjectReviewTests {
    @Test func `a good object is allowed, without a word`() async throws {
        let asking = Asking()
        let answer = try await asking.review(Asking.object())
        #expect(answer.uid == "u-1")
        #expect(answer.allowed)
        #expect(answer.status == nil)
        #expect(answer.warnings == nil)
        #expect(asking.counts == [#"keda_webhook_scaled_object_validations_total{action="create",namespace="shop"} 1"#])
    }

    /// One row of the table of rules: what is refused, and with which label it is counted.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var object = Asking.object()
        var index = FixedIndex()
        var targets = FixedTargets()
        let message: String
    }

    static let unlimited = FixedTargets(workloads: ["deployments shop/web": FixedTargets.workload([:])])
    static let theirs = AutoscalerFacts(name: "theirs")

    static let rows: [Row] = [
        Row(
            testDescription: "incorrect-replicas",
            object: Asking.object(["spec": ["minReplicaCount": 5, "maxReplicaCount": 3]]),
            message: "MinReplicaCount=5 must be less than MaxReplicaCount=3"
        ),
        Row(
            testDescription: "name-too-long",
            object: Asking.object(["metadata": ["name": .string(String(repeating: "n", count: 64))]]),
            message: "is 64 characters long; must be no more than 63 characters because it is used as the"
        ),
        Row(
            testDescription: "hpa-name-too-long",
            object: Asking.object(["metadata": ["name": .string(String(repeating: "n", count: 55))]]),
            message: "derived from scaledobject is 64 characters long; must be no more than 63 characters"
        ),
        Row(
            testDescription: "incorrect-fallback",
            object: Asking.object(["spec": ["fallback": ["failureThreshold": -1, "replicas": 2]]]),
            message: "FailureThreshold=-1 & Replicas=2 must both be greater than or equal to 0"
        ),
        Row(
            testDescription: "incorrect-triggers",
            object: Asking.object(["spec": ["triggers": nil]]),
            message: "no triggers defined in the ScaledObject/ScaledJob"
        ),
        Row(
            testDescription: "other-hpa",
            index: FixedIndex(hpas: [theirs]),
            message: "the workload 'web' of type 'apps/v1.Deployment' is already managed by the hpa 'theirs'"
        ),
        Row(
            testDescription: "transfer-ownership-missing-hpa-name",
            object: Asking.object([
                "metadata": ["annotations": ["scaledobject.keda.sh/transfer-hpa-ownership": "true"]]
            ]),
            index: FixedIndex(hpas: [theirs]),
            message: "must be specified by name in advanced settings to enable ownership transfer"
        ),
        Row(
            testDescription: "other-scaled-object",
            index: FixedIndex(objects: ["other", "web"]),
            message: "the workload 'web' of type 'apps/v1.Deployment' is already managed by the ScaledObject 'other'"
        ),
        Row(
            testDescription: "other-scaled-object-hpa",
            index: FixedIndex(namesakes: ["other", "web"]),
            message: "the HPA 'keda-hpa-web' is already managed by the ScaledObject 'other'"
        ),
        Row(
            testDescription: "scaling-modifiers",
            object: Asking.object(["spec": ["advanced": ["scalingModifiers": ["formula": "cron_1", "target": "1"]]]]),
            message: "error validating formula in ScalingModifiers: "
        ),
        Row(
            testDescription: "scaling-modifiers-fallback",
            object: Asking.object([
                "spec": ["fallback": ["failureThreshold": 1, "replicas": 2, "behavior": "scalingModifiers"]]
            ]),
            message: "scalingModifiers fallback behavior requires scalingModifiers.formula to be defined"
        ),
        Row(
            testDescription: "missing-requests",
            object: Asking.cpuObject(),
            targets: unlimited,
            message: "the scaledobject has a cpu trigger but the container main doesn't have the cpu request defined"
        ),
        Row(
            testDescription: "scale-to-zero-requirements-not-met",
            object: Asking.cpuObject(["minReplicaCount": 0]),
            targets: FixedTargets(
                workloads: ["deployments shop/web": FixedTargets.workload(["requests": ["cpu": "1"]])]
            ),
            message: "scaledobject has only cpu/memory triggers AND minReplica is 0"
        ),
    ]

    @Test(arguments: rows, [false, true])
    func `what a rule forbids is refused in KEDA's words, and counted`(row: Row, isUpdate: Bool) async throws {
        let asking = Asking(row.index, row.targets)
        let old: JSONValue? = isUpdate ? .some(Asking.object()) : .none
        let answer = try await asking.review(row.object, replacing: old)
        #expect(!answer.allowed)
        #expect(answer.status?.code == 403)
        #expect(answer.status?.reason == "Forbidden")
        #expect(answer.status?.message?.contains(row.message) == true)
        let action = isUpdate ? "update" : "create"
        let reason = row.testDescription
        #expect(
            asking.counts == [
                """
                keda_webhook_scaled_object_validation_errors_total{action="\(action)",namespace="shop",reason="\(reason)"} 1
                """,
                #"keda_webhook_scaled_object_validations_total{action="\#(action)",namespace="shop"} 1"#,
            ]
        )
    }

    @Test func `all that is wrong is told at once`() async throws {
        let answer = try await Asking(FixedIndex(objects: ["other"]))
            .review(
                Asking.object(["spec": ["minReplicaCount": 5, "maxReplicaCount": 3, "triggers": []]])
            )
        #expect(
            answer.status?.message == """
                MinReplicaCount=5 must be less than MaxReplicaCount=3; no triggers defined in the ScaledObject/ScaledJob; \
                the workload 'web' of type 'apps/v1.Deployment' is already managed by the ScaledObject 'other'
                """
        )
    }

    @Test func `what an answer says is bounded and on one line`() async throws {
        let triggers: [JSONValue] = (0..<500).map { _ in ["type": "x\ny", "name": "a\nb", "metadata": [:]] }
        let answer = try await Asking().review(Asking.object(["spec": ["triggers": .array(triggers)]]))
        let message = try #require(answer.status?.message)
        #expect(message.utf8.count <= 4096 && !message.contains("\n"))
        let warnings = try #require(answer.warnings)
        #expect(warnings.count == 17 && warnings.allSatisfy { $0.utf8.count <= 256 && !$0.contains("\n") })
    }

    @Test func `an object that only loses finalizers is allowed unchecked`() async throws {
        let bad: JSONValue = ["spec": ["minReplicaCount": 5, "maxReplicaCount": 3]]
        let old = MergePatch.apply(["metadata": ["finalizers": ["finalizer.keda.sh"]]], to: Asking.object(bad))
        let asking = Asking()
        #expect(try await asking.review(Asking.object(bad), replacing: old).allowed)
        #expect(asking.counts == [])
        let changed = MergePatch.apply(["spec": ["maxReplicaCount": 4]], to: Asking.object(bad))
        #expect(try await !asking.review(changed, replacing: old).allowed)
    }

    @Test(arguments: ["DELETE", "CONNECT"])
    func `other operations are allowed`(operation: String) async throws {
        let answer = try await Asking().review(.null, replacing: Asking.object(), operation: operation)
        #expect(answer.allowed)
    }

    @Test func `before everything has been listed there is no answer`() async throws {
        await #expect(throws: NotReady.self) {
            try await Asking(FixedIndex(isComplete: false)).review(Asking.object())
        }
    }

    @Test func `an object that we cannot read is let through with a warning that holds none of it`() async throws {
        let trigger: JSONValue = ["type": "cron", "metadata": ["password": ["canary"]]]
        let answer = try await Asking().review(Asking.object(["spec": ["triggers": [trigger]]]))
        #expect(answer.allowed)
        #expect(
            answer.warnings == ["spec.triggers[0].metadata.password: cannot be read, so the object was not checked"]
        )
    }
}
