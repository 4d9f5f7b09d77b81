import KubeClient
import KubeModel
import Scaling
import Testing

@testable import Operator

@Suite struct ClusterTriggersFlowTests {
    @Test func `cpu and memory triggers stand in the HPA as resources`() async throws {
        let triggers = [
            ScaledObject.Trigger(type: "cpu", metadata: ["value": "60"], metricType: "Utilization"),
            ScaledObject.Trigger(
                type: "memory",
                metadata: ["value": "256Mi", "containerName": "main"],
                metricType: "AverageValue"
            ),
        ]
        let flow = try await Flow(replicas: 2, triggers: [Flow.prometheus] + triggers)
        flow.set(.value(25))
        try await flow.pass()
        let metrics = try #require(try await flow.hpa?.spec.metrics)
        #expect(metrics.compactMap(\.external?.metric.name) == ["s0-prometheus"])
        #expect(metrics.compactMap(\.resource) == [.init(name: "cpu", target: .utilization(60))])
        #expect(
            metrics.compactMap(\.containerResource)
                == [.init(name: "memory", container: "main", target: .averageValue(Quantity(256 << 20)))]
        )
        // As in KEDA, a container's is not among them.
        #expect(try await flow.status?.resourceMetricNames == ["cpu"])
        #expect(try await flow.status?.externalMetricNames == ["s0-prometheus"])
        #expect(try await flow.status?[.ready]?.status == .yes)
    }

    @Test func `a cpu trigger without a metric type is told`() async throws {
        let flow = try await Flow(replicas: 2, triggers: [.init(type: "cpu", metadata: ["value": "60"])])
        try await flow.pass()
        #expect(try await flow.hpa == nil)
        #expect(try await flow.replicas == 2)
        let message = try #require(try await flow.status?[.ready]?.message)
        #expect(message.contains("allowed values are 'Utilization' or 'AverageValue'"), "\(message)")
    }

    @Test func `pods of another workload wake this one`() async throws {
        let trigger = ScaledObject.Trigger(
            type: "kubernetes-workload",
            metadata: ["podSelector": "app=source", "value": "1", "activationValue": "1"]
        )
        let flow = try await Flow(triggers: [trigger])
        try await flow.plantPod("one")
        try await flow.pass()
        #expect(try await flow.replicas == 0)
        try await flow.plantPod("two")
        try await flow.ticks(1)
        #expect(try await flow.replicas == 1)
        #expect(try await flow.status?.externalMetricNames == ["s0-workload-default"])
        let readings = try await flow.metrics.readings(of: "s0-workload-default", for: Flow.key)
        #expect(readings.map(\.value) == [Quantity(2)])
    }

    @Test func `a number in a ConfigMap wakes a workload`() async throws {
        let trigger = ScaledObject.Trigger(
            type: "kubernetes-resource",
            metadata: [
                "resourceKind": "ConfigMap", "resourceName": "jobs", "key": "state.json", "format": "json",
                "valueLocation": #"jobs.#(state=="queued")#|#"#, "targetValue": "2",
            ]
        )
        let flow = try await Flow(triggers: [trigger])
        try await flow.pass()
        let message = try #require(try await flow.status?[.ready]?.message)
        #expect(message.contains("ConfigMap default/jobs does not exist"), "\(message)")
        let state = #"{"jobs":[{"state":"queued"},{"state":"done"},{"state":"queued"}]}"#
        let metadata = ObjectMeta(name: "jobs", namespace: "default")
        _ = try await flow.client.create(ConfigMap(metadata: metadata, data: ["state.json": state]))
        try await flow.ticks(1)
        #expect(try await flow.replicas == 1)
        #expect(try await flow.status?.externalMetricNames == ["s0-configmap-jobs-state-json"])
    }
}

extension Flow {
    /// Puts a pod of `app=source` beside the object; it waits for a node for ever.
    fileprivate func plantPod(_ name: String) async throws {
        let pod: JSONValue = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "labels": ["app": "source"]],
            "spec": ["containers": [["name": "main", "image": "none"]]],
        ]
        _ = try await client.send(.create(pod, as: Pod.resourceType, in: "default"))
    }
}
