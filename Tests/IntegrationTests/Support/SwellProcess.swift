import Foundation
import KubeClient
import KubeModel
import Outbound
import OutboundCurl
import Subprocess
import Synchronization
import SystemPackage
import TestKit
import Testing

/// A running `swell operator`, the real program, against the real control plane, with the rights of `config/rbac`, or of
/// `config/recommend`, only.
struct SwellProcess: Sendable {
    /// The one of the suite that runs.
    @TaskLocal static var current: SwellProcess?

    /// Its port of the external metrics API.
    let metricsPort: Int
    /// Its port of the Prometheus page.
    let pagePort: Int
    /// Its port of the probes.
    let healthPort: Int
    /// Where its log goes.
    let log: String
    /// Sends it a signal.
    let signal: @Sendable (Signal) throws -> Void

    /// As whom it acts.
    enum Role: String, Sendable {
        /// It manages the objects, with the rights of `config/rbac`.
        case manages = "keda-operator"
        /// It only recommends, with the rights of `config/recommend`.
        case recommends = "swell-recommend"

        /// Its user, as the API server names it.
        var user: String { "system:serviceaccount:keda:\(rawValue)" }
    }

    /// The program that was built with the tests.
    static var executable: FilePath {
        FilePath(
            ProcessInfo.processInfo.environment["SWELL_TEST_EXECUTABLE"] ?? "\(TestServers.root)/.build/debug/swell"
        )
    }

    /// Installs what the operator needs, runs it for the length of a call, and checks that it ends as it should.
    ///
    /// - Parameters:
    ///   - flags: what differs from one suite to another.
    ///   - role: as whom it acts.
    ///   - end: the signal that ends it: after `.terminate` it must drain and end with 0.
    ///   - pod: what a pod would have in its environment.
    ///   - install: installs what it needs, given the port of its external metrics API; CRDs, rights and, for who manages, the
    ///     APIService, as the README tells a user whose operator runs outside the cluster, unless a test knows better.
    ///   - body: the call.
    /// - Throws: what did not come true.
    static func with(
        _ flags: [String] = ["--webhook-bind-address", "0"],
        as role: Role = .manages,
        endedBy end: Signal = .terminate,
        in pod: [String: String] = [:],
        after install: (@Sendable (Int) async throws -> Void)? = nil,
        _ body: @Sendable () async throws -> Void
    ) async throws {
        let ports = try (0..<3).map { _ in try freePort() }
        if let install { try await install(ports[0]) } else { try await Self.install(role, metricsPort: ports[0]) }
        let account = try await writeKubeconfig(for: role)
        try await run(
            arguments(ports, as: account) + flags,
            environment: pod,
            at: ports,
            isAggregated: role == .manages,
            endedBy: end,
            body
        )
        try FileManager.default.removeItem(atPath: account)
    }

    /// Runs the program for the length of a call, and checks that it ends as it should.
    ///
    /// - Parameters:
    ///   - arguments: what it is called with.
    ///   - environment: what it finds in its environment besides ours.
    ///   - ports: where its metrics API, its Prometheus page and its probes listen.
    ///   - isAggregated: whether the API server has to reach it.
    ///   - end: the signal that ends it: after `.terminate` it must drain and end with 0.
    ///   - body: the call.
    /// - Throws: what did not come true.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        at ports: [Int],
        isAggregated: Bool = true,
        endedBy end: Signal = .terminate,
        _ body: @Sendable () async throws -> Void
    ) async throws {
        let log = FileManager.default.temporaryDirectory.appending(path: "swell-\(ports[0]).log").path()
        let file = try FileDescriptor.open(
            FilePath(log),
            .writeOnly,
            options: [.create, .truncate],
            permissions: .ownerReadWrite
        )
        let result = try await Subprocess.run(
            .path(executable),
            arguments: Arguments(arguments),
            environment: .inherit.updating(
                Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) })
            ),
            input: .none,
            output: .discarded,
            error: .fileDescriptor(file, closeAfterSpawningProcess: true)
        ) { execution in
            let swell = SwellProcess(
                metricsPort: ports[0],
                pagePort: ports[1],
                healthPort: ports[2],
                log: log,
                signal: { try execution.send(signal: $0) }
            )
            do {
                try await swell.waitUntilReady(isAggregated)
                try await $current.withValue(swell) { try await body() }
                try swell.signal(end)
            } catch {
                print("the operator's log is \(log); its end:\n\(swell.endOfLog)")
                try swell.signal(.kill)
                throw error
            }
        }
        let expected: TerminationStatus = end == .kill ? .signaled(SIGKILL) : .exited(0)
        #expect(result.terminationStatus == expected, "the operator did not end well")
        try FileManager.default.removeItem(atPath: log)
    }

    /// What the program is called with.
    private static func arguments(_ ports: [Int], as account: String) -> [String] {
        [
            "operator", "--kubeconfig", account, "--log-level", "debug",
            "--external-metrics-bind-address", "127.0.0.1:\(ports[0])",
            "--metrics-bind-address", "127.0.0.1:\(ports[1])", "--health-bind-address", "127.0.0.1:\(ports[2])",
        ]
    }

    /// What the process has logged, for tests that look for what must not be there.
    var wholeLog: String {
        get throws { try String(contentsOfFile: log, encoding: .utf8) }
    }

    /// The last lines of the log.
    private var endOfLog: String {
        // The log of a process that never started is empty, which is just as telling.
        ((try? wholeLog) ?? "").split(separator: "\n").suffix(40).joined(separator: "\n")
    }

    /// Asks a page of the process.
    func page(_ path: String..., port: Int) async throws -> HTTPResponse {
        try await withCurlTransport(environment: [:]) { transport in
            let url = WebAddress(host: "127.0.0.1", port: port).appending(segments: path)
            return try await transport.collect(HTTPRequest(.get, url, deadline: .seconds(30)), upTo: 1 << 20)
        }
    }

    /// Waits until the process says that it is ready, and the API server reaches it if it is to.
    private func waitUntilReady(_ isAggregated: Bool) async throws {
        try await eventually("the operator's readiness", within: .seconds(90)) {
            try await page("readyz", port: healthPort).status == 200
        }
        guard isAggregated else { return }
        let cluster = Command(
            program: try TestServers.variable("KUBECTL"),
            environment: ["KUBECONFIG": try TestServers.variable("KUBECONFIG")]
        )
        try await MetricsAPITestServer.eventuallyAggregated { try await cluster.run(["get", "--raw", $0]) }
    }

    /// Applies CRDs, rights and, for who manages, the APIService, as the README tells a user whose operator runs outside the cluster.
    private static func install(_ role: Role, metricsPort: Int) async throws {
        let kubectl = Command(
            program: try TestServers.variable("KUBECTL"),
            environment: ["KUBECONFIG": try TestServers.variable("KUBECONFIG")]
        )
        for folder in ["crd", "rbac"] {
            try await kubectl.run(["apply", "-f", "\(TestServers.root)/config/\(folder)"])
        }
        guard role == .manages else {
            try await kubectl.run(["apply", "-f", "\(TestServers.root)/config/recommend"])
            return
        }
        let service = try String(
            contentsOfFile: "\(TestServers.root)/config/apiservice/development/metrics-api.yaml",
            encoding: .utf8
        )
        try await kubectl.run(["apply", "-f", "-"], input: service.replacing("6443", with: "\(metricsPort)"))
    }

    /// Writes a kubeconfig with a token of the operator's own account, and gives its path.
    static func writeKubeconfig(for role: Role) async throws -> String {
        let kubectl = Command(
            program: try TestServers.variable("KUBECTL"),
            environment: ["KUBECONFIG": try TestServers.variable("KUBECONFIG")]
        )
        let answer = try await kubectl.run(
            ["create", "--raw", "/api/v1/namespaces/keda/serviceaccounts/\(role.rawValue)/token", "-f", "-"],
            input: """
                {"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":7200}}
                """
        )
        let token = try KubeJSON.decode(JSONValue.self, from: [UInt8](answer.utf8))[path: "status", "token"]
        let cluster: JSONValue = [
            "server": .string(try TestServers.variable("KUBE_URL")),
            "certificate-authority": .string(try TestServers.variable("KUBE_CA")),
        ]
        let kubeconfig: JSONValue = [
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "clusters": [["name": "test", "cluster": cluster]],
            "users": [["name": "test", "user": ["token": try #require(token)]]],
            "contexts": [["name": "test", "context": ["cluster": "test", "user": "test"]]],
        ]
        let path = FileManager.default.temporaryDirectory.appending(path: "swell-\(UUID().uuidString).kubeconfig")
            .path()
        let file = FileManager.default.createFile(
            atPath: path,
            contents: Data(try KubeJSON.encode(kubeconfig)),
            attributes: [.posixPermissions: 0o600]
        )
        try #require(file, "the kubeconfig cannot be written to \(path)")
        return path
    }

    /// The ports that were given out; the kernel may deal one out again before anybody listens on it.
    private static let dealt = Mutex<Set<Int>>([])

    /// A port that nobody listens on, and nobody else in this process was given.
    static func freePort() throws -> Int {
        while true {
            let port = try boundPort()
            if dealt.withLock({ $0.insert(port).inserted }) { return port }
        }
    }

    /// A port that nobody listens on.
    private static func boundPort() throws -> Int {
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
        try #require(isBound, "no free port")
        return Int(UInt16(bigEndian: address.sin_port))
    }
}

/// Runs one operator around a whole suite.
struct OperatorTrait: SuiteTrait, TestScoping {
    /// Once, around all tests of the suite.
    var isRecursive: Bool { false }

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        try await SwellProcess.with { try await function() }
    }
}

extension Trait where Self == OperatorTrait {
    /// One `swell operator` runs while the suite does.
    static var swellOperator: OperatorTrait { OperatorTrait() }
}
