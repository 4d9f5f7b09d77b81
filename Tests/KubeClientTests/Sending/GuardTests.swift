import KubeClient
import KubeModel
import Outbound
import Synchronization
import TestKit
import Testing

/// How long writing is allowed, as a test says.
final class Allowance: Sendable {
    /// What is left.
    let left = Mutex<Duration?>(nil)

    /// Says how much is left.
    func set(_ duration: Duration?) { left.withLock { $0 = duration } }
}

@Suite struct GuardTests {
    static let key = ObjectKey(namespace: "n", name: "m")
    static let path = "/api/v1/namespaces/n/configmaps/m"
    static let map = #"{"kind":"ConfigMap","metadata":{"name":"m","namespace":"n"},"data":{}}"#

    let allowance = Allowance()
    let clock = ManualClock()
    let server = ScriptedTransport { _ in .json(Self.map) }

    /// A client under the allowance.
    var client: KubeClient {
        KubeClient.scripted(server, clock: clock).guarded { [allowance] in allowance.left.withLock { $0 } }
    }

    /// One write of each kind.
    static let writes: [(String, @Sendable (KubeClient) async throws -> Void)] = [
        ("POST", { _ = try await $0.create(ConfigMap(metadata: ObjectMeta(name: "m", namespace: "n"), data: [:])) }),
        ("PUT", { _ = try await $0.replace(ConfigMap(metadata: ObjectMeta(name: "m", namespace: "n"), data: [:])) }),
        ("PATCH", { _ = try await $0.patch(ConfigMap.self, key, with: [:]) }),
        ("DELETE", { try await $0.delete(ConfigMap.resourceType, key) }),
    ]

    @Test(arguments: [nil, .zero, .seconds(-1)] as [Duration?])
    func `who may not write sends nothing but reads`(left: Duration?) async throws {
        allowance.set(left)
        for (method, write) in Self.writes {
            let error = await #expect(throws: KubeError.self) { try await write(client) }
            #expect(error?.code == .notLeading)
            #expect(error?.description.hasPrefix(method) == true)
        }
        #expect(server.requests.isEmpty)
        _ = try await client.get(ConfigMap.self, Self.key)
        #expect(server.lines == ["GET \(Self.path)"])
    }

    @Test func `a write may not outlast the allowance, a read may`() async throws {
        allowance.set(.seconds(4))
        for (_, write) in Self.writes { try await write(client) }
        _ = try await client.get(ConfigMap.self, Self.key)
        #expect(server.requests.map(\.deadline) == Array(repeating: .seconds(4), count: 4) + [.seconds(30)])
        allowance.set(.seconds(100))
        _ = try await client.patch(ConfigMap.self, Self.key, with: [:])
        #expect(server.requests.last?.deadline == .seconds(30))
    }

    @Test func `the time of a write counts from before its allowance was asked for`() async throws {
        let asked = Mutex<ContinuousClock.Instant?>(nil)
        let client = KubeClient.scripted(server, clock: clock)
            .guarded {
                asked.withLock { $0 = .now }
                return .seconds(4)
            }
        _ = try await client.patch(ConfigMap.self, Self.key, with: [:])
        let begun = try #require(server.requests.last?.begun)
        #expect(try begun <= #require(asked.withLock { $0 }))
    }

    @Test func `the allowance is asked again after a wait that the server wished for`() async throws {
        let allowance = Allowance()
        allowance.set(.seconds(10))
        let server = ScriptedTransport { _ in
            .json("{}", status: 429, headers: [HTTPRequest.Header("Retry-After", "1")])
        }
        let client = KubeClient.scripted(server, clock: clock).guarded { allowance.left.withLock { $0 } }
        await withTaskGroup { group in
            group.addTask {
                let error = await #expect(throws: KubeError.self) {
                    try await client.patch(ConfigMap.self, Self.key, with: [:])
                }
                #expect(error?.code == .notLeading)
            }
            // Ends when the write waits; a test that fails tells it by the expectation above.
            try? await clock.waitForSleepers(1)
            allowance.set(nil)
            clock.advance(by: .seconds(1))
            await group.waitForAll()
        }
        #expect(server.requests.count == 1)
    }

    /// A question about a caller, which changes nothing and is no GET.
    static let question: (String, @Sendable (KubeClient) async throws -> Void) = (
        "POST",
        { _ = try await $0.send(KubeRequest(.post, path: ["apis", "authentication.k8s.io", "v1", "tokenreviews"])) }
    )

    @Test func `who only reads sends nothing else, whoever leads`() async throws {
        allowance.set(.seconds(10))
        for client in [client.readOnly, KubeClient.scripted(server, clock: clock).readOnly.readOnly] {
            for (method, write) in Self.writes + [Self.question] {
                let error = await #expect(throws: KubeError.self) { try await write(client) }
                #expect(error?.code == .readOnly && error?.isRetryable == false)
                #expect(error?.description.hasPrefix(method) == true)
                #expect(error?.description.hasSuffix("here Swell only recommends, and so only reads") == true)
            }
            _ = try await client.get(ConfigMap.self, Self.key)
        }
        #expect(server.lines == ["GET \(Self.path)", "GET \(Self.path)"])
    }
}
