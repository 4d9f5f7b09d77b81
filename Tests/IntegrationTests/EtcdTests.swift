import KubeModel
import Outbound
import OutboundCurl
import ScalerKit
import Scalers
import Synchronization
import TestKit
import Testing

extension RealServers {
    /// The etcd trigger against a real etcd with passwords and certificates.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct Etcd {
        /// A trigger's world over real HTTP; one memory and one set of tokens for its life.
        struct World: Sendable {
            let http: CurlTransport
            let memory = ScalerMemory()
            let tokens = AccessTokens()

            /// The world now.
            var now: ScalerWorld {
                let plain = ScalerWorld.testing(now: TimeSource.system.now())
                return ScalerWorld(
                    now: plain.now,
                    object: plain.object,
                    http: http,
                    sql: plain.sql,
                    cluster: plain.cluster,
                    memory: memory,
                    tokens: tokens
                )
            }

            /// A world for the length of a call.
            static func with(_ body: (World) async throws -> Void) async throws {
                try await withCurlTransport(environment: [:]) { try await body(World(http: $0)) }
            }
        }

        /// A trigger on a key, as the user `swell` unless said otherwise.
        static func scaler(
            _ key: String,
            overTLS: Bool = false,
            _ change: (inout [String: String]) -> Void = { _ in }
        ) throws -> EtcdScaler {
            var parameters = try TestEtcd.login
            if overTLS { parameters.merge(try TestEtcd.certificates) { $1 } }
            change(&parameters)
            return try EtcdScaler.make(TestEtcd.metadata(key, overTLS: overTLS), parameters.mapValues { Secret($0) })
        }

        /// Listens for the length of a call, which is told how often there was a push.
        static func listening(
            with scaler: EtcdScaler,
            in world: World,
            _ body: (_ pushes: @escaping @Sendable () -> Int) async throws -> Void
        ) async throws {
            let pushes = PushCount()
            try await withThrowingTaskGroup { group in
                group.addTask { try await scaler.listen(world.now) { pushes.add() } }
                try await eventually("the beginning of the watch", within: .seconds(30)) { pushes.count == 1 }
                try await body { pushes.count }
                group.cancelAll()
            }
        }

        /// Counts pushes.
        final class PushCount: Sendable {
            private let pushes = Mutex(0)
            var count: Int { pushes.withLock { $0 } }
            func add() { pushes.withLock { $0 += 1 } }
        }

        @Test(arguments: [false, true])
        func `a key is read, with a password and a certificate`(overTLS: Bool) async throws {
            let key = TestEtcd.key()
            try await TestEtcd.put(key, "42.5")
            try await World.with { world in
                let scaler = try Self.scaler(key, overTLS: overTLS)
                #expect(try await scaler.readOnly(world.now) == Reading(value: 42.5, isActive: true))
                try await TestEtcd.delete(key)
                let error = await #expect(throws: ScalerError.self) { try await scaler.readOnly(world.now) }
                #expect(error?.summary == "key \"\(key)\" does not exist in etcd")
            }
        }

        @Test(
            arguments: [
                (["password": "wrong"], "etcdserver: authentication failed, invalid user ID or password"),
                (["username": "nobody"], "etcdserver: authentication failed, invalid user ID or password"),
                ([:], "etcdserver: permission denied"),
            ] as [([String: String], String)]
        )
        func `who may not read is told so, in one line without secrets`(
            change: [String: String],
            words: String
        ) async throws {
            try await World.with { world in
                let scaler = try Self.scaler(change.isEmpty ? "other/key" : TestEtcd.key()) { $0.merge(change) { $1 } }
                let error = await #expect(throws: ScalerError.self) { try await scaler.readOnly(world.now) }
                let summary = try #require(error?.summary)
                #expect(summary.hasPrefix("etcd answered with status 40") && summary.hasSuffix(": \(words)"))
                let watch = await #expect(throws: ScalerError.self) { try await scaler.listen(world.now) {} }
                #expect(watch?.summary.hasSuffix(": \(words)") == true, "\(watch?.summary ?? "")")
            }
        }

        @Test(arguments: [["cert", "key"], ["ca"]])
        func `a certificate that is missing is told by TLS`(missing: [String]) async throws {
            try await World.with { world in
                let scaler = try Self.scaler(TestEtcd.key(), overTLS: true) { parameters in
                    for name in missing { parameters[name] = nil }
                }
                let error = await #expect(throws: OutboundError.self) { try await scaler.readOnly(world.now) }
                #expect(error?.code == .tls)
            }
        }

        @Test(arguments: [false, true])
        func `each number above the activation value pushes`(overTLS: Bool) async throws {
            let key = TestEtcd.key()
            try await World.with { world in
                try await Self.listening(with: Self.scaler(key, overTLS: overTLS), in: world) { pushes in
                    try await TestEtcd.put(key, "3")
                    try await eventually("a push", within: .seconds(30)) { pushes() == 2 }
                    for value in ["0", "-1", "text"] { try await TestEtcd.put(key, value) }
                    try await TestEtcd.delete(key)
                    try await TestEtcd.put(key + "/other", "3")
                    // Told in order: when this one has come, those before it have been passed over.
                    try await TestEtcd.put(key, "4")
                    try await eventually("another one", within: .seconds(30)) { pushes() > 2 }
                    #expect(pushes() == 3)
                }
            }
        }

        @Test func `a server that goes away ends the watch, and is read and watched when it is back`() async throws {
            let key = TestEtcd.key()
            try await TestEtcd.put(key, "1")
            try await World.with { world in
                let scaler = try Self.scaler(key)
                let pushes = PushCount()
                await #expect(throws: (any Error).self) {
                    try await withThrowingTaskGroup { group in
                        group.addTask { try await scaler.listen(world.now) { pushes.add() } }
                        try await eventually("the beginning of the watch", within: .seconds(30)) { pushes.count == 1 }
                        try await TestEtcd.control("stop")
                        try await group.waitForAll()
                    }
                }
                await #expect(throws: OutboundError.self) { try await scaler.readOnly(world.now) }
                try await TestEtcd.control("start")
                // etcd has forgotten the token meanwhile.
                try await eventually("a reading", within: .seconds(60)) {
                    try await scaler.readOnly(world.now).values == [1]
                }
                try await Self.listening(with: scaler, in: world) { pushes in
                    try await TestEtcd.put(key, "2")
                    try await eventually("a push", within: .seconds(30)) { pushes() == 2 }
                }
            }
        }
    }
}
