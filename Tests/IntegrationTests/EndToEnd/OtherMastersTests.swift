import KubeClient
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// Two masters of one workload, where no webhook has kept them apart: it is told, and neither is lost.
    @Suite(.serialized, .swellOperator, .timeLimit(.minutes(5))) struct OtherMasters {
        /// What people are told of an object's neighbour.
        static func note(_ other: String) -> String {
            "the workload 'web' of type 'apps/v1.Deployment' is already managed by the \(other)"
        }

        /// Creates an object of a name of its own for the workload `web`.
        static func create(_ name: String, by trigger: JSONValue, in cluster: TestCluster) async throws {
            let spec: JSONValue = ["scaleTargetRef": ["name": "web"]]
            try await Neighbours.create(name, [trigger], spec: spec, in: cluster)
        }

        /// Waits until an object's neighbour is told, once, as a warning and in the log, and the object is ready.
        static func expect(_ note: String, about name: String, in cluster: TestCluster) async throws {
            try await cluster.reach(event: "KEDAScalerInfo", about: name)
            let told = try await cluster.events("KEDAScalerInfo", about: name)
            #expect(told == [note], "\(told)")
            let list = try await cluster.client.answer(
                to: .list(EventObject.resourceType, in: cluster.namespace),
                as: KubeList<EventObject>.self
            )
            #expect(list.items.filter { $0.note == note }.allSatisfy { $0.type == "Warning" })
            #expect(try Self.lines(note, about: name, in: cluster) == 1)
            try await cluster.reach(.ready, .yes, of: name)
        }

        /// How often the log has told of a neighbour.
        static func lines(_ note: String, about name: String, in cluster: TestCluster) throws -> Int {
            try #require(SwellProcess.current).wholeLog.split(separator: "\n")
                .count {
                    $0.contains("the workload has two masters") && $0.contains("\(cluster.namespace)/\(name)")
                        && $0.contains(note)
                }
        }

        @Test func `a second object on the workload is told of both, and both go on`() async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    source.set(25, of: "a", "b")
                    try await cluster.deploy("web", replicas: 0)
                    try await Self.create("a", by: source.trigger("a"), in: cluster)
                    try await cluster.reach(3, "web")
                    #expect(try await cluster.events("KEDAScalerInfo", about: "a").isEmpty)
                    try await Self.create("b", by: source.trigger("b"), in: cluster)
                    try await Self.expect(Self.note("ScaledObject 'a'"), about: "b", in: cluster)
                    try await Self.expect(Self.note("ScaledObject 'b'"), about: "a", in: cluster)
                    for name in ["a", "b"] {
                        #expect(try await cluster.hpa(name).spec.scaleTargetRef.name == "web")
                        try await source.wait(for: 3, of: name)
                    }
                    // What the other one leaves behind is its own only.
                    try await cluster.kubectl("delete", "so", "a", "--timeout=60s", "-n", cluster.namespace)
                    try await eventually("the end of its HPA", within: .seconds(60)) {
                        try await cluster.autoscaler("keda-hpa-a") == nil
                    }
                    source.set(45, of: "b")
                    try await cluster.reach(5, "web")
                    #expect(try await cluster.condition(.ready, of: "b")?.status == .yes)
                    // Not told again by further polls. The HPA that outlives its object for a moment may be.
                    #expect(try Self.lines(Self.note("ScaledObject 'a'"), about: "b", in: cluster) == 1)
                }
            }
        }

        @Test func `somebody's own HPA on the workload is told, and stays as it is`() async throws {
            try await NumberSource.with { source in
                try await TestCluster.with { cluster in
                    source.set(25, of: "web")
                    try await cluster.apply(Adoption.mine)
                    let before = try #require(try await cluster.autoscaler("mine"))
                    try await cluster.scaled("web", by: [source.trigger("web")])
                    try await Self.expect(Self.note("hpa 'mine'"), about: "web", in: cluster)
                    try await source.wait(for: 3, of: "web")
                    let after = try #require(try await cluster.autoscaler("mine"))
                    #expect(after.metadata.uid == before.metadata.uid)
                    #expect(after.spec == before.spec)
                    #expect(after.metadata.labels == before.metadata.labels)
                    #expect(after.metadata.ownerReferences == nil)
                    #expect(try await cluster.hpa("web").spec.maxReplicas == 100)
                    try await cluster.kubectl("delete", "so", "web", "--timeout=60s", "-n", cluster.namespace)
                    #expect(try await cluster.autoscaler("mine")?.metadata.uid == before.metadata.uid)
                }
            }
        }
    }
}
