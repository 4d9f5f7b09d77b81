import Certificates
import Foundation
import KubeClient
import KubeModel
import KubeRuntime
import LocalCluster
import Logging
import Outbound
import TestKit
import Testing

/// Logs nothing.
let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

/// The Secret of the replicas on a cluster in memory.
@Suite(.timeLimit(.minutes(2))) struct CertificateRotatorTests {
    static let key = ObjectKey(namespace: "default", name: "kedaorg-certs")
    static let rotation = CertificateRotation(services: ["keda-operator"], in: "default", domain: "cluster.local")

    let client: KubeClient
    let log = ScriptedLog()

    init() {
        let cluster = LocalCluster(LocalCluster.Configuration(), time: .system)
        self.client = KubeClient(KubeConfiguration(server: LocalCluster.address), over: cluster.transport)
    }

    /// Runs a rotator while a test looks at the Secret.
    func withRotator(_ test: @escaping @Sendable () async throws -> Void) async throws {
        let secret = CertificateSecret.reflector(client, of: Self.key, time: .system, logger: quiet)
        let rotator = CertificateRotator(
            client,
            secret: Self.key,
            in: secret.store,
            good: SharedSecret { secret.store[Self.key] },
            rotation: Self.rotation,
            told: ToldAuthorities(),
            time: .system,
            logger: log.logger
        )
        try await withThrowingTaskGroup { group in
            group.addTask { await secret.run() }
            group.addTask { await rotator.run() }
            try await test()
            group.cancelAll()
        }
    }

    /// What is stored; `nil` while there is nothing good.
    func stored() async throws -> SecretObject? {
        guard let object = try await client.find(SecretObject.self, Self.key) else { return nil }
        return Self.rotation.action(for: CertificateSecret(object), toldSince: nil, now: Date()) == .keep ? object : nil
    }

    @Test func `a Secret that is missing is made, with KEDA's labels`() async throws {
        try await withRotator {
            try await eventually { try await stored() != nil }
            let labels = try #require(try await stored()).metadata.labels
            #expect(
                labels == [
                    "app": "keda-operator", "app.kubernetes.io/name": "keda-operator",
                    "app.kubernetes.io/component": "keda-operator", "app.kubernetes.io/part-of": "keda",
                ]
            )
        }
    }

    @Test func `one that is empty is filled, and what else it holds stays`() async throws {
        let metadata = ObjectMeta(name: Self.key.name, namespace: Self.key.namespace, labels: ["mine": "kept"])
        _ = try await client.create(SecretObject(metadata: metadata, data: ["note": Data("kept".utf8)]))
        try await withRotator {
            try await eventually { try await stored() != nil }
            let object = try #require(try await stored())
            #expect(object.data?["note"] == Data("kept".utf8) && object.metadata.labels == ["mine": "kept"])
        }
    }

    @Test func `one that is good is not written, and one that somebody spoils is made good again`() async throws {
        let secret = try #require(
            try Self.rotation.outcome(of: .renewAuthority(because: ""), over: nil, now: Date())
        )
        let data = ["ca.crt": secret.authority, "tls.crt": secret.certificate].mapValues { Data($0.utf8) }
        let keys = ["ca.key": secret.authorityKey, "tls.key": secret.privateKey]
            .mapValues {
                $0.withValue { Data($0.utf8) }
            }
        let metadata = ObjectMeta(name: Self.key.name, namespace: Self.key.namespace)
        let made = try await client.create(
            SecretObject(metadata: metadata, data: data.merging(keys) { first, _ in first })
        )
        try await withRotator {
            let spoilt = try await client.patch(
                SecretObject.self,
                Self.key,
                with: ["data": ["tls.crt": .null, "mark": "eA=="]]
            )
            try await eventually { try await stored() != nil }
            let object = try #require(try await stored())
            #expect(object.data?["ca.crt"] == made.data?["ca.crt"] && object.data?["tls.crt"] != made.data?["tls.crt"])
            #expect(object.metadata.resourceVersion != spoilt.metadata.resourceVersion)
        }
    }

    /// Takes the Secret away, or spoils it in a way from which nobody could go on.
    enum Harm: CaseIterable { case deleted, unreadable, foreign }

    @Test(arguments: Harm.allCases) func `what was good is put back`(harm: Harm) async throws {
        try await withRotator {
            try await eventually { try await stored() != nil }
            let made = try #require(try await stored())
            switch harm {
            case .deleted: try await client.delete(SecretObject.resourceType, Self.key)
            case .unreadable:
                _ = try await client.patch(SecretObject.self, Self.key, with: ["data": ["ca.crt": "eA=="]])
            case .foreign:
                let other = try CertificateAuthority(now: Date())
                let data = ["ca.crt": other.certificate, "ca.key": other.privateKey.withValue { $0 }]
                    .mapValues { JSONValue.string(Data($0.utf8).base64EncodedString()) }
                _ = try await client.patch(SecretObject.self, Self.key, with: ["data": .object(data)])
            }
            try await eventually {
                guard let now = try await stored() else { return false }
                return now.metadata.resourceVersion != made.metadata.resourceVersion
            }
            #expect(try await stored()?.data == made.data)
            try await eventually { log.lines.contains { $0.contains("put back the certificates that were good last") } }
        }
    }

    @Test func `an authority of somebody else, with a certificate of its, is gone on with and told of`() async throws {
        try await withRotator {
            try await eventually { try await stored() != nil }
            let other = try #require(
                try Self.rotation.outcome(of: .renewAuthority(because: ""), over: nil, now: Date())
            )
            let fields = [
                "ca.crt": other.authority, "ca.key": other.authorityKey.withValue { $0 }, "tls.crt": other.certificate,
                "tls.key": other.privateKey.withValue { $0 },
            ]
            let data = fields.mapValues { JSONValue.string(Data($0.utf8).base64EncodedString()) }
            _ = try await client.patch(SecretObject.self, Self.key, with: ["data": .object(data)])
            try await eventually { log.lines.contains { $0.contains("the authority was replaced at once") } }
            #expect(try await stored()?.data?["ca.crt"] == Data(other.authority.utf8))
            #expect(log.lines.count { $0.contains("warn") } == 1)
        }
    }
}
