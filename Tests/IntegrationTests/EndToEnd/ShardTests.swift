import Foundation
import KubeClient
import KubeModel
import KubeRuntime
import Scaling
import Subprocess
import TestKit
import Testing

extension RealServers {
    /// Several replicas at work, each on its shards: real processes that come, go, are killed and are suspended.
    @Suite(.serialized, .timeLimit(.minutes(10))) struct Shards {
        /// So many that hardly ever a replica gets none with an object in it.
        static let shards = 32
        /// How the replicas of these tests are called besides.
        static let flags = ["--shards=\(shards)"]
        /// The objects.
        static let names = (0..<20).map { "web-\($0)" }

        /// Who polls what.
        struct Shares: Equatable {
            /// Names of objects by replica.
            var all: [String: Set<String>] = [:]

            /// Whether each object has one replica.
            var isWhole: Bool {
                all.values.reduce(0) { $0 + $1.count } == names.count && Set(all.values.joined()) == Set(names)
            }
        }

        /// A control plane with objects that are always open.
        static func with(_ test: @Sendable (TestCluster, _ ports: [Int]) async throws -> Void) async throws {
            try await Replicas.with { cluster, ports in
                for name in names {
                    try await Neighbours.deploy(name, replicas: 0, in: cluster)
                    try await Neighbours.create(name, [Neighbours.always(3)], in: cluster)
                }
                try await test(cluster, ports + [try SwellProcess.freePort()])
            }
        }

        /// Runs a replica.
        static func replica(
            _ name: String,
            _ cluster: TestCluster,
            _ port: Int,
            endsWith end: TerminationStatus = .exited(0),
            _ test: @Sendable (SwellReplica) async throws -> Void
        ) async throws {
            try await SwellReplica.with(
                name,
                in: cluster.namespace,
                port: port,
                flags: flags,
                endsWith: end,
                test
            )
        }

        /// Who polls what now.
        static func shares(of replicas: [SwellReplica], _ cluster: TestCluster) async throws -> Shares {
            var shares = Shares()
            for replica in replicas {
                shares.all[replica.name] = []
                for name in names where try await replica.polls(name, in: cluster.namespace) {
                    shares.all[replica.name]?.insert(name)
                }
            }
            return shares
        }

        /// Who is to poll what, once some replicas are the members; `nil` before.
        static func wanted(of replicas: [SwellReplica], _ cluster: TestCluster) async throws -> Shares? {
            let leases = try await cluster.client.list(Lease.self, Selection(namespace: cluster.namespace)).items
            let members = leases.filter { $0.metadata.name.contains("-member-") }.compactMap(\.spec.holderIdentity)
            // A member that was killed still stands there, until somebody takes its place.
            let names = replicas.compactMap { replica in members.first { $0.hasPrefix("\(replica.name)_") } }
            guard names.count == replicas.count else { return nil }
            var shares = Shares()
            for replica in replicas { shares.all[replica.name] = [] }
            for name in Self.names {
                let shard = layout(cluster).shard(of: cluster.key(name))
                let member = layout(cluster).preferred(for: shard, among: names) ?? ""
                shares.all[String(member.prefix { $0 != "_" })]?.insert(name)
            }
            return shares
        }

        /// How the objects are dealt out.
        static func layout(_ cluster: TestCluster) -> ShardLayout {
            ShardLayout(of: cluster.key("operator.keda.sh"), count: shards)
        }

        /// Waits until some replicas share all objects as the hashes say.
        static func settled(_ replicas: [SwellReplica], _ cluster: TestCluster) async throws -> Shares {
            var settled = Shares()
            try await eventually("\(replicas.map(\.name)) sharing the objects", within: .seconds(90)) {
                settled = try await shares(of: replicas, cluster)
                return try await wanted(of: replicas, cluster) == settled
            }
            return settled
        }

        /// Has every object's HPA changed, by whoever polls the object.
        static func expectWork(in cluster: TestCluster, maximum: Int) async throws {
            for name in names {
                let patch: JSONValue = ["spec": ["maxReplicaCount": .integer(Int64(maximum))]]
                _ = try await cluster.client.patch(ScaledObject.self, cluster.key(name), with: patch)
            }
            for name in names {
                try await eventually("the HPA of \(name) with a maximum of \(maximum)", within: .seconds(90)) {
                    try await cluster.hpa(name).spec.maxReplicas == maximum
                }
            }
        }

        /// What a replica has written, its Leases among it.
        static func done(by replica: String, _ cluster: TestCluster) throws -> [AuditedWrite] {
            try AuditedWrite.all(by: [replica], in: cluster.namespace, withLeases: true).filter(\.isDone)
        }

        /// Checks that nothing was written for an object before its shard was claimed anew.
        static func expectInOrder(_ writes: [AuditedWrite], _ cluster: TestCluster) throws {
            let layout = layout(cluster)
            var claims: [String: String] = [:]
            for write in writes where write.objectRef?.resource == "leases" {
                guard let name = write.objectRef?.name, claims[name] == nil else { continue }
                claims[name] = write.stageTimestamp
            }
            #expect(claims.keys.contains { $0.contains("-shard-") })
            for write in writes where kinds.contains(write.objectRef?.resource ?? "") {
                let lease = layout.lease(ofShard: layout.shard(of: cluster.key(object(of: write)))).name
                let claimed = try #require(claims[lease], "no claim before \(write.description)")
                #expect(claimed < write.requestReceivedTimestamp, "\(write.description), claimed at \(claimed)")
            }
        }

        /// What is written for objects.
        static let kinds = ["scaledobjects", "horizontalpodautoscalers", "deployments"]

        /// For which object something was written.
        static func object(of write: AuditedWrite) -> String {
            let name = write.objectRef?.name ?? ""
            return name.hasPrefix("keda-hpa-") ? String(name.dropFirst("keda-hpa-".count)) : name
        }

        /// Who has written for each object, in order of time, each only where it was another before.
        static func writers(_ replicas: [String], _ cluster: TestCluster) throws -> [String: [String]] {
            var writers: [String: [String]] = [:]
            let writes = try AuditedWrite.all(by: replicas, in: cluster.namespace).filter(\.isDone)
            for write in writes where kinds.contains(write.objectRef?.resource ?? "") {
                let (name, writer) = (object(of: write), String(write.user.username.prefix { $0 != "." }))
                if writers[name]?.last != writer { writers[name, default: []].append(writer) }
            }
            return writers
        }

        @Test func `who comes takes its share, who is killed or goes leaves it, and all answer`() async throws {
            try await Self.with { cluster, ports in
                try await Self.replica("one", cluster, ports[0]) { one in
                    #expect(try await Self.settled([one], cluster).all["one"]?.count == Self.names.count)
                    try await Self.replica("two", cluster, ports[1], endsWith: .signaled(SIGKILL)) { two in
                        let both = try await Self.settled([one, two], cluster)
                        try await Self.expectWork(in: cluster, maximum: 7)
                        try await Self.replica("three", cluster, ports[2]) { three in
                            let all = try await Self.settled([one, two, three], cluster)
                            // Nothing has moved but what became the third one's.
                            for name in ["one", "two"] {
                                #expect(all.all[name]?.isSubset(of: both.all[name] ?? []) == true)
                            }
                            for replica in [one, two, three] {
                                for name in [all.all["one"], all.all["two"], all.all["three"]].compactMap({ $0?.min() })
                                {
                                    try await eventually("\(name)'s metric by \(replica.name)", within: .seconds(60)) {
                                        let answer = try await replica.ask(Replicas.metric, of: name, in: cluster)
                                        return answer["items"]?.array?.first?["value"] == "3"
                                    }
                                }
                            }
                            try await Self.expectWork(in: cluster, maximum: 8)
                            let killed = ContinuousClock.now
                            try two.signal(.kill)
                            let rest = try await Self.settled([one, three], cluster)
                            print(
                                "shards: the takeover from a replica that was killed took \(ContinuousClock.now - killed)"
                            )
                            for name in ["one", "three"] {
                                #expect(all.all[name]?.isSubset(of: rest.all[name] ?? []) == true)
                            }
                            try await Self.expectWork(in: cluster, maximum: 9)
                            let left = ContinuousClock.now
                            try three.signal(.terminate)
                            _ = try await Self.settled([one], cluster)
                            print("shards: the takeover from a replica that went took \(ContinuousClock.now - left)")
                            try await Self.expectWork(in: cluster, maximum: 10)
                        }
                    }
                    // Each has written for an object in one stretch only: its own time.
                    for (name, writers) in try Self.writers(["one", "two", "three"], cluster) {
                        #expect(writers.count <= 4, "\(name): \(writers)")
                        #expect(Set(writers.dropLast()).count == writers.dropLast().count, "\(name): \(writers)")
                    }
                    try one.signal(.terminate)
                }
            }
        }

        @Test func `one that was suspended past its Leases writes for nothing that another has, and comes back`()
            async throws
        {
            try await Self.with { cluster, ports in
                // The first one leads, and would end; the second one only has shards.
                try await Self.replica("one", cluster, ports[0]) { one in
                    _ = try await Self.settled([one], cluster)
                    try await Self.replica("two", cluster, ports[1]) { two in
                        let both = try await Self.settled([one, two], cluster)
                        try await Self.expectWork(in: cluster, maximum: 7)
                        try two.signal(.suspend)
                        try await eventually("one polling all", within: .seconds(90)) {
                            try await Self.shares(of: [one], cluster).isWhole
                        }
                        try await Self.expectWork(in: cluster, maximum: 8)
                        let before = try Self.done(by: "two", cluster).count
                        // Changes that wait for it in its watches when it wakes.
                        try await Self.expectWork(in: cluster, maximum: 9)
                        try two.signal(.resume)
                        #expect(try await Self.settled([one, two], cluster) == both)
                        try Self.expectInOrder(Array(try Self.done(by: "two", cluster).dropFirst(before)), cluster)
                        try await Self.expectWork(in: cluster, maximum: 10)
                        for (name, writers) in try Self.writers(["one", "two"], cluster) where Self.names.contains(name)
                        {
                            let expected =
                                both.all["two"]?.contains(name) == true ? ["one", "two", "one", "two"] : ["one"]
                            #expect(writers == expected, "\(name): \(writers)")
                        }
                        try two.signal(.terminate)
                    }
                    try one.signal(.terminate)
                }
            }
        }

        @Test func `who counts other shards, or none, waits until the others have gone`() async throws {
            try await Self.with { cluster, ports in
                try await SwellReplica.with("one", in: cluster.namespace, port: ports[0]) { one in
                    try await eventually("one polling all", within: .seconds(90)) {
                        try await Self.shares(of: [one], cluster).isWhole
                    }
                    try await Self.replica("two", cluster, ports[1]) { two in
                        try await eventually("the place of two", within: .seconds(60)) {
                            let key = cluster.key("operator.keda.sh-member-0-of-\(Self.shards)")
                            return try await cluster.client.find(Lease.self, key)?.spec.holderIdentity?.hasPrefix("two")
                                == true
                        }
                        try await Self.expectWork(in: cluster, maximum: 7)
                        let shares = try await Self.shares(of: [one, two], cluster)
                        #expect(shares.all["two"]?.isEmpty == true && shares.isWhole)
                        #expect(try AuditedWrite.all(by: ["two"], in: cluster.namespace).filter(\.isDone).isEmpty)
                        try one.signal(.terminate)
                        _ = try await Self.settled([two], cluster)
                        try two.signal(.terminate)
                    }
                }
            }
        }
    }
}
