import Foundation
import LocalCluster
import Logging
import Outbound

/// Ten thousand objects with a Prometheus trigger each, and an operator that is started again.
///
/// The cluster is one in memory, in this process: an etcd on the same two cores would be what is measured.
struct RestartBenchmark: Sendable {
    /// Between two looks at the source.
    private static let look = Duration.milliseconds(100)

    /// The servers, of which only the way to the outside is used.
    let servers: Servers
    /// The executable.
    let swell: String
    /// The project's folder.
    let root: String
    /// How many objects, each with a question of its own.
    let objects: Int
    /// For how long memory is looked at.
    let minutes: Int

    /// Makes the objects, lets an operator make them ready, and starts another.
    func run() async throws -> [Measurement] {
        let made = Made()
        try await onLocalCluster { [root, swell, objects, minutes] servers in
            try await servers.kubectl("apply", "-f", "\(root)/config/crd", "-f", "\(root)/config/rbac")
            // A real API server makes this one by itself.
            try await servers.kubectl(
                "create",
                "configmap",
                "--namespace=kube-system",
                "extension-apiserver-authentication",
                "--from-file=client-ca-file=\(Servers.variable("CLIENT_CA_CERT"))"
            )
            // The default interval, so that nothing is polled twice before all have been polled once.
            let fleet = Fleet(servers: servers, namespace: "fleet-many", interval: 30)
            try await fleet.makeTargets(objects)
            try await Nginx.with(servers.http, answering: 0) { nginx in
                try await OperatorProcess.with(swell, root: root, servers) { process in
                    _ = try await process.ready()
                    try await fleet.make(objects, of: nginx.address) { "up\($0)" }
                    try await fleet.ready(objects, every: .seconds(5))
                }
                let requests = try await nginx.requests()
                try await OperatorProcess.with(swell, root: root, servers) { process in
                    await made.add(try await polls(of: nginx, after: requests))
                    var memory: [Double] = []
                    for _ in 0..<minutes {
                        try await Task.sleep(for: .seconds(60))
                        memory.append(try await process.memory())
                    }
                    let what = "resident memory, \(objects) objects"
                    await made.add([Measurement(name: "\(what), each minute", unit: "MiB", samples: memory, bound: 250)]
                    )
                    guard memory.count > 6 else { return }
                    // What the HPA's algorithm remembers, five minutes, fills at first.
                    let growth = (memory.last ?? 0) / memory[5]
                    await made.add([
                        Measurement(
                            name: "growth of it since the sixth minute",
                            unit: "",
                            samples: [growth],
                            bound: 1.05
                        )
                    ])
                }
            }
        }
        return await made.all
    }

    /// Waits until a process that was just started has asked the source for each object.
    private func polls(of nginx: Nginx, after first: Int) async throws -> [Measurement] {
        var (asked, connections): ([Int], Int) = ([0], 0)
        let seconds = try await time(until: "polls of all objects", every: Self.look) {
            let load = try await nginx.load()
            // nginx counts the pages that tell, and their connection.
            asked.append(load.requests - first - asked.count)
            connections = max(connections, load.connections - 1)
            return asked.last ?? 0 >= objects
        }
        let steps = zip(asked.dropFirst(), asked).map { Double($0 - $1) / (Self.look / .seconds(1)) }
        return [
            Measurement(
                name: "start until each of \(objects) objects is polled",
                unit: "s",
                samples: [seconds],
                bound: 20
            ),
            Measurement(name: "requests to the source meanwhile, each tenth of a second", unit: "1/s", samples: steps),
            Measurement(
                name: "connections to the source at once",
                unit: "",
                samples: [Double(connections)],
                bound: 100
            ),
        ]
    }

    /// Runs a cluster in memory for the length of a call.
    private func onLocalCluster(_ body: @escaping @Sendable (Servers) async throws -> Void) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "swell-bench-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }  // A leftover in a temporary folder harms nobody.
        let cluster = LocalCluster(LocalCluster.Configuration(), time: .system) { _, _, _ in throw NoExternalMetrics() }
        let ports = AsyncStream<Int>.makeStream()
        let server = try LocalClusterServer(cluster, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }) {
            ports.continuation.yield($0)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await cluster.run() }
            group.addTask { try await server.run() }
            group.addTask { [servers] in
                var port = ports.stream.makeAsyncIterator()
                guard let first = await port.next() else { throw BenchmarkError("the cluster does not listen") }
                try server.kubeconfig(port: first)
                    .withValue { try $0.write(to: file, atomically: false, encoding: .utf8) }
                try await body(servers.with(kubeconfig: file.path))
            }
            // The call ends first, and with it the others.
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// What has been measured.
    private actor Made {
        /// In its order.
        var all: [Measurement] = []

        /// Adds some.
        func add(_ more: [Measurement]) { all += more }
    }
}
