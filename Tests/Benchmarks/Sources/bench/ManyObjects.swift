import Foundation
import LocalCluster
import Logging
import Outbound

/// Thousands of objects with a Prometheus trigger each, all of them ready, and no operator.
///
/// The cluster is one in memory, in this process: an etcd on the same two cores would be what is measured.
struct ManyObjects: Sendable {
    /// The servers, of which only the way to the outside is used.
    let servers: Servers
    /// The executable.
    let swell: String
    /// The project's folder.
    let root: String
    /// How many objects, each with a question of its own.
    let count: Int

    /// Makes the cluster and the objects, and has an operator make them ready.
    ///
    /// - Parameter body: what is done then, with the cluster and the objects' source.
    /// - Throws: what keeps an operator from running, and what the call throws.
    func ready(_ body: @escaping @Sendable (Servers, Nginx) async throws -> Void) async throws {
        try await onLocalCluster { [root, swell, count] servers in
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
            try await fleet.makeTargets(count)
            try await Nginx.with(servers.http, answering: 0) { nginx in
                try await OperatorProcess.with(swell, root: root, servers) { process in
                    _ = try await process.ready()
                    try await fleet.make(count, of: nginx.address) { "up\($0)" }
                    try await fleet.ready(count, every: .seconds(5))
                }
                try await body(servers, nginx)
            }
        }
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
}
