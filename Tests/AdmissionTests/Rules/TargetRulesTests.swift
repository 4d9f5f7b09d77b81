import KubeModel
import Testing

@testable import Admission

@Suite struct TargetRulesTests {
    static let rollout: JSONValue = ["scaleTargetRef": ["apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout"]]

    @Test func `a kind that is served is allowed, another is refused`() async throws {
        let object = Asking.object(["spec": Self.rollout])
        let served = FixedTargets(kinds: ["argoproj.io/v1alpha1.Rollout"])
        #expect(try await Asking(FixedIndex(), served).review(object).allowed)
        let answer = try await Asking().review(object)
        #expect(answer.status?.message == #"no matches for kind "Rollout" in version "argoproj.io/v1alpha1""#)
        #expect(try await !Asking().review(object, dryRun: true).allowed)
    }

    @Test func `a refusal for the kind has no reason to be counted under`() async throws {
        let asking = Asking()
        _ = try await asking.review(Asking.object(["spec": Self.rollout]))
        #expect(asking.counts == [#"keda_webhook_scaled_object_validations_total{action="create",namespace="shop"} 1"#])
    }

    @Test func `a cluster that does not tell stops nobody`() async throws {
        let asking = Asking(FixedIndex(), FixedTargets(isAway: true))
        let kind = try await asking.review(Asking.object(["spec": Self.rollout]))
        #expect(kind.allowed)
        #expect(kind.warnings == ["spec.scaleTargetRef.kind: not checked: the cluster does not answer"])
        let requests = try await asking.review(Asking.cpuObject())
        #expect(requests.allowed)
        #expect(requests.warnings?.contains("spec.scaleTargetRef: not checked: the cluster does not answer") == true)
    }

    @Test func `cpu and memory need a target that is there, but for a dry run`() async throws {
        let answer = try await Asking().review(Asking.cpuObject())
        #expect(answer.status?.message == #"Deployment.apps "web" not found"#)
        #expect(try await Asking().review(Asking.cpuObject(), dryRun: true).allowed)
        #expect(try await Asking().review(Asking.object()).allowed)
    }

    @Test(
        arguments: [
            (["requests": ["cpu": "1"]], [], true),
            (["limits": ["cpu": "1"]], [], true),
            (["requests": ["memory": "1"]], [], false),
            ([:], [["spec": ["limits": [["type": "Container", "defaultRequest": ["cpu": "1"]]]]]], true),
            ([:], [["spec": ["limits": [["type": "Pod", "max": ["cpu": "1"]]]]]], false),
        ] as [(JSONValue, [JSONValue], Bool)]
    )
    func `requests come from containers or LimitRanges`(
        resources: JSONValue,
        limits: [JSONValue],
        isAllowed: Bool
    ) async throws {
        for (kind, plural) in [("Deployment", "deployments"), ("StatefulSet", "statefulsets")] {
            let targets = FixedTargets(
                workloads: ["\(plural) shop/web": FixedTargets.workload(resources)],
                limits: limits
            )
            let object = Asking.cpuObject(["minReplicaCount": 1, "scaleTargetRef": ["kind": .string(kind)]])
            #expect(try await Asking(FixedIndex(), targets).review(object).allowed == isAllowed)
        }
    }

    @Test func `LimitRanges that cannot be read stop nobody`() async throws {
        let workloads = ["deployments shop/web": FixedTargets.workload([:])]
        let targets = FixedTargets(workloads: workloads, hidesLimits: true)
        #expect(try await Asking(FixedIndex(), targets).review(Asking.cpuObject()).allowed)
    }
}
