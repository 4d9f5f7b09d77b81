import Foundation
import Outbound
import Subprocess
import SystemPackage

/// A running `swell operator`, the release executable with its defaults, as the administrator of a control plane.
struct OperatorProcess: Sendable {
    /// Its Prometheus page.
    private let page: WebAddress
    /// Its probe of readiness.
    private let probe: WebAddress
    /// The way to it.
    private let http: any HTTPTransport
    /// When it was started.
    private let start: ContinuousClock.Instant

    /// Installs what an operator needs, and runs it for the length of a call.
    ///
    /// - Parameters:
    ///   - executable: its path.
    ///   - root: the project's folder.
    ///   - servers: the control plane.
    ///   - flags: beside those that every process gets.
    ///   - body: the call.
    /// - Throws: what keeps it from running, and what the call throws.
    static func with(
        _ executable: String,
        root: String,
        _ servers: Servers,
        flags: [String] = [],
        _ body: @escaping @Sendable (OperatorProcess) async throws -> Void
    ) async throws {
        let ports = try (0..<3).map { _ in try freePort() }
        try await servers.kubectl("apply", "-f", "\(root)/config/crd", "-f", "\(root)/config/rbac")
        let services = try String(
            contentsOfFile: "\(root)/config/apiservice/development/metrics-api.yaml",
            encoding: .utf8
        )
        try await servers.kubectl("apply", "-f", "-", input: services.replacing("6443", with: "\(ports[0])"))
        let start = ContinuousClock.now
        let result = try await Subprocess.run(
            .path(FilePath(executable)),
            arguments: Arguments(
                [
                    "operator", "--kubeconfig", servers.kubeconfig, "--log-level", "error", "--webhook-bind-address",
                    "0", "--external-metrics-bind-address", "127.0.0.1:\(ports[0])", "--metrics-bind-address",
                    "127.0.0.1:\(ports[1])", "--health-bind-address", "127.0.0.1:\(ports[2])",
                ] + flags
            ),
            environment: .inherit.updating(["POD_NAMESPACE": "keda", "POD_NAME": "bench-\(ports[0])"]),
            input: .none,
            output: .discarded,
            error: .currentStandardError
        ) { execution in
            do {
                let page = WebAddress(host: "127.0.0.1", port: ports[1]).appending("metrics")
                let probe = WebAddress(host: "127.0.0.1", port: ports[2]).appending("readyz")
                try await body(OperatorProcess(page: page, probe: probe, http: servers.http, start: start))
                try execution.send(signal: .terminate)
            } catch {
                try execution.send(signal: .terminate)
                throw error
            }
        }
        guard result.terminationStatus.isSuccess else { throw BenchmarkError("the operator did not end well") }
    }

    /// Waits until the process says that it is ready.
    ///
    /// - Returns: how long that took from its start on, in seconds.
    func ready() async throws -> Double {
        try await time(until: "readiness") {
            do {
                return try await http.collect(HTTPRequest(.get, probe, deadline: .seconds(10)), upTo: 1 << 20).status
                    == 200
            } catch {
                return false  // It does not listen yet.
            }
        }
        return (ContinuousClock.now - start) / .seconds(1)
    }

    /// The memory that the process has, in MiB.
    func memory() async throws -> Double {
        try await sums(["process_resident_memory_bytes"])[0] / 1_048_576
    }

    /// The CPU time that the process has used, in seconds, and how many polls it has made.
    func work() async throws -> (cpu: Double, polls: Double) {
        let sums = try await sums(["process_cpu_seconds_total", "swell_polls_total"])
        return (sums[0], sums[1])
    }

    /// How late the last polls began, in seconds: the latest of each object in a namespace.
    func lateness(in namespace: String) async throws -> Double {
        let marks = ["keda_internal_scale_loop_latency_seconds{", "namespace=\"\(namespace)\""]
        let late = try await lines().filter { line in marks.allSatisfy { line.contains($0) } }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
        guard let latest = late.max() else { throw BenchmarkError("no object of \(namespace) has been polled") }
        return latest
    }

    /// The page.
    private func lines() async throws -> [Substring] {
        let response = try await http.collect(HTTPRequest(.get, page, deadline: .seconds(10)), upTo: 64 << 20)
        return String(decoding: response.body, as: UTF8.self).split(separator: "\n")
    }

    /// What the page says of metrics, all series of each together.
    private func sums(_ metrics: [String]) async throws -> [Double] {
        let lines = try await lines()
        return metrics.map { metric in
            lines.filter { $0.hasPrefix(metric + "{") || $0.hasPrefix(metric + " ") }
                .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
        }
    }

    /// A port that nobody listens on.
    static func freePort() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard isBound else { throw BenchmarkError("there is no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
