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

        /// Answers a request.
        func answer(_ request: HTTPRequest) throws -> ScriptedTransport.Answer {
            try objects.withLock { objects in
                guard let object = objects[request.url.path] else {
                    return .json(#"{"kind":"Status","code":404,"reason":"NotFound"}"#, status: 404)
                }
                guard request.method == .patch else { return .json(try Self.text(object)) }
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
        let store = Store<CertificateSecret>()
        store.replace(
            part: 0,
            with: [
                key: CertificateSecret(
                    authority: Self.authority,
                    authorityKey: Secret("k"),
                    certificate: "c",
                    privateKey: Secret("k"),
                    version: "1"
                )
            ]
        )
        world.objects.withLock { $0[World.paths[1]] = ["metadata": [:], "webhooks": [["clientConfig": [:]]]] }
        let told = ToldAuthorities()
        let keeper = BundleKeeper(
            client,
            holders: [Self.service, Self.webhooks],
            secret: key,
            in: store,
            told: told,
            time: clock.source,
            logger: quiet
        )
        /// Whether a holder has the bundle.
        func has(_ path: String, _ bundle: (JSONValue) -> JSONValue?) -> Bool {
            world.objects.withLock { $0[path].flatMap(bundle) } == Self.bundle
        }
        let start = clock.now
        try await withThrowingTaskGroup { group in
            group.addTask { await keeper.run() }
            try await eventually {
                has(World.paths[1]) { $0["webhooks"]?.array?.first?[path: "clientConfig", "caBundle"] }
            }
            try await eventually { told.since(Self.authority) == start }
            world.objects.withLock { $0[World.paths[0]] = ["metadata": [:], "spec": [:]] }
            try await eventually {
                if let alarm = clock.alarms.first { clock.advance(by: min(.seconds(60), alarm - clock.uptime)) }
                return has(World.paths[0]) { $0[path: "spec", "caBundle"] }
            }
            #expect(clock.uptime <= .seconds(180))
            // Who came later was told later, and the clock starts again.
            try await eventually { told.since(Self.authority).map { $0 > start } ?? false }
            #expect(told.since("another") == nil)
            #expect(transport.requests.filter { $0.method == .patch }.count == 2)
            group.cancelAll()
        }
    }
}
