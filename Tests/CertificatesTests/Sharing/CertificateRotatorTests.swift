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
            rotation: Self.rotation,
            told: ToldAuthorities(),
            time: .system,
            logger: quiet
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
}
