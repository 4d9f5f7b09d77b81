import KubeClient
import KubeModel
import KubeRuntime
import TestKit
import Testing

extension RealServers {
    @Suite(.timeLimit(.minutes(5))) struct KubeListing {
        @Test func `1200 objects are listed in pages and followed while they change`() async throws {
            try await TestCluster.with { cluster in
                try await TestCluster.concurrently(0..<1200) { number in
                    _ = try await cluster.client.create(cluster.map("m-\(number)", "0"))
                }
                try await cluster.following { store in
                    #expect(store.values.filter { $0.key.name.hasPrefix("m-") }.count == 1200)
                    try await withThrowingTaskGroup { group in
                        group.addTask {
                            try await TestCluster.concurrently(0..<300) { number in
                                switch number % 3 {
                                case 0: try await cluster.set("m-\(number)", to: "1")
                                case 1:
                                    try await cluster.client.delete(ConfigMap.resourceType, cluster.key("m-\(number)"))
                                default: _ = try await cluster.client.create(cluster.map("n-\(number)", "0"))
                                }
                            }
                        }
                        // Those that nobody touches are in every list, once, whatever happens to the others.
                        for _ in 0..<3 {
                            let listing = try await cluster.client.list(
                                ConfigMap.self,
                                Selection(namespace: cluster.namespace)
                            )
                            let names = listing.items.map(\.metadata.name)
                            #expect(Set(names).count == names.count && listing.unreadable.isEmpty)
                            #expect((300..<1200).allSatisfy { Set(names).contains("m-\($0)") })
                        }
                        try await group.waitForAll()
                    }
                    try await eventually("the store to be as the server", within: .seconds(60)) {
                        let listing = try await cluster.client.list(
                            ConfigMap.self,
                            Selection(namespace: cluster.namespace)
                        )
                        let values = listing.items.compactMap { item in item.data?["k"].map { (item.key, $0) } }
                        return store.values == Dictionary(uniqueKeysWithValues: values)
                    }
                    #expect(store[cluster.key("m-0")] == "1" && store[cluster.key("m-1")] == nil)
                    #expect(store[cluster.key("n-2")] == "0")
                }
            }
        }

        @Test func `a selection is made by the server`() async throws {
            try await TestCluster.with { cluster in
                for name in ["a", "b", "c"] {
                    var map = cluster.map(name, name)
                    map.metadata.labels = ["tier": name]
                    _ = try await cluster.client.create(map)
                }
                let labels = try LabelSelector(parsing: "tier in (a,b)")
                let some = try await cluster.client.list(
                    ConfigMap.self,
                    Selection(namespace: cluster.namespace, labels: labels)
                )
                #expect(some.items.map(\.metadata.name) == ["a", "b"])
                let one = try await cluster.client.list(
                    ConfigMap.self,
                    Selection(namespace: cluster.namespace, fields: "metadata.name=c")
                )
                #expect(one.items.map(\.metadata.name) == ["c"])
            }
        }

        @Test func `who is late with a replace hears of a conflict, and a name is taken once`() async throws {
            try await TestCluster.with { cluster in
                let first = try await cluster.client.create(cluster.map("m", "1"))
                let again = await #expect(throws: KubeError.self) {
                    try await cluster.client.create(cluster.map("m", "1"))
                }
                #expect(again?.isAlreadyExists == true)
                var second = first
                second.data = ["k": "2"]
                _ = try await cluster.client.replace(second)
                let late = await #expect(throws: KubeError.self) { try await cluster.client.replace(first) }
                #expect(late?.isConflict == true && late?.isRetryable == true)
                let wrong = await #expect(throws: KubeError.self) {
                    try await cluster.client.delete(ConfigMap.resourceType, cluster.key("m"), uid: "another-life")
                }
                #expect(wrong?.isConflict == true)
                try await cluster.client.delete(ConfigMap.resourceType, cluster.key("m"), uid: first.metadata.uid)
                #expect(try await cluster.client.find(ConfigMap.self, cluster.key("m")) == nil)
            }
        }
    }
}
