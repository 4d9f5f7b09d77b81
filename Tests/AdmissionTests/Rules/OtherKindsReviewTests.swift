import KubeModel
import Testing

@testable import Admission

@Suite struct OtherKindsReviewTests {
    /// A ScaledJob with triggers.
    static func job(_ triggers: JSONValue?, finalizers: JSONValue = []) -> JSONValue {
        var job: JSONValue = [
            "metadata": ["name": "batch", "finalizers": finalizers], "spec": ["jobTargetRef": ["template": [:]]],
        ]
        if let triggers { job[path: "spec", "triggers"] = triggers }
        return job
    }

    @Test(
        arguments: [
            ([["type": "kafka", "metadata": [:]]], nil),
            (nil, "no triggers defined in the ScaledObject/ScaledJob"),
            ([], "no triggers defined in the ScaledObject/ScaledJob"),
            (
                [["type": "cron", "metadata": [:], "useCachedMetrics": true]],
                #"property "useCachedMetrics" is not supported for "cron" scaler"#
            ),
            (
                [["type": "a", "name": "x", "metadata": [:]], ["type": "b", "name": "x", "metadata": [:]]],
                #"triggerName "x" is defined multiple times in the ScaledObject/ScaledJob, but it must be unique"#
            ),
        ] as [(JSONValue?, String?)]
    )
    func `of a ScaledJob the triggers are checked`(triggers: JSONValue?, message: String?) async throws {
        let asking = Asking()
        let answer = try await asking.review(Self.job(triggers), at: .scaledJob)
        #expect(answer.allowed == (message == nil))
        #expect(answer.status?.message == message)
        let label = #"{action="create",namespace="shop",reason="incorrect-triggers"} 1"#
        #expect(
            asking.counts
                == (message == nil ? [] : ["keda_webhook_scaled_object_validation_errors_total\(label)"])
        )
    }

    @Test(arguments: [AdmissionRoute.triggerAuthentication, .clusterTriggerAuthentication])
    func `authentications are checked`(route: AdmissionRoute) async throws {
        let bad: JSONValue = ["podIdentity": ["provider": "aws", "externalID": "canary"]]
        let answer = try await Asking().review(["metadata": ["name": "db"], "spec": bad], at: route)
        #expect(answer.status?.message == "externalID of PodIdentity requires roleArn to be set")
        #expect(answer.status?.code == 403)
        let good: JSONValue = [
            "secretTargetRef": [["parameter": "a", "name": "b", "key": "c"]], "podIdentity": ["provider": "none"],
        ]
        #expect(try await Asking().review(["metadata": ["name": "db"], "spec": good], at: route).allowed)
        let odd: JSONValue = ["metadata": ["name": "db"], "spec": ["oauth2": ["clientId": ["canary"]]]]
        let unread = try await Asking().review(odd, at: route)
        #expect(unread.allowed)
        #expect(unread.warnings == ["spec.oauth2.clientId: cannot be read, so the object was not checked"])
    }

    @Test(arguments: AdmissionRoute.allCases)
    func `deletion of what has become invalid is not blocked`(route: AdmissionRoute) async throws {
        for finalizers in [["finalizer.keda.sh"], ["finalizer.keda.sh", "other"]] as [[JSONValue]] {
            let old = Self.job([], finalizers: .array(finalizers))
            let new = Self.job([], finalizers: .array(Array(finalizers.dropFirst())))
            #expect(try await Asking(FixedIndex(isComplete: false)).review(new, at: route, replacing: old).allowed)
        }
    }

    @Test(arguments: [AdmissionRoute.cloudEventSource, .clusterCloudEventSource])
    func `event sources are allowed`(route: AdmissionRoute) async throws {
        #expect(try await Asking(FixedIndex(isComplete: false)).review(["spec": [:]], at: route).allowed)
    }
}
