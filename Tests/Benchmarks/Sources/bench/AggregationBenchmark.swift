import Foundation
import KubeClient
import KubeModel
import Outbound
import Subprocess
import SystemPackage

/// How fast metrics are read through the API server, beside an nginx that answers the same from memory behind the same
/// aggregator.
struct AggregationBenchmark: Sendable {
    /// Objects whose metrics are read in turn.
    private static let objects = 100
    /// Connections that read.
    private static let connections = 16
    /// How often each of the two is measured, one after the other.
    private static let rounds = 3

    /// The servers.
    let servers: Servers
    /// The executable.
    let swell: String
    /// The project's folder.
    let root: String

    /// What reading for a while came to.
    private struct Reading: Sendable {
        /// Answers a second.
        let rate: Double
        /// Seconds that one of a hundred took longer than.
        let slowest: Double
    }

    /// Measures both.
    func run() async throws -> [Measurement] {
        let fleet = Fleet(servers: servers, namespace: "fleet-read")
        let (ours, theirs) = (Collection(), Collection())
        try await Nginx.with(servers.http, answering: 1000) { nginx in
            try await OperatorProcess.with(swell, root: root, servers) { process in
                _ = try await process.ready()
                try await fleet.makeTargets(Self.objects)
                try await fleet.make(Self.objects, of: nginx.address) { "up\($0)" }
                try await fleet.ready(Self.objects)
                try await servers.kubectl("apply", "-f", "-", input: Self.yardstick(nginx.securePort))
                let token = try await token(in: fleet.namespace)
                let paths = (0..<Self.objects)
                    .map { number in
                        "namespaces/\(fleet.namespace)/s0-prometheus?labelSelector=scaledobject.keda.sh%2Fname%3Do\(number)"
                    }
                for group in ["external.metrics.k8s.io", "yardstick.swell.dev"] {
                    try await time(until: "answers of \(group)", every: .seconds(1)) {
                        // Not yet known to the aggregator, or not yet reached by it.
                        (try? await read(group, paths, token, seconds: 1)) != nil
                    }
                }
                for _ in 0..<Self.rounds {
                    await theirs.add(try await read("yardstick.swell.dev", paths, token, seconds: 10))
                    await ours.add(try await read("external.metrics.k8s.io", paths, token, seconds: 10))
                }
                try await servers.kubectl("delete", "apiservice", "v1beta1.yardstick.swell.dev")
                try await fleet.delete(Self.objects)
            }
        }
        let (metrics, fixed) = (await ours.all, await theirs.all)
        let what = "through the aggregator, \(Self.connections) connections"
        return [
            Measurement(name: "metrics read \(what)", unit: "1/s", samples: metrics.map(\.rate)),
            Measurement(name: "yardstick: nginx read \(what)", unit: "1/s", samples: fixed.map(\.rate)),
            Measurement(
                name: "nginx's rate by ours",
                unit: "",
                samples: zip(fixed, metrics).map { $0.rate / $1.rate },
                bound: 1.25
            ),
            Measurement(
                name: "99th percentile of a metric's time",
                unit: "ms",
                samples: metrics.map { $0.slowest * 1e3 }
            ),
            Measurement(name: "yardstick: that of nginx", unit: "ms", samples: fixed.map { $0.slowest * 1e3 }),
            Measurement(
                name: "our 99th percentile by nginx's",
                unit: "",
                samples: zip(metrics, fixed).map { $0.slowest / $1.slowest },
                bound: 1.5
            ),
        ]
    }

    /// Reads from one API for some seconds.
    ///
    /// - Throws: ``BenchmarkError`` where any answer is not good.
    private func read(_ group: String, _ paths: [String], _ token: String, seconds: Int) async throws -> Reading {
        let folder = FileManager.default.temporaryDirectory.appending(path: "swell-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // A leftover in a temporary folder harms nobody.
        let (addresses, log) = (folder.appending(path: "addresses"), folder.appending(path: "log"))
        let server = try Servers.variable("KUBE_URL")
        try paths.map { "\(server)/apis/\(group)/v1beta1/\($0)" }.joined(separator: "\n")
            .write(to: addresses, atomically: false, encoding: .utf8)
        let result = try await Subprocess.run(
            .path("/usr/bin/h2load"),
            arguments: Arguments([
                "--clients=\(Self.connections)", "--max-concurrent-streams=1", "--duration=\(seconds)",
                "--warm-up-time=1", "--input-file=\(addresses.path)", "--log-file=\(log.path)",
                "--header=authorization: Bearer \(token)",
            ]),
            input: .none,
            output: .discarded,
            error: .string(limit: 1 << 16)
        )
        guard result.terminationStatus.isSuccess else { throw BenchmarkError("h2load: \(result.standardError)") }
        // Each line: when, the status, and microseconds; the status is 0 where the time was over before the answer came.
        let answers = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
            .map { $0.split(separator: "\t") }.filter { $0.count != 3 || $0[1] != "0" }
        let bad = Set(answers.compactMap { $0.count == 3 && $0[1] == "200" ? nil : "\($0)" })
        guard !answers.isEmpty, bad.isEmpty else {
            throw BenchmarkError("\(group) does not answer well: \(bad.sorted().prefix(3))")
        }
        let times = answers.compactMap { Double($0[2]) }.sorted()
        return Reading(rate: Double(times.count) / Double(seconds), slowest: times[times.count * 99 / 100] / 1e6)
    }

    /// A token of an account that may read all metrics.
    private func token(in namespace: String) async throws -> String {
        try await servers.kubectl(
            "create",
            "clusterrolebinding",
            "swell-bench",
            "--clusterrole=cluster-admin",
            "--serviceaccount=\(namespace):default"
        )
        let request: JSONValue = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": ["expirationSeconds": 3600],
        ]
        let answer = try await servers.client.send(
            KubeRequest(
                .post,
                path: ["api", "v1", "namespaces", namespace, "serviceaccounts", "default", "token"],
                body: try KubeJSON.encode(request),
                contentType: "application/json"
            )
        )
        guard let token = try KubeJSON.decode(JSONValue.self, from: answer)[path: "status", "token"]?.string else {
            throw BenchmarkError("the API server gives no token")
        }
        return token
    }

    /// The Service and the APIService that lead the API server to nginx.
    private static func yardstick(_ port: Int) -> String {
        """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"yardstick","namespace":"default"},
         "spec":{"type":"ExternalName","externalName":"localhost","ports":[{"port":\(port)}]}}
        ---
        {"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService","metadata":{"name":"v1beta1.yardstick.swell.dev"},
         "spec":{"group":"yardstick.swell.dev","version":"v1beta1","groupPriorityMinimum":100,"versionPriority":100,
           "insecureSkipTLSVerify":true,"service":{"name":"yardstick","namespace":"default","port":\(port)}}}
        """
    }

    /// What was read.
    private actor Collection {
        /// In its order.
        var all: [Reading] = []

        /// Adds one.
        func add(_ one: Reading) { all.append(one) }
    }
}
