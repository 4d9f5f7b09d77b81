import Certificates
import Foundation
import KubeClient
import KubeModel
import MetricsAPI
import Outbound
import OutboundCurl
import Scaling
import Subprocess
import SwiftASN1
import TestKit
import Testing
import X509

extension RealServers {
    /// Certificates that change while the API server and replicas ask, and what a probe says before there are any.
    @Suite(.serialized, .timeLimit(.minutes(6))) struct CertificateChanges {
        /// What the replicas share.
        static func secret(in cluster: TestCluster) async throws -> CertificateSecret {
            CertificateSecret(try await cluster.client.get(SecretObject.self, cluster.key("kedaorg-certs")))
        }

        /// The certificates of a text.
        static func certificates(_ text: String) throws -> [Certificate] {
            try PEMDocument.parseMultiple(pemString: text).map { try Certificate(pemDocument: $0) }
        }

        /// The rules that the replicas go by.
        static func rotation(in cluster: TestCluster) -> CertificateRotation {
            CertificateRotation(
                services: ["keda-operator", "keda-admission-webhooks", "keda-operator-metrics-apiserver"],
                in: cluster.namespace,
                domain: "cluster.local"
            )
        }

        /// Writes parts of the Secret; `nil` takes one away.
        static func write(_ data: [String: String?], in cluster: TestCluster) async throws {
            let fields = data.mapValues { $0.map { JSONValue.string(Data($0.utf8).base64EncodedString()) } ?? .null }
            let patch: JSONValue = ["data": .object(fields)]
            _ = try await cluster.client.patch(SecretObject.self, cluster.key("kedaorg-certs"), with: patch)
        }

        /// The webhook for the namespace, without which nothing is stored.
        static func webhooks(in namespace: String, port: Int) -> String {
            """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"keda-admission-webhooks"},
             "spec":{"type":"ExternalName","externalName":"localhost","ports":[{"port":\(port)}]}}
            ---
            {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration",
             "metadata":{"name":"\(namespace)"},"webhooks":[
               {"name":"vscaledobject.kb.io","admissionReviewVersions":["v1"],"sideEffects":"None",
                "failurePolicy":"Fail","timeoutSeconds":30,
                "clientConfig":{"service":{"name":"keda-admission-webhooks","namespace":"\(namespace)","port":\(port),
                  "path":"/validate-keda-sh-v1alpha1-scaledobject"}},
                "rules":[{"apiGroups":["keda.sh"],"apiVersions":["v1alpha1"],"operations":["CREATE"],
                  "resources":["scaledobjects"]}],
                "namespaceSelector":{"matchLabels":{"webhooks-of":"\(namespace)"}}}]}
            """
        }

        /// The administrator's client, but one that never asks again by itself.
        static func withImpatientClient(_ body: (KubeClient) async throws -> Void) async throws {
            var settings = KubeClient.Settings()
            (settings.requestsPerSecond, settings.burst, settings.longestWait) = (1000, 1000, .zero)
            let configuration = try KubeConfiguration.load(
                kubeconfig: TestServers.variable("KUBECONFIG"),
                environment: [:]
            )
            try await withCurlTransport(environment: [:]) { transport in
                try await body(KubeClient(configuration, over: transport, settings: settings))
            }
        }

        /// Something other than what was asked for.
        struct Other: Error { let answer: JSONValue }

        /// A metric through the API server, which asks the follower, which asks the leader.
        static func metrics(in cluster: TestCluster, _ client: KubeClient) -> Load {
            Load("metrics through the API server") {
                let request = KubeRequest(
                    .get,
                    path: ["apis", "external.metrics.k8s.io", "v1beta1", "namespaces", cluster.namespace]
                        + [ExternalMetrics.metric],
                    query: [.init("labelSelector", "scaledobject.keda.sh/name=web")]
                )
                let answer = try await client.answer(to: request, as: JSONValue.self)
                guard answer["items"]?.array?.first?["value"] == "3" else { throw Other(answer: answer) }
            }
        }

        /// New objects, which the API server stores after it has asked the leader's webhook only.
        static func objects(in cluster: TestCluster, _ client: KubeClient) -> Load {
            Load("new ScaledObjects") {
                var object = try await client.get(ScaledObject.self, cluster.key("web"))
                object.metadata = ObjectMeta(name: "new", namespace: cluster.namespace)
                object.spec.scaleTargetRef.name = "new"
                object.status = nil
                var request = try KubeRequest.create(object)
                request.query = [.init("dryRun", "All")]
                let answer = try await client.answer(to: request, as: JSONValue.self)
                guard answer["kind"] == "ScaledObject" else { throw Other(answer: answer) }
                // Another object has that target already, which only the webhook knows.
                object.spec.scaleTargetRef.name = "web"
                var refused = try KubeRequest.create(object)
                refused.query = [.init("dryRun", "All")]
                do {
                    throw Other(answer: try await client.answer(to: refused, as: JSONValue.self))
                } catch let error as KubeError {
                    guard "\(error)".contains("denied the request") else { throw error }
                }
            }
        }

        /// A metric of a replica by a new connection, which trusts what the Secret says.
        static func connections(to replica: SwellReplica, in cluster: TestCluster) -> Load {
            Load("new connections to \(replica.name)") {
                do {
                    _ = try await Replicas.answers(replica, cluster)
                } catch let error as KubeError {
                    // A Secret that is away for a moment is nobody's failure.
                    guard error.isNotFound else { throw error }
                }
            }
        }

        @Test func `certificates and their authority change under load without one failed request`() async throws {
            try await Replicas.with { cluster, ports in
                let webhookPort = try SwellProcess.freePort()
                try await WebhookManifests.mark(cluster, with: cluster.namespace)
                try await cluster.apply(Self.webhooks(in: cluster.namespace, port: webhookPort))
                try await SwellReplica.with("one", in: cluster.namespace, port: ports[1], webhookPort: webhookPort) {
                    one in
                    try await eventually("leading", within: .seconds(60)) {
                        try await Replicas.leader(cluster) == "one"
                    }
                    try await SwellReplica.with("two", in: cluster.namespace, port: ports[0]) { two in
                        try await Self.withImpatientClient { client in
                            let loads = [
                                Self.metrics(in: cluster, client), Self.objects(in: cluster, client),
                                Self.connections(to: one, in: cluster), Self.connections(to: two, in: cluster),
                            ]
                            try await Load.run(loads) {
                                try await Load.goOn(loads)
                                try await Self.deleteSecret(in: cluster, loads)
                                try await Self.changeCertificate(in: cluster, loads)
                                try await Self.changeAuthority(in: cluster, loads)
                            }
                        }
                        for replica in [one, two] {
                            #expect(!replica.wholeLog.contains("cannot be asked"), "\(replica.name)")
                            try replica.signal(.terminate)
                        }
                    }
                }
            }
        }

        /// Takes the Secret away, which is put back as it was.
        static func deleteSecret(in cluster: TestCluster, _ loads: [Load]) async throws {
            let before = try await secret(in: cluster)
            try await cluster.client.delete(SecretObject.resourceType, cluster.key("kedaorg-certs"))
            try await eventually("the Secret", within: .seconds(60)) { try await secret(in: cluster).identity != nil }
            var after = try await secret(in: cluster)
            #expect(after.version != before.version)
            after.version = before.version
            #expect(after == before)
            try await Load.goOn(loads, 100)
        }

        /// Takes the certificate away, so that another one is signed.
        static func changeCertificate(in cluster: TestCluster, _ loads: [Load]) async throws {
            let before = try await secret(in: cluster)
            try await write(["tls.crt": nil, "tls.key": nil], in: cluster)
            try await eventually("another certificate", within: .seconds(60)) {
                let now = try await secret(in: cluster)
                return now.identity != nil && now.certificate != before.certificate
                    && now.authority == before.authority
            }
            try await Load.goOn(loads, 100)
        }

        /// Puts an authority with the same key in the place of the present one, which soon expires, and a certificate of its.
        static func changeAuthority(in cluster: TestCluster, _ loads: [Load]) async throws {
            let (before, end) = (try await secret(in: cluster), Date() + 90)
            let expiring = try Self.expiring(before, at: end)
            let pair = try CertificateAuthority(certificate: expiring, privateKey: before.authorityKey)
                .issue(
                    CertificateRequest(commonName: "keda-operator", names: rotation(in: cluster).names, days: 1),
                    now: end - 86_400
                )
            try await write(
                [
                    "ca.crt": expiring, "tls.crt": pair.certificates, "tls.key": pair.privateKey.withValue { $0 },
                ],
                in: cluster
            )
            try await eventually("both authorities", within: .seconds(60)) {
                let now = try await secret(in: cluster)
                return try certificates(now.authority).count == 2 && now.certificate == pair.certificates
            }
            try await eventually("a certificate by the new authority", within: .seconds(90)) {
                let now = try await secret(in: cluster)
                return try certificates(now.authority).count == 2 && now.certificate != pair.certificates
            }
            #expect(Date() < end, "the new certificate came too late")
            // On one machine everybody learns in no time, so that no load is hurt by one who does not wait: who signs as
            // soon as bundles are written, or drops the old authority as soon as it has signed, is found by the clock.
            let signing = try await secret(in: cluster)
            let made = try #require(try certificates(signing.authority).first).notValidBefore
            let signed = try #require(try certificates(signing.certificate).first).notValidBefore
            let (left, waited) = (end.timeIntervalSince(made + 3600), signed.timeIntervalSince(made))
            #expect(waited > left / 4 - 2, "the new authority signed after \(waited) of \(left) s")
            try await Load.goOn(loads, 100)
            try await eventually("the new authority alone", within: .seconds(120)) {
                try certificates(try await secret(in: cluster).authority).count == 1
            }
            #expect(Date() > end - 2, "the old authority went while it was in use")
            let after = try await secret(in: cluster)
            #expect(after.authorityKey != before.authorityKey)
            #expect(rotation(in: cluster).action(for: after, toldSince: nil, now: Date()) == .keep)
            let bundle = Data(after.authority.utf8).base64EncodedString()
            for kind in MetricsAPI.serviceNames.map({ "apiservice/\($0)" })
                + ["validatingwebhookconfiguration/\(cluster.namespace)"]
            {
                try await eventually("the bundle of \(kind)", within: .seconds(60)) {
                    try await cluster.kubectl("get", kind, "-o", "json").contains(bundle)
                }
            }
            try await Load.goOn(loads, 100)
        }

        /// The authority of a Secret as it would be if it ended soon: the same name and key.
        static func expiring(_ secret: CertificateSecret, at end: Date) throws -> String {
            let old = try #require(try certificates(secret.authority).first)
            let key = try secret.authorityKey.withValue { try Certificate.PrivateKey(pemEncoded: $0) }
            return try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: old.publicKey,
                notValidBefore: old.notValidBefore,
                notValidAfter: end,
                issuer: old.subject,
                subject: old.subject,
                signatureAlgorithm: .sha256WithRSAEncryption,
                extensions: old.extensions,
                issuerPrivateKey: key
            )
            .serializeAsPEM().pemString
        }

        @Test func `a replica is not ready before it presents what others can verify`() async throws {
            try await Replicas.with { cluster, ports in
                // Somebody else leads for an hour, and makes no certificates.
                let now = Date()
                let lease = Lease(
                    metadata: ObjectMeta(name: "operator.keda.sh", namespace: cluster.namespace),
                    spec: Lease.Spec(
                        holderIdentity: "other",
                        leaseDurationSeconds: 3600,
                        acquireTime: MicroTimestamp(now),
                        renewTime: MicroTimestamp(now),
                        leaseTransitions: 0
                    )
                )
                _ = try await cluster.client.create(lease)
                try await SwellReplica.with("two", in: cluster.namespace, port: ports[0], waits: false) { two in
                    try await eventually("what it waits for", within: .seconds(90)) {
                        let answer = try await two.readiness()
                        return answer.status == 503
                            && String(decoding: answer.body, as: UTF8.self)
                                == "not ready: the Secret \(cluster.namespace)/kedaorg-certs has no certificates yet\n"
                    }
                    let rotation = Self.rotation(in: cluster)
                    let made = try rotation.outcome(of: .renewAuthority(because: ""), over: nil, now: Date())
                    let secret = try #require(made)
                    let metadata = ObjectMeta(name: "kedaorg-certs", namespace: cluster.namespace)
                    _ = try await cluster.client.create(
                        SecretObject(
                            metadata: metadata,
                            data: [
                                "ca.crt": Data(secret.authority.utf8), "tls.crt": Data(secret.certificate.utf8),
                                "tls.key": secret.privateKey.withValue { Data($0.utf8) },
                            ]
                        )
                    )
                    // Whoever believes the probe can verify the answer.
                    try await two.waitUntilReady()
                    let answer = try await two.ask(ExternalMetrics.metric, of: "web", in: cluster)
                    #expect(answer["kind"] == "Status" && answer["code"] == 503, "\(answer)")
                    try two.signal(.terminate)
                }
            }
        }
    }
}
