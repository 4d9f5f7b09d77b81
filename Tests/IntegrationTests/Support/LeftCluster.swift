import Foundation
import KubeClient
import KubeModel
import Manifests
import MetricsAPI
import Scaling
import TestKit
import Testing

/// A cluster as KEDA leaves it: what is installed for it, what its operator has made, and a user's objects in its hold.
///
/// The files of `Samples/left-by-keda`, with what only a cluster can know put in.
struct LeftCluster: Sendable {
    /// How KEDA was installed; the name of its file.
    enum Installation: String, Sendable {
        /// By Helm.
        case chart = "by-chart"
        /// By `kubectl apply` of its release's manifest.
        case manifest = "by-manifest"

        /// The Service of its external metrics, which its certificate names.
        var metricsService: String {
            self == .chart ? "keda-operator-metrics-apiserver" : "keda-metrics-apiserver"
        }
    }

    /// What a user's workloads have, by name.
    static let replicas = [
        "resting": 0, "single": 1, "busy": 3, "cooling": 1, "paused": 2, "fixed": 4, "falling": 3,
    ]
    /// Those for which KEDA keeps an HPA.
    static let scaled = ["resting", "single", "busy", "cooling", "falling"]
    /// All of KEDA's kinds.
    static let crds = [
        "scaledobjects.keda.sh", "scaledjobs.keda.sh", "triggerauthentications.keda.sh",
        "clustertriggerauthentications.keda.sh", "cloudeventsources.eventing.keda.sh",
        "clustercloudeventsources.eventing.keda.sh",
    ]

    /// How KEDA was installed.
    let installation: Installation
    /// The namespace of the user's objects.
    let cluster: TestCluster
    /// What their triggers ask.
    let source: NumberSource
    /// What KEDA has put into each `caBundle`.
    let authority: String

    /// Leaves a cluster for the length of a test, with sources that say what the replicas already are.
    static func with(_ installation: Installation, _ test: @escaping @Sendable (LeftCluster) async throws -> Void)
        async throws
    {
        try await NumberSource.with { source in
            source.set(0, of: "resting", "cooling")
            source.set(5, of: "single")
            source.set(25, of: "busy")
            source.set(70, of: "paused", "fixed")
            try await TestCluster.with { cluster in
                try await clear(cluster)
                try await installKinds(cluster, installation)
                let left = LeftCluster(
                    installation: installation,
                    cluster: cluster,
                    source: source,
                    authority: try await makeCertificates(cluster, for: installation)
                )
                do {
                    try await left.createWorkloads()
                    try await cluster.kubectl("create", "-f", "-", input: left.release())
                    try await test(left)
                } catch {
                    // What is left would disturb others, and the first error says more than a second one.
                    try? await left.leave()
                    throw error
                }
                try await left.leave()
            }
        }
    }

    /// What is installed for KEDA.
    func release() throws -> String {
        try TestServers.sample("left-by-keda/\(installation.rawValue).yaml").replacing("AUTHORITY", with: authority)
    }

    /// Takes KEDA's CRDs' place: ours, which are the same to whoever has objects of them, and those that are KEDA's alone.
    private static func installKinds(_ cluster: TestCluster, _ installation: Installation) async throws {
        try await cluster.kubectl("apply", "-f", "\(TestServers.root)/config/crd")
        for kind in RealServers.LeftByKEDA.eventing {
            try await cluster.apply(RealServers.LeftByKEDA.definition(kind))
        }
        try await cluster.kubectl(["wait", "--for=condition=Established", "crd"] + crds)
        guard installation == .chart else { return }
        try await cluster.kubectl(["label", "--overwrite", "crd"] + crds + ["app.kubernetes.io/managed-by=Helm"])
        try await cluster.kubectl(
            ["annotate", "--overwrite", "crd"] + crds
                + ["meta.helm.sh/release-name=keda", "meta.helm.sh/release-namespace=keda"]
        )
    }

    /// Makes the Secret, the Lease that nobody holds any more, and a Secret that a ClusterTriggerAuthentication names.
    ///
    /// - Returns: the authority as `caBundle` has it.
    private static func makeCertificates(_ cluster: TestCluster, for installation: Installation) async throws -> String
    {
        let names = ["keda-operator", installation.metricsService, "keda-admission-webhooks"]
            .flatMap { name in ["", ".keda", ".keda.svc", ".keda.svc.cluster.local"].map { "DNS:\(name)\($0)" } }
        try await DocumentedSteps.run(
            """
            folder=$(mktemp -d) && trap 'rm -r "$folder"' EXIT
            exec 3>&1 >"$folder/log" 2>&1
            ( cd "$folder"
              openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /O=KEDAORG/CN=KEDA -keyout ca.pkcs8 -out ca.crt \
                -addext subjectAltName=DNS:KEDA -addext keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign
              openssl req -newkey rsa:2048 -nodes -subj /CN=keda-operator -keyout tls.pkcs8 -out tls.csr
              printf '%s\\n' 'keyUsage=critical,digitalSignature,keyEncipherment' 'extendedKeyUsage=serverAuth,clientAuth' \
                'basicConstraints=critical,CA:FALSE' 'subjectAltName=\(names.joined(separator: ","))' >tls.ext
              openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.pkcs8 -set_serial 1 -days 365 -extfile tls.ext -out tls.crt
              for key in ca tls; do openssl rsa -traditional -in "$key.pkcs8" -out "$key.key"; done
              kubectl create secret generic kedaorg-certs -n keda \
                --from-file=ca.crt --from-file=ca.key --from-file=tls.crt --from-file=tls.key
            ) || { cat "$folder/log" >&3; exit 1; }
            kubectl label secret kedaorg-certs -n keda app=keda-operator app.kubernetes.io/part-of=keda
            kubectl create secret generic left-by-keda -n keda --from-literal=token=s3cret
            """
        )
        let now = MicroTimestamp(Date())
        let lease: JSONValue = [
            "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": ["name": "operator.keda.sh", "namespace": "keda"],
            "spec": [
                "holderIdentity": "keda-operator-6c7d8f9b5-x2x4q_2b5c9d1e", "leaseDurationSeconds": 15,
                "acquireTime": try KubeJSON.value(of: now), "renewTime": try KubeJSON.value(of: now),
                "leaseTransitions": 3,
            ],
        ]
        try await cluster.kubectl("create", "-f", "-", input: text(lease))
        return try await cluster.kubectl(
            ["get", "secret", "kedaorg-certs", "-n", "keda", "-o", #"jsonpath={.data.ca\.crt}"#]
        )
    }

    /// Creates the user's objects: first all but HPAs, then their status, then HPAs, which name their owner by its uid.
    private func createWorkloads() async throws {
        let all = try Self.objects(of: "workloads.yaml") {
            $0.replacing("PORT", with: "\(source.port)").replacing("NAMESPACE", with: cluster.namespace)
        }
        let (hpas, others) = (all.filter(Self.isHPA), all.filter { !Self.isHPA($0) })
        try await create(others)
        var uids: [String: String] = [:]
        for object in others where object["kind"] == "ScaledObject" {
            let name = try #require(object[path: "metadata", "name"]?.string)
            var status = try #require(object["status"])
            let ago = try #require(status["lastActiveTime"]?.string?.dropFirst(4)).description
            let time = Date() - (try #require(TimeInterval(ago)))
            status["lastActiveTime"] = .string(time.formatted(.iso8601))
            let stored = try await cluster.client.patch(
                ScaledObject.self,
                cluster.key(name),
                subresource: "status",
                with: ["status": status]
            )
            uids[name] = stored.metadata.uid
        }
        try await create(
            hpas.map { hpa in
                var hpa = hpa
                var owner = try #require(hpa[path: "metadata", "ownerReferences"]?.array?.first)
                owner["uid"] = uids[owner["name"]?.string ?? ""].map { .string($0) }
                hpa[path: "metadata", "ownerReferences"] = [owner]
                return hpa
            }
        )
    }

    /// Creates objects; not applied, so that they bear no annotation of kubectl's.
    private func create(_ objects: [JSONValue]) async throws {
        let list: JSONValue = ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
        try await cluster.kubectl("create", "-n", cluster.namespace, "-f", "-", input: Self.text(list))
    }

    /// Takes away what is the cluster's, and what would keep the namespace from going.
    private func leave() async throws {
        try await Self.clear(cluster)
        for name in Self.replicas.keys {
            // KEDA's finalizer, which nobody takes off any more.
            try await cluster.kubectl(
                [
                    "patch", "so", name, "-n", cluster.namespace, "--type=merge", "-p",
                    #"{"metadata":{"finalizers":null}}"#,
                ]
            )
        }
        try await cluster.kubectl(
            [
                "patch", "ta", "login", "-n", cluster.namespace, "--type=merge", "-p",
                #"{"metadata":{"finalizers":null}}"#,
            ]
        )
        try await cluster.kubectl(
            ["patch", "cta", cluster.namespace, "--type=merge", "-p", #"{"metadata":{"finalizers":null}}"#]
        )
        try await cluster.kubectl("delete", "cta", cluster.namespace)
    }

    /// Takes away whatever somebody has installed under KEDA's names, but for the namespace and our CRDs.
    private static func clear(_ cluster: TestCluster) async throws {
        try await cluster.kubectl(["delete", "apiservice", "--ignore-not-found"] + MetricsAPI.serviceNames)
        try await cluster.kubectl("apply", "-f", "\(TestServers.root)/config/rbac/account.yaml")
        let root = "\(TestServers.root)/config"
        for path in ["rbac", "webhook", "manager", "apiservice"] {
            let objects = try RealServers.ChartInstall.list(
                ManifestFiles(["\(root)/\(path)"]).read().manifests.map(\.content).filter { $0["kind"] != "Namespace" }
            )
            try await cluster.kubectl("delete", "--ignore-not-found", "-f", "-", input: objects)
        }
        for file in [Installation.chart, .manifest] {
            let objects = try TestServers.sample("left-by-keda/\(file.rawValue).yaml").replacing("AUTHORITY", with: "")
            try await cluster.kubectl("delete", "--ignore-not-found", "-f", "-", input: objects)
        }
        try await cluster.kubectl(
            ["delete", "--ignore-not-found", "-n", "keda", "secret/kedaorg-certs", "secret/left-by-keda"]
                + ["lease/operator.keda.sh"]
        )
        let eventing = crds.suffix(2)
        try await cluster.kubectl(["delete", "--ignore-not-found", "crd"] + eventing)
    }

    /// The objects of one of the files.
    static func objects(of file: String, _ filled: (String) -> String = { $0 }) throws -> [JSONValue] {
        var reading = ManifestReading()
        reading.add(filled(try TestServers.sample("left-by-keda/\(file)")), from: file)
        try #require(reading.problems.isEmpty, "\(reading.problems)")
        return reading.manifests.map(\.content)
    }

    /// Whether an object is an HPA.
    private static func isHPA(_ object: JSONValue) -> Bool { object["kind"] == "HorizontalPodAutoscaler" }

    /// An object as a manifest.
    private static func text(_ object: JSONValue) throws -> String {
        String(decoding: try KubeJSON.encode(object), as: UTF8.self)
    }
}
