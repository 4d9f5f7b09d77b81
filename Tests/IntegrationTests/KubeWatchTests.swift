import KubeClient
import KubeModel
import KubeRuntime
import TestKit
import Testing

extension RealServers {
    @Suite(.timeLimit(.minutes(5))) struct KubeWatch {
        /// Takes the API server away and brings it back.
        static func control(_ action: String) async throws {
            try await Command(program: TestServers.variable("APISERVER_CTL")).run([action])
        }

        @Test func `a store survives a restart of the API server`() async throws {
            try await TestCluster.with { cluster in
                _ = try await cluster.client.create(cluster.map("a", "1"))
                try await cluster.following { store in
                    #expect(store[cluster.key("a")] == "1")
                    try await Self.control("stop")
                    let error = await #expect(throws: KubeError.self) {
                        try await cluster.client.get(ConfigMap.self, cluster.key("a"))
                    }
                    #expect(error?.code == .unreachable && error?.isRetryable == true)
                    #expect(store[cluster.key("a")] == "1")
                    try await Self.control("start")
                    // A server that has just started may refuse for a moment while its caches fill.
                    try await eventually("a write", within: .seconds(60)) {
                        try await cluster.set("a", to: "2")
                        return true
                    }
                    _ = try await cluster.client.create(cluster.map("b", "1"))
                    try await eventually("the changes", within: .seconds(90)) {
                        store[cluster.key("a")] == "2" && store[cluster.key("b")] == "1"
                    }
                }
            }
        }

        @Test func `a store goes on after the API server was frozen`() async throws {
            try await TestCluster.with { cluster in
                _ = try await cluster.client.create(cluster.map("a", "1"))
                try await cluster.following { store in
                    try await Self.control("freeze")
                    let error = await #expect(throws: KubeError.self) {
                        try await cluster.client.send(
                            .get(ConfigMap.resourceType, cluster.key("a")),
                            within: .seconds(2)
                        )
                    }
                    try await Self.control("thaw")
                    #expect(error?.code == .timedOut)
                    try await cluster.set("a", to: "2")
                    try await eventually("the change", within: .seconds(90)) { store[cluster.key("a")] == "2" }
                }
            }
        }

        @Test func `a watch from long ago is gone`() async throws {
            try await TestCluster.with { cluster in
                let error = await #expect(throws: KubeError.self) {
                    try await cluster.client.withWatch(ConfigMap.self, from: "1", for: .seconds(20)) { events in
                        for try await event in events {
                            guard case .failed(let status) = event else { continue }
                            throw KubeError(watching: "configmaps", said: status)
                        }
                    }
                }
                #expect(error?.isGone == true)
            }
        }

        @Test func `the server ends a watch in good order after its time`() async throws {
            try await TestCluster.with { cluster in
                // The controller manager puts a ConfigMap of its own into each new namespace.
                let selection = Selection(namespace: cluster.namespace, fields: "metadata.name=nobody")
                let listing = try await cluster.client.list(ConfigMap.self, selection)
                let count = try await cluster.client.withWatch(
                    ConfigMap.self,
                    selection,
                    from: listing.resourceVersion,
                    for: .seconds(1)
                ) { events in
                    var count = 0
                    for try await event in events {
                        if case .bookmark = event { continue }
                        count += 1
                    }
                    return count
                }
                #expect(count == 0)
            }
        }

        @Test func `an object as large as the server takes comes through a watch`() async throws {
            try await TestCluster.with { cluster in
                try await cluster.following { store in
                    let large = String(repeating: "0123456789abcdef", count: 60_000)
                    _ = try await cluster.client.create(cluster.map("large", large))
                    try await eventually("the object", within: .seconds(60)) { store[cluster.key("large")] == large }
                }
            }
        }
    }
}
