import KubeClient
import KubeModel
import KubeRuntime
import LocalCluster
import Logging
import Outbound
import ScalerKit
import Scaling
import ServiceLifecycle
import Synchronization
import Telemetry
import Testing
import TestKit

@testable import Operator

/// Changes on a cluster in memory, seen by who refers to what changes.
@Suite struct ReferenceWatchTests {
    /// Counts what it is told.
    final class User: ReferenceUser {
        let object: ObjectKey
        let told = Mutex(0)

        init(_ name: String) { self.object = ObjectKey(namespace: "default", name: name) }

        func invalidate() { told.withLock { $0 += 1 } }
    }

    /// A cluster, the watches on it, and what they tell.
    final class World: Sendable {
        let clock = ManualClock()
        let references = ReferenceIndex()
        let client: KubeClient
        let stores: ReferenceStores
        let resolver: CredentialResolver
        let woken = Mutex<[String]>([])
        /// What lists and watches ask to be sent.
        let shapes = Mutex<Set<String>>([])

        init(refusing forbidden: String? = nil, namespaces: [String] = [], restricted: Bool = false) {
            let cluster = LocalCluster(time: clock.source)
            let shapes = Mutex<@Sendable (HTTPRequest) -> Void>({ _ in })
            let transport = RefusingTransport(inner: cluster.transport, forbidden: forbidden) { request in
                shapes.withLock { $0 }(request)
            }
            let client = KubeClient(
                KubeConfiguration(server: LocalCluster.address),
                over: transport,
                time: clock.source
            )
            let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            var settings = CredentialSettings()
            settings.restrictsSecrets = restricted
            let kinds = OtherKinds(
                OtherKinds.Surroundings(
                    client: client,
                    namespaces: namespaces,
                    objects: Store(),
                    announce: { _ in },
                    time: clock.source,
                    page: MetricRegistry(),
                    logger: silent
                )
            )
            let stores = ReferenceStores(
                kinds,
                in: namespaces,
                settings,
                references,
                client: client,
                time: clock.source,
                logger: silent
            )
            self.client = client
            self.stores = stores
            self.resolver = CredentialResolver(
                reader: ClientConfigReader(client: client, time: clock.source),
                http: ScriptedTransport(),
                time: clock.source,
                references: references,
                isWatched: stores.isWatched,
                shown: stores.shown
            )
            shapes.withLock {
                $0 = { [weak self] request in
                    guard request.url.path.hasSuffix("/secrets") else { return }
                    self?.note(request)
                }
            }
        }

        /// Notes what a request accepts.
        func note(_ request: HTTPRequest) {
            let accept = request.headers.first { $0.name == "Accept" }?.value ?? ""
            _ = shapes.withLock { $0.insert(accept) }
        }

        /// Runs the watches for the length of a call.
        func watching(_ body: @escaping @Sendable () async throws -> Void) async throws {
            let watch = ReferenceWatch(stores: stores, config: resolver.config) { key in
                self.woken.withLock { $0.append(key.name) }
            }
            try await withThrowingTaskGroup { group in
                for service in stores.services + [watch] { group.addTask { try await service.run() } }
                try await body()
                group.cancelAll()
                try await group.waitForAll()
            }
        }

        /// Resolves a trigger whose authentication names the Secret, for a user.
        @discardableResult
        func resolve(for user: User) async throws -> CredentialResolver.Resolved {
            let template = try PodTemplate.parsing(
                #"{"spec":{"containers":[{"name":"main","envFrom":[{"secretRef":{"name":"db","optional":true}}]}]}}"#
            )
            return try await resolver.resolve(
                .init(type: "x", metadata: ["aFromEnv": "A"]),
                in: "default",
                container: nil,
                for: user
            ) { template }
        }

        /// Makes the Secret, or changes it.
        func write(_ value: String) async throws {
            let key = ObjectKey(namespace: "default", name: "db")
            let data: JSONValue = ["data": ["A": .string(value)]]
            if try await client.find(SecretObject.self, key) == nil {
                _ = try await client.create(
                    SecretObject(metadata: ObjectMeta(name: "db", namespace: "default"), data: [:])
                )
            }
            _ = try await client.patch(SecretObject.self, key, with: data)
        }
    }

    let secret = Reference.secret(ObjectKey(namespace: "default", name: "db"))

    @Test func `a changed Secret is told to who refers to it, and read anew`() async throws {
        let world = World()
        let (user, other) = (User("web"), User("other"))
        try await world.write("b25l")
        try await world.watching {
            try await eventually { world.stores.isWatched(secret) }
            #expect(try await world.resolve(for: user).texts.environment["A"] == "one")
            try await world.resolve(for: other)
            try await world.write("dHdv")
            try await eventually { user.told.withLock { $0 } > 0 && other.told.withLock { $0 } > 0 }
            try await eventually { Set(world.woken.withLock { $0 }) == ["web", "other"] }
            #expect(try await world.resolve(for: user).texts.environment["A"] == "two")
        }
        let shapes = world.shapes.withLock { $0 }
        #expect(shapes.count == 2 && shapes.allSatisfy { $0.contains("as=PartialObjectMetadata") }, "\(shapes)")
    }

    @Test func `a Secret that comes and goes is told too`() async throws {
        let world = World()
        let user = User("web")
        try await world.watching {
            try await eventually { world.stores.isWatched(secret) }
            #expect(try await world.resolve(for: user).texts.environment["A"] == nil)
            try await world.write("b25l")
            try await eventually { user.told.withLock { $0 } > 0 }
            try await eventually { try await world.resolve(for: user).texts.environment["A"] == "one" }
            let told = user.told.withLock { $0 }
            try await world.client.delete(SecretObject.resourceType, ObjectKey(namespace: "default", name: "db"))
            try await eventually { user.told.withLock { $0 } > told }
            #expect(try await world.resolve(for: user).texts.environment["A"] == nil)
        }
    }

    @Test func `what nobody refers to is told to nobody and not kept`() async throws {
        let world = World()
        try await world.write("b25l")
        try await world.watching {
            try await eventually { world.stores.isWatched(secret) }
            let user = User("web")
            world.references.add(.secret(ObjectKey(namespace: "default", name: "other")), user)
            try await world.write("dHdv")
            let marker = ConfigMap(metadata: ObjectMeta(name: "marker", namespace: "default"), data: [:])
            world.references.add(.configMap(marker.key), user)
            #expect(!world.references.isNews(.configMap(marker.key), ""))
            _ = try await world.client.create(marker)
            try await eventually { user.told.withLock { $0 } == 1 }
        }
    }

    @Test func `a forbidden watch is no watch, and stops nobody`() async throws {
        let world = World(refusing: "/api/v1/secrets")
        let user = User("web")
        try await world.write("b25l")
        try await world.watching {
            try await eventually { world.stores.isWatched(.configMap(ObjectKey(namespace: "default", name: "x"))) }
            #expect(!world.stores.isWatched(secret))
            let resolved = try await world.resolve(for: user)
            #expect(resolved.texts.environment["A"] == "one" && resolved.lookAgain != nil)
        }
    }

    @Test(arguments: [
        ([], false, "default", true), (["default"], false, "default", true), (["default"], false, "keda", true),
        (["default"], false, "other", false), ([], true, "default", false), ([], true, "keda", true),
    ])
    func `Secrets are watched where they may be read`(
        namespaces: [String],
        restricted: Bool,
        place: String,
        isWatched: Bool
    ) async throws {
        let world = World(namespaces: namespaces, restricted: restricted)
        try await world.watching {
            let open = Reference.secret(ObjectKey(namespace: restricted ? "keda" : "default", name: "x"))
            try await eventually { world.stores.isWatched(open) }
            #expect(world.stores.isWatched(.secret(ObjectKey(namespace: place, name: "x"))) == isWatched)
        }
    }
}

/// Refuses the lists and watches of one path, and shows each request to a test.
struct RefusingTransport: HTTPTransport {
    let inner: any HTTPTransport
    let forbidden: String?
    let see: @Sendable (HTTPRequest) -> Void

    func withResponse<Answer: Sendable>(
        to request: HTTPRequest,
        _ use: (HTTPResponseHead, HTTPBody) async throws -> Answer
    ) async throws -> Answer {
        see(request)
        return try await inner.withResponse(to: request, use)
    }

    func collect(_ request: HTTPRequest, upTo limit: Int) async throws -> HTTPResponse {
        see(request)
        if request.method == .get, request.url.path == forbidden {
            return HTTPResponse(status: 403, body: Array(#"{"kind":"Status","code":403,"reason":"Forbidden"}"#.utf8))
        }
        return try await inner.collect(request, upTo: limit)
    }
}
