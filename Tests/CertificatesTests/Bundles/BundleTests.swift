import Foundation
import KubeClient
import KubeModel
import KubeRuntime
import Outbound
import Synchronization
import TestKit
import Testing

@testable import Certificates

@Suite struct BundleTests {
    static let authority = "-----BEGIN CERTIFICATE-----"
    static let bundle = JSONValue.string(Data(authority.utf8).base64EncodedString())
    static let service = BundleHolder.apiService("v1beta1.external.metrics.k8s.io")
    static let webhooks = BundleHolder.webhooks("keda-admission")

    @Test(arguments: [nil, "b2xk"] as [JSONValue?])
    func `an APIService gets the bundle`(old: JSONValue?) {
        var object: JSONValue = ["metadata": ["resourceVersion": "5"], "spec": ["group": "external.metrics.k8s.io"]]
        if let old { object[path: "spec", "caBundle"] = old }
        let patch: JSONValue = ["metadata": ["resourceVersion": "5"], "spec": ["caBundle": Self.bundle]]
        #expect(Self.service.finding(object, authority: Self.authority) == .patch(patch))
        object[path: "spec", "caBundle"] = Self.bundle
        #expect(Self.service.finding(object, authority: Self.authority) == .upToDate)
    }

    @Test func `an APIService that is not to be verified is left alone`() {
        let object: JSONValue = ["metadata": ["resourceVersion": "5"], "spec": ["insecureSkipTLSVerify": true]]
        let finding = Self.service.finding(object, authority: Self.authority)
        #expect(finding == .notWanted("it says insecureSkipTLSVerify"))
    }

    @Test func `each webhook gets the bundle, and keeps what it says`() {
        let service: JSONValue = ["name": "keda-admission-webhooks", "namespace": "keda", "port": 443]
        let one: JSONValue = ["name": "so", "clientConfig": ["service": service], "failurePolicy": "Ignore"]
        let two: JSONValue = ["name": "sj", "clientConfig": ["service": service, "caBundle": Self.bundle]]
        let object: JSONValue = ["metadata": ["resourceVersion": "5"], "webhooks": [one, two]]
        var filled = one
        filled[path: "clientConfig", "caBundle"] = Self.bundle
        let patch: JSONValue = ["metadata": ["resourceVersion": "5"], "webhooks": [filled, two]]
        #expect(Self.webhooks.finding(object, authority: Self.authority) == .patch(patch))
        let done: JSONValue = ["metadata": ["resourceVersion": "6"], "webhooks": [filled, two]]
        #expect(Self.webhooks.finding(done, authority: Self.authority) == .upToDate)
        #expect(Self.webhooks.finding(["metadata": [:]], authority: Self.authority) == .upToDate)
    }

    /// An API server that has these two objects or not, and a watched Secret.
    final class World: Sendable {
        /// Paths of the two holders.
        static let paths = [
            "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.external.metrics.k8s.io",
            "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/keda-admission",
        ]
        /// What is there, by path.
        let objects = Mutex<[String: JSONValue]>([:])
        /// Which of them nobody may write.
        let forbidden = Mutex<Set<String>>([])

        /// Answers a request.
        func answer(_ request: HTTPRequest) throws -> ScriptedTransport.Answer {
            try objects.withLock { objects in
                guard let object = objects[request.url.path] else {
                    return .json(#"{"kind":"Status","code":404,"reason":"NotFound"}"#, status: 404)
                }
                guard request.method == .patch else { return .json(try Self.text(object)) }
                guard !forbidden.withLock({ $0.contains(request.url.path) }) else {
                    return .json(#"{"kind":"Status","code":403,"reason":"Forbidden","message":"no"}"#, status: 403)
                }
                let changed = MergePatch.apply(try KubeJSON.decode(from: request.body), to: object)
                objects[request.url.path] = changed
                return .json(try Self.text(changed))
            }
        }

        /// As JSON text.
        static func text(_ value: JSONValue) throws -> String {
            String(decoding: try KubeJSON.encode(value), as: UTF8.self)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `what comes later gets the bundle within a minute, and what is right is not written`() async throws {
        let (world, clock, key) = (World(), ManualClock(), ObjectKey(namespace: "keda", name: "kedaorg-certs"))
        let transport = ScriptedTransport { try world.answer($0) }
        let client = KubeClient(
            KubeConfiguration(server: WebAddress(scheme: "https", host: "api")),
            over: transport,
            time: clock.source
        )
        let (store, good) = (Store<CertificateSecret>(), try SharedSecretTests.good("1"))
        let bundle = JSONValue.string(Data(good.authority.utf8).base64EncodedString())
        store.replace(part: 0, with: [key: good])
        world.objects.withLock { $0[World.paths[1]] = ["metadata": [:], "webhooks": [["clientConfig": [:]]]] }
        let told = ToldAuthorities()
        let keeper = BundleKeeper(
            client,
            holders: [Self.service, Self.webhooks],
            secret: key,
            in: store,
            good: SharedSecret { store[key] },
            told: told,
            time: clock.source,
            logger: quiet
        )
        /// Whether a holder has the bundle.
        func has(_ path: String, _ found: (JSONValue) -> JSONValue?) -> Bool {
            world.objects.withLock { $0[path].flatMap(found) } == bundle
        }
        let start = clock.now
        try await withThrowingTaskGroup { group in
            group.addTask { await keeper.run() }
            try await eventually {
                has(World.paths[1]) { $0["webhooks"]?.array?.first?[path: "clientConfig", "caBundle"] }
            }
            try await eventually { told.since(good.authority) == start }
            world.objects.withLock { $0[World.paths[0]] = ["metadata": [:], "spec": [:]] }
            try await eventually {
                if let alarm = clock.alarms.first { clock.advance(by: min(.seconds(60), alarm - clock.uptime)) }
                return has(World.paths[0]) { $0[path: "spec", "caBundle"] }
            }
            #expect(clock.uptime <= .seconds(180))
            // Who came later was told later, and the clock starts again.
            try await eventually { told.since(good.authority).map { $0 > start } ?? false }
            #expect(told.since("another") == nil)
            #expect(transport.requests.filter { $0.method == .patch }.count == 2)
            group.cancelAll()
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `one that nobody may write is named once for each authority, and is waited for`() async throws {
        let (world, clock, key) = (World(), ManualClock(), ObjectKey(namespace: "keda", name: "kedaorg-certs"))
        let client = KubeClient(
            KubeConfiguration(server: WebAddress(scheme: "https", host: "api")),
            over: ScriptedTransport { try world.answer($0) },
            time: clock.source
        )
        let store = Store<CertificateSecret>()
        let secrets = try (1...3).map { try SharedSecretTests.good("\($0)") }
        store.replace(part: 0, with: [key: secrets[0]])
        world.objects.withLock { objects in
            for path in World.paths {
                objects[path] = ["metadata": [:], "spec": [:], "webhooks": [["clientConfig": [:]]]]
            }
        }
        world.forbidden.withLock { $0 = [World.paths[0]] }
        let (told, log) = (ToldAuthorities(), ScriptedLog())
        let keeper = BundleKeeper(
            client,
            holders: [Self.service, Self.webhooks],
            secret: key,
            in: store,
            good: SharedSecret { store[key] },
            told: told,
            time: clock.source,
            logger: log.logger
        )
        /// What the webhooks have.
        func bundle() -> JSONValue? {
            world.objects.withLock { $0[World.paths[1]]?["webhooks"]?.array?.first?[path: "clientConfig", "caBundle"] }
        }
        /// How often the APIService was told of.
        func warnings() -> Int {
            log.lines.count { $0.contains("warn") && $0.contains("APIService v1beta1.external.metrics.k8s.io: ") }
        }
        try await withThrowingTaskGroup { group in
            group.addTask { await keeper.run() }
            for (number, secret) in secrets.dropLast().enumerated() {
                if number > 0 { store.replace(part: 0, with: [key: secret]) }
                let text = JSONValue.string(Data(secret.authority.utf8).base64EncodedString())
                try await eventually {
                    clock.advance(by: .seconds(61))
                    return bundle() == text && warnings() == number + 1
                }
                for _ in 0..<20 {
                    clock.advance(by: .seconds(61))
                    try await clock.waitForSleepers(1)
                }
                #expect(warnings() == number + 1)
                #expect(told.since(secret.authority) == nil)
            }
            // An authority that has not signed what is served goes nowhere.
            var foreign = secrets[1]
            (foreign.authority, foreign.version) = (secrets[2].authority, "9")
            store.replace(part: 0, with: [key: foreign])
            world.forbidden.withLock { $0 = [] }
            try await eventually {
                clock.advance(by: .seconds(61))
                return told.since(secrets[1].authority) != nil
            }
            #expect(bundle() == .string(Data(secrets[1].authority.utf8).base64EncodedString()))
            group.cancelAll()
        }
    }
}
