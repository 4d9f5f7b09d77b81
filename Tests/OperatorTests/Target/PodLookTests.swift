import Foundation
import KubeClient
import KubeModel
import LocalCluster
import Outbound
import Scaling
import TestKit
import Testing

@testable import Operator

@Suite struct PodLookTests {
    /// What one pod uses, as metrics-server tells it.
    static func usage(_ containers: JSONValue, name: String = "p", window: String = "15.5s") throws -> PodMetrics {
        let value: JSONValue = [
            "metadata": ["name": .string(name), "namespace": "shop"], "timestamp": "2026-06-16T10:48:17Z",
            "window": .string(window), "containers": containers,
        ]
        return try KubeJSON.decode(PodMetrics.self, from: value)
    }

    static let two: JSONValue = [
        ["name": "main", "usage": ["cpu": "12345678n", "memory": "1Ki"]],
        ["name": "side", "usage": ["cpu": "250m", "memory": "1"]],
    ]

    @Test(
        arguments: [
            (two, "cpu", nil, 13 + 250), (two, "cpu", "side", 250), (two, "memory", nil, 1_025_000),
            (two, "memory", "main", 1_024_000), (two, "gpu", nil, nil), (two, "gpu", "main", nil),
            ([], "cpu", nil, nil),
            ([["name": "main", "usage": ["cpu": "1"]], ["name": "new", "usage": [:]]], "cpu", nil, nil),
            ([["name": "main", "usage": ["cpu": "1"]], ["name": "new", "usage": [:]]], "cpu", "main", 1000),
        ] as [(JSONValue, String, String?, Int64?)]
    )
    func `a pod uses what its containers use, and nothing is known while one of them is not`(
        containers: JSONValue,
        resource: String,
        container: String?,
        value: Int64?
    ) throws {
        let samples = try PodLook.samples(of: resource, in: [Self.usage(containers)], container: container)
        #expect(samples["p"]?.value == value)
        #expect(samples.count == (value == nil ? 0 : 1))
    }

    @Test(arguments: [("30s", 30), ("1m0s", 60), ("15.5s", 15.5), ("", nil), ("soon", nil)] as [(String, Double?)])
    func `a sample is of a time and a window, or none`(text: String, window: Double?) throws {
        let sample = try PodLook.samples(of: "cpu", in: [Self.usage(Self.two, window: text)], container: nil)["p"]
        #expect(sample?.window == window)
        #expect(sample?.time == window.map { _ in Date(timeIntervalSince1970: 1_781_606_897) })
    }

    @Test func `a pod that is measured without the container is an error that names both`() throws {
        let pods = [try Self.usage(Self.two), try Self.usage([["name": "side", "usage": [:]]], name: "q")]
        let failure = #expect(throws: TriggerFailure.self) {
            try PodLook.samples(of: "cpu", in: pods, container: "main")
        }
        #expect(failure?.description == "container main is not measured in pod q")
    }

    @Test(
        arguments: [
            (#"{"containers":[{"name":"a","resources":{"requests":{"cpu":"100m"}}}]}"#, ["a": 100], nil),
            (#"{"containers":[{"name":"a","resources":{"requests":{"memory":"1"}}}]}"#, ["a": nil], nil),
            (#"{"containers":[{"name":"a"},{"name":"b","resources":{}}]}"#, ["a": nil, "b": nil], nil),
            (
                """
                {"containers":[{"name":"a","resources":{"requests":{"cpu":"1"}}}],
                 "initContainers":[{"name":"first","resources":{"requests":{"cpu":"4"}}},
                  {"name":"proxy","restartPolicy":"Always","resources":{"requests":{"cpu":"500m"}}}]}
                """, ["a": 1000, "proxy": 500], nil
            ),
            (
                #"{"containers":[{"name":"a"}],"resources":{"requests":{"cpu":"2"}},"overhead":{"cpu":"50m"}}"#,
                ["a": nil], 2050
            ),
            (#"{"containers":[{"name":"a"}],"resources":{},"overhead":{"cpu":"50m"}}"#, ["a": nil], nil),
            ("{}", [:], nil),
        ] as [(String, [String: Int64?], Int64?)]
    )
    func `what a pod requests is what its lasting containers request, or it itself`(
        spec: String,
        containers: [String: Int64?],
        own: Int64?
    ) throws {
        let text = #"{"metadata":{"name":"p"},"spec":\#(spec)}"#
        let pod = AutoscalerPod(try KubeJSON.decode(Pod.self, from: Array(text.utf8)))
        #expect(Dictionary(uniqueKeysWithValues: pod.containers.map { ($0.name, $0.requests["cpu"]) }) == containers)
        #expect(pod.ownRequests?["cpu"] == own)
    }

    static let cpu = AutoscalerMetric.resource(name: "cpu", target: .utilization(percent: 50))
    static let average = AutoscalerMetric.external(name: "s0-x", target: .averageValue(1))
    static let value = AutoscalerMetric.external(name: "s0-x", target: .value(1))

    /// Looks at a target through a transport.
    static func look(
        _ transport: ScriptedTransport,
        _ metrics: [AutoscalerMetric],
        replicas: Int64 = 2,
        selector: String = "app=web"
    ) async throws -> PodLook {
        let client = KubeClient(KubeConfiguration(server: LocalCluster.address), over: transport)
        let scale: JSONValue = [
            "apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": ["name": "web"],
            "spec": ["replicas": .integer(replicas)],
            "status": ["replicas": .integer(replicas), "selector": .string(selector)],
        ]
        let target = ScaleTarget(
            type: WorkloadReplicas.resourceType,
            key: ObjectKey(namespace: "shop", name: "web")
        )
        return try await TargetAccess(client: client, discovery: Discovery(client)) { _ in nil }
            .look(at: KubeJSON.decode(Scale.self, from: scale), target, for: metrics)
    }

    static let pods = "/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb&limit=500"
    static let measured = "/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods?labelSelector=app%3Dweb"
    static let nothing = ScriptedTransport.Answer.json(#"{"metadata":{},"items":[]}"#)

    @Test(
        arguments: [
            ([], 2, []), ([average], 2, []), ([value], 2, [pods]), ([average, cpu], 2, [pods, measured]),
            ([cpu, value], 2, [pods, measured]), ([cpu, value], 0, []),
        ] as [([AutoscalerMetric], Int64, [String])]
    )
    func `only what a metric needs is asked, once`(
        metrics: [AutoscalerMetric],
        replicas: Int64,
        asked: [String]
    ) async throws {
        let transport = ScriptedTransport()
        for target in asked { transport.expect(.get, target, Self.nothing) }
        _ = try await Self.look(transport, metrics, replicas: replicas)
        try transport.verify()
    }

    @Test(
        arguments: [
            (404, "nobody serves metrics.k8s.io; install metrics-server"), (403, "pods is forbidden"),
            (503, "the server is currently unable"),
        ]
    )
    func `what pods use cannot be read: only the metrics of pods fail`(status: Int, message: String) async throws {
        let transport = ScriptedTransport()
        let text = status == 403 ? "pods is forbidden" : "the server is currently unable to handle the request"
        transport.expect(.get, Self.pods, Self.nothing)
        transport.expect(
            .get,
            Self.measured,
            .json(#"{"kind":"Status","code":\#(status),"message":"\#(text)"}"#, status: status)
        )
        let look = try await Self.look(transport, [Self.cpu, Self.value])
        guard case .failure(let failure) = look.reading(of: Self.cpu) else {
            Issue.record("it was read")
            return
        }
        #expect(failure.contains(message), "\(failure)")
        #expect(look.reading(of: Self.value) == nil && look.reading(of: Self.average) == nil)
    }

    @Test func `pods that cannot be told fail every metric that needs them`() async throws {
        let look = try await Self.look(ScriptedTransport(), [Self.cpu, Self.value], selector: "")
        let told = AutoscalerReading.failure("the scale target does not tell the selector of its pods")
        #expect(look.reading(of: Self.cpu) == told && look.reading(of: Self.value) == told)
        #expect(look.reading(of: Self.average) == nil)
    }
}
