import Foundation
import KubeClient
import KubeModel
import Outbound
import OutboundCurl
import OutboundPostgres
import Subprocess
import SystemPackage

/// Why a benchmark cannot go on.
struct BenchmarkError: Error, CustomStringConvertible {
    /// One line.
    let description: String

    /// Makes an error.
    init(_ description: String) {
        self.description = description
    }
}

/// The real servers that `config/dev/servers.sh` has started, and who speaks to them.
struct Servers: Sendable {
    /// The namespace of all that a benchmark makes.
    static let namespace = "bench"

    /// The administrator's client.
    let client: KubeClient
    /// The database.
    let sql: PostgresClient
    /// The outside, for pages.
    let http: CurlTransport
    /// The administrator's kubeconfig.
    let kubeconfig: String

    /// Opens the ways to the servers for the length of a call.
    static func with(_ body: (Servers) async throws -> Void) async throws {
        let kubeconfig = try variable("KUBECONFIG")
        let sql = try PostgresClient()
        do {
            try await withCurlTransport(environment: [:]) { http in
                let client = try client(kubeconfig, http)
                try await body(Servers(client: client, sql: sql, http: http, kubeconfig: kubeconfig))
            }
            await sql.close()
        } catch {
            await sql.close()
            throw error
        }
    }

    /// The same servers with another control plane.
    func with(kubeconfig: String) throws -> Servers {
        Servers(client: try Self.client(kubeconfig, http), sql: sql, http: http, kubeconfig: kubeconfig)
    }

    /// A client without a rate to keep to.
    private static func client(_ kubeconfig: String, _ http: CurlTransport) throws -> KubeClient {
        var settings = KubeClient.Settings()
        settings.requestsPerSecond = 5000
        settings.burst = 5000
        settings.userAgent = "bench"
        let configuration = try KubeConfiguration.load(kubeconfig: kubeconfig, environment: [:])
        return KubeClient(configuration, over: http, settings: settings)
    }

    /// One of the variables at the top of `config/dev/servers.sh`, without its prefix.
    static func variable(_ name: String) throws -> String {
        guard let value = ProcessInfo.processInfo.environment["SWELL_TEST_\(name)"] else {
            throw BenchmarkError("SWELL_TEST_\(name) is not set: run the benchmarks with `make bench`")
        }
        return value
    }

    /// Runs kubectl as the administrator.
    func kubectl(_ arguments: String..., input: String = "") async throws {
        let result = try await Subprocess.run(
            .path(FilePath(Self.variable("KUBECTL"))),
            arguments: Arguments(arguments),
            environment: .inherit.updating(["KUBECONFIG": kubeconfig]),
            input: .string(input),
            output: .discarded,
            error: .string(limit: 1 << 20)
        )
        guard result.terminationStatus.isSuccess else {
            throw BenchmarkError("kubectl \(arguments.joined(separator: " ")): \(result.standardError)")
        }
    }

    /// Starts, stops or restarts one of the servers.
    func control(_ server: String, _ arguments: String...) async throws {
        let result = try await Subprocess.run(
            .path(FilePath(Self.variable("\(server)_CTL"))),
            arguments: Arguments(arguments),
            input: .none,
            output: .discarded,
            error: .string(limit: 1 << 16)
        )
        guard result.terminationStatus.isSuccess else { throw BenchmarkError("\(server): \(result.standardError)") }
    }

    /// Runs one statement.
    func run(_ statement: String) async throws {
        let connection = try Secret(Self.variable("POSTGRES_URI"))
        _ = try await sql.run(SQLQuery(statement, on: connection, deadline: .seconds(30)))
    }

    /// The replicas that a Deployment wants.
    func replicas(_ name: String) async throws -> Int {
        let type = ResourceType(GroupVersion("apps", "v1"), kind: "Deployment", plural: "deployments")
        return try await client.scale(of: type, ObjectKey(namespace: Self.namespace, name: name)).replicas
    }
}

/// Waits for something that others do.
///
/// - Parameters:
///   - what: for the error.
///   - limit: how long at most.
///   - pause: between two looks.
///   - isReached: looks.
/// - Returns: how long it took, in seconds.
/// - Throws: ``BenchmarkError`` when it takes too long.
@discardableResult
func time(
    until what: String,
    within limit: Duration = .seconds(120),
    every pause: Duration = .milliseconds(5),
    _ isReached: () async throws -> Bool
) async throws -> Double {
    let start = ContinuousClock.now
    while try await !isReached() {
        guard ContinuousClock.now - start < limit else { throw BenchmarkError("waited in vain for \(what)") }
        try await Task.sleep(for: pause)
    }
    return (ContinuousClock.now - start) / .seconds(1)
}
