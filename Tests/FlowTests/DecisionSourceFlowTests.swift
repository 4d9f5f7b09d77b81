import KubeModel
import Operator
import Scaling
import TestKit
import Testing

@Suite(.timeLimit(.minutes(2))) struct DecisionSourceFlowTests {
    /// What the operator says of an object.
    static func report(_ scaling: ScalingOperator, _ name: String) -> Result<DecisionReport, DecisionSourceError> {
        Result { () throws(DecisionSourceError) in
            try scaling.report(on: ObjectKey(namespace: "default", name: name))
        }
    }

    @Test func `whoever asks is told of what is polled, of what is not, and of what is not there`() async throws {
        let whole = try await WholeOperator()
        let always: JSONValue = [
            "type": "cron",
            "metadata": ["timezone": "UTC", "start": "0 0 * * *", "end": "59 23 * * *", "desiredReplicas": "3"],
        ]
        let spec: JSONValue = ["scaleTargetRef": ["name": "web"], "triggers": [always]]
        let deployment: JSONValue = [
            "spec": [
                "replicas": 1, "selector": ["matchLabels": ["app": "web"]],
                "template": [
                    "metadata": ["labels": ["app": "web"]],
                    "spec": ["containers": [["name": "main", "image": "none"]]],
                ],
            ]
        ]
        try await whole.create(
            ResourceType(GroupVersion("apps", "v1"), kind: "Deployment", plural: "deployments"),
            "web",
            deployment
        )
        try await whole.create(ScaledObject.resourceType, "web", ["spec": spec])
        try await whole.create(
            ScaledObject.resourceType,
            "broken",
            ["spec": ["scaleTargetRef": ["name": "web"], "triggers": []]]
        )
        try await whole.withOperator { scaling in
            try await eventually("a poll") {
                guard case .success(let report) = Self.report(scaling, "web") else { return false }
                return !report.entries.isEmpty
            }
            try await eventually("word of the object that is not polled") {
                Self.report(scaling, "broken") == .failure(.notPolled(ObjectKey(namespace: "default", name: "broken")))
            }
            #expect(
                Self.report(scaling, "ghost")
                    == .failure(.objectNotFound(ObjectKey(namespace: "default", name: "ghost")))
            )
        }
    }
}
