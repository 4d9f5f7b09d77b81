import Foundation
import KubeModel
import Outbound
import Scaling
import TestKit
import Testing

extension RealServers.BadInput {
    /// What should never come, and does.
    @Suite struct Survival {
        /// Bytes in an object that etcd just about takes: its limit is 1.5 MB for a request.
        static let megabyte = 1_000_000

        @Test func `objects of a megabyte are scaled, or told what is wrong in a message of bearable length`()
            async throws
        {
            try await TestCluster.with { cluster in
                let bad = [
                    BadObject(
                        "long-type",
                        saying: "no scaler found for type: ttt",
                        Settings.trigger(String(repeating: "t", count: Self.megabyte), [:])
                    ),
                    BadObject(
                        "many-triggers",
                        saying: "no scaler found for type: bad",
                        spec: [
                            "triggers": .array(
                                Array(
                                    repeating: Settings.trigger(
                                        "bad",
                                        ["filler": .string(String(repeating: "x", count: 150))]
                                    ),
                                    count: 4000
                                )
                            )
                        ]
                    ),
                ]
                let neighbours = Neighbours(in: cluster, bad)
                try await neighbours.moveIn()
                try await Neighbours.deploy("long-query", replicas: 2, in: cluster)
                try await cluster.apply(Database.connection("good", TestServers.variable("POSTGRES_URI")))
                let query = "SELECT 6 -- " + String(repeating: "q", count: Self.megabyte)
                try await Neighbours.create("long-query", [Database.trigger(query, connection: "good")], in: cluster)

                try await neighbours.areTold()
                try await neighbours.disturbNobody()
                try await neighbours.recover(["long-query"])
                for name in bad.map(\.name) {
                    let message = try await cluster.condition(.ready, of: name)?.message
                    #expect((message ?? "").utf8.count <= 32_768, "longer than conditions may be")
                }
            }
        }

        @Test(arguments: [UInt64(1), 2])
        func `10,000 garbage bytes on each port end that connection and nothing else`(seed: UInt64) async throws {
            let swell = try #require(SwellProcess.current)
            var generator = SeededGenerator(seed: seed)
            var garbage = (0..<10_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
            // The second one begins as TLS does, so that it comes further.
            if seed == 2 { garbage.replaceSubrange(0..<5, with: [0x16, 0x03, 0x01, 0x20, 0x00]) }
            for port in [swell.metricsPort, swell.pagePort, swell.healthPort] {
                try GarbageClient.send(garbage, to: port)
            }
            #expect(try await swell.page("healthz", port: swell.healthPort).status == 200)
            #expect(try await swell.page("readyz", port: swell.healthPort).status == 200)
            #expect(try await swell.page("metrics", port: swell.pagePort).status == 200)
            try await TestCluster.with { cluster in
                let answer = try await cluster.kubectl("get", "--raw", "/apis/external.metrics.k8s.io/v1beta1")
                #expect(answer.contains("externalmetrics"))
            }
        }

        /// Ways in which the API server is not there, and is again.
        static let outages = [("stop", "start", 60), ("freeze", "thaw", 8)]

        @Test(arguments: outages)
        func `an API server that goes away for a while is waited for`(
            leave: String,
            back: String,
            seconds: Int
        ) async throws {
            let swell = try #require(SwellProcess.current)
            let control = Command(program: try TestServers.variable("APISERVER_CTL"))
            try await TestCluster.with { cluster in
                let neighbours = Neighbours(in: cluster, [])
                try await neighbours.moveIn()
                try await neighbours.reachReplicas(3, of: ["healthy"])
                try await control.run([leave])
                do {
                    // The length of the outage is what is tried: many polls, and the deadline of a request.
                    try await Task.sleep(for: .seconds(seconds))
                    #expect(try await swell.page("healthz", port: swell.healthPort).status == 200)
                } catch {
                    try await control.run([back])
                    throw error
                }
                try await control.run([back])
                try await neighbours.disturbNobody()
                try await neighbours.recover(["healthy"], to: 4)
                // Watches are alive again: something new is seen, and something old goes.
                try await Neighbours.deploy("new", replicas: 0, in: cluster)
                try await Neighbours.create("new", [Neighbours.always(2)], in: cluster)
                try await neighbours.recover(["new"], to: 2)
                try await cluster.kubectl("delete", "scaledobject", "healthy", "-n", cluster.namespace, "--timeout=60s")
            }
        }
    }
}

/// Sends what nobody understands.
enum GarbageClient {
    /// Sends bytes to a port of this machine and waits until the other side ends the connection.
    ///
    /// The test's thread waits meanwhile, for ten seconds at most.
    static func send(_ bytes: [UInt8], to port: Int) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        try #require(isConnected, "nothing listens on port \(port)")
        // 10,000 bytes fit into the kernel's buffer; the other side may have hung up before the last of them.
        _ = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        var answer = [UInt8](repeating: 0, count: 4096)
        var count = 1
        while count > 0 { count = recv(descriptor, &answer, answer.count, 0) }
        #expect(count == 0 || errno == ECONNRESET, "port \(port) keeps a connection that makes no sense")
    }
}
