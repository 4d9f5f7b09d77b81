import Foundation
import KubeClient
import KubeModel
import Manifests
import MetricsAPI
import Scaling
import TestKit
import Testing

/// Swell in KEDA's place: the real program, called as its Deployment has it, with the rights that are installed with it.
///
/// It is no pod, so the API server is led to it by the name localhost.
struct MigratedOperator: Sendable {
    /// What KEDA has left.
    let left: LeftCluster
    /// The namespace of the user's objects.
    var cluster: TestCluster { left.cluster }

    /// Takes a place.
    init(_ left: LeftCluster) { self.left = left }

    /// Runs it for the length of a call.
    ///
    /// - Parameters:
    ///   - install: takes KEDA away and installs Swell.
    ///   - body: the call; it begins when the API server has metrics from the process.
    /// - Throws: what did not come true.
    func run(
        after install: @escaping @Sendable () async throws -> Void,
        _ body: @Sendable () async throws -> Void
    ) async throws {
        let start = try AuditLog.end
        let webhookPort = try SwellProcess.freePort()
        let flags =
            try await flags() + [
                "--webhook-bind-address", "127.0.0.1:\(webhookPort)", "--advertise-address", "127.0.0.1",
                "--metrics-service-bind-address", "127.0.0.1:\(try SwellProcess.freePort())",
            ]
        try await SwellProcess.with(
            flags,
            in: ["POD_NAMESPACE": "keda", "POD_NAME": "swell"],
            after: { port in
                try await install()
                try await expectGap()
                try await redirect(metricsPort: port, webhookPort: webhookPort)
            },
            body
        )
        let forbidden = try AuditLog.lines(from: start)
            .filter { $0.user.username == "system:serviceaccount:keda:keda-operator" && $0.responseStatus?.code == 403 }
            .map { "\($0.verb) \($0.requestURI)" }
            // In a namespace that another test has deleted nothing may be created, whatever the rights.
            .filter { !($0.hasPrefix("create ") && $0.contains("/namespaces/test-")) }
        #expect(forbidden == [])
    }

    /// What the installed Deployment calls the program with, but for addresses.
    private func flags() async throws -> [String] {
        let container: JSONValue
        if left.installation == .chart {
            container = try await RenderedChart.with().container
        } else {
            let manifest = try ChartObjectsTests.config("manager/manager.yaml").first { $0["kind"] == "Deployment" }
            let containers = manifest?[path: "spec", "template", "spec", "containers"]?.array
            container = try #require(containers?.first)
        }
        let arguments = try #require(container["args"]?.array).compactMap(\.string)
        return arguments.dropFirst().filter { !$0.contains("bind-address") }
    }

    /// Checks what the document says of the time when nobody scales.
    private func expectGap() async throws {
        for name in LeftCluster.scaled where name != "resting" {
            try await eventually("the HPA of \(name) without a metric", within: .seconds(60)) {
                let conditions = try await cluster.hpa(name).status?.conditions
                return conditions?.contains { $0.type == "ScalingActive" && $0.status == "False" } == true
            }
        }
        for (name, count) in LeftCluster.replicas { #expect(try await cluster.replicas(name) == count, "\(name)") }
    }

    /// Leads the API server to the process; all else in the objects stays as it was installed.
    private func redirect(metricsPort: Int, webhookPort: Int) async throws {
        for service in ["keda-operator-metrics-apiserver", "keda-admission-webhooks"] {
            let spec = """
                {"spec":{"type":"ExternalName","externalName":"localhost","clusterIP":null,"clusterIPs":null}}
                """
            try await cluster.kubectl("patch", "service", service, "-n", "keda", "--type=merge", "-p", spec)
        }
        for service in MetricsAPI.serviceNames {
            let spec = #"{"spec":{"service":{"port":\#(metricsPort)}}}"#
            try await cluster.kubectl("patch", "apiservice", service, "--type=merge", "-p", spec)
        }
        let ports = (0..<6)
            .map { number in
                #"{"op":"replace","path":"/webhooks/\#(number)/clientConfig/service/port","value":\#(webhookPort)}"#
            }
        let webhooks = ["patch", "validatingwebhookconfiguration", "keda-admission", "--type=json", "-p"]
        try await cluster.kubectl(webhooks + ["[\(ports.joined(separator: ","))]"])
    }

    /// Checks that Swell leads, looks after everything, and has changed nothing by that.
    func expectTakeover(since before: MigrationSnapshot) async throws {
        try await eventually("leading after KEDA's lease", within: .seconds(60)) {
            try await lease().spec.holderIdentity?.hasPrefix("swell") == true
        }
        for name in LeftCluster.scaled { try await left.source.wait(for: 3, of: name) }
        #expect(left.source.questions("paused") == 0 && left.source.questions("fixed") == 0)
        for name in LeftCluster.scaled where name != "resting" {
            try await eventually("numbers for the HPA of \(name)", within: .seconds(60)) {
                let conditions = try await cluster.hpa(name).status?.conditions
                return conditions?.contains { $0.type == "ScalingActive" && $0.status == "True" } == true
            }
            let labels = try await cluster.hpa(name).metadata.labels
            #expect(labels?["app.kubernetes.io/version"] != "2.20.1")
        }
        try await MigrationSnapshot(of: cluster).expectSame(as: before)
        let cooling = try await cluster.object("cooling").status
        #expect(cooling?.lastActiveTime == before.objects["cooling"]?.status?.lastActiveTime)
        // Past its threshold, beyond which Swell does not count.
        #expect(try await cluster.object("falling").status?.health?["s0-prometheus"]?.numberOfFailures ?? 0 > 3)
        for (kind, name) in [("ta", "login"), ("cta", cluster.namespace)] {
            let metadata = try await read(kind, name, in: cluster.namespace)["metadata"]
            #expect(metadata?["finalizers"] == ["finalizer.keda.sh"])
        }
        try await expectHolders()
        try await cluster.waitUntilAsked()
        let answer = try await RealServers.ExternalMetrics.ask("s0-prometheus", of: "busy", in: cluster)
        #expect(answer["items"]?.array?.first?["value"] == "25")
    }

    /// Checks that APIServices and each webhook lead to Services of Swell's and bear KEDA's authority.
    func expectHolders(_ services: [String] = MetricsAPI.serviceNames) async throws {
        for service in services {
            try await eventually("the authority in \(service)", within: .seconds(60)) {
                try await read("apiservice", service)[path: "spec", "caBundle"] == .string(left.authority)
            }
            let spec = try await read("apiservice", service)["spec"]
            #expect(spec?[path: "service", "name"] == "keda-operator-metrics-apiserver")
            #expect(spec?["insecureSkipTLSVerify"]?.bool != true)
        }
        try await eventually("the authority in each webhook", within: .seconds(60)) {
            let webhooks = try await read("validatingwebhookconfiguration", "keda-admission")["webhooks"]?.array ?? []
            return webhooks.count == 6
                && webhooks.allSatisfy { $0[path: "clientConfig", "caBundle"] == .string(left.authority) }
        }
    }

    /// Checks that scaling goes on: from zero to many and back, out of a fallback, after a pause.
    func expectScaling() async throws {
        left.source.set(25, of: "resting")
        left.source.set(45, of: "busy")
        left.source.set(15, of: "falling")
        try await cluster.reach(3, "resting")
        try await cluster.reach(5, "busy")
        try await cluster.reach(2, "falling")
        try await cluster.reach(.fallback, .no, of: "falling")
        left.source.set(0, of: "resting")
        try await cluster.reach(0, "resting")
        try await cluster.annotate("paused", "autoscaling.keda.sh/paused", nil)
        try await cluster.reach(7, "paused")
        #expect(try await cluster.replicas("fixed") == 4)
        #expect(try await cluster.replicas("cooling") == 1)
    }

    /// Checks that KEDA finds everything as it writes it itself, once Swell has ended and what is installed for KEDA is back.
    ///
    /// - Parameters:
    ///   - before: as KEDA left it.
    ///   - after: as Swell left it.
    /// - Throws: what cannot be read.
    /// - Source: KEDA 2.20, `apis/keda/v1alpha1/scaledobject_types.go` and `controllers/keda/hpa.go`.
    func expectWayBack(since before: MigrationSnapshot, at after: MigrationSnapshot) async throws {
        let fields: Set = [
            "scaleTargetKind", "scaleTargetGVKR", "originalReplicaCount", "lastActiveTime", "externalMetricNames",
            "resourceMetricNames", "compositeScalerName", "conditions", "health", "triggersActivity",
            "pausedReplicaCount", "hpaName", "triggersTypes", "authenticationsTypes",
        ]
        for name in LeftCluster.scaled {
            let (object, former) = (try #require(after.objects[name]), try #require(before.objects[name]))
            MigrationSnapshot.expectMetadata(of: object, as: former)
            try MigrationSnapshot.expectStatus(of: object, as: former)
            let status = try #require(try await read("so", name, in: cluster.namespace)["status"]?.object)
            #expect(Set(status.keys).isSubset(of: fields), "\(status.keys)")
            let (hpa, formerHPA) = (try #require(after.autoscalers[name]), try #require(before.autoscalers[name]))
            MigrationSnapshot.expectSame(hpa, as: formerHPA)
        }
        // One that Swell has made: the same form, and one annotation more.
        let (made, like) = (try #require(after.autoscalers["paused"]), try #require(before.autoscalers["resting"]))
        #expect(Set(made.metadata.labels?.keys.map(\.self) ?? []) == Set(like.metadata.labels?.keys.map(\.self) ?? []))
        #expect(Array(MigrationSnapshot.annotations(made).keys) == ["autoscaling.swell.dev/made-by"])
        #expect(made.metadata.ownerReferences?.map(\.controller) == [true])
        #expect(try await lease().spec.holderIdentity ?? "" == "")
        try await expectInstalled()
        try await DocumentedSteps.run(Self.verification)
    }

    /// Has openssl look at the Secret as KEDA's operator does: it signs with RSA keys in PKCS #1 only.
    ///
    /// - Source: open-policy-agent/cert-controller, `pkg/rotator/rotator.go`, `buildArtifactsFromSecret` and `ValidCert`.
    private static let verification = """
        folder=$(mktemp -d) && trap 'rm -r "$folder"' EXIT
        for key in ca.crt ca.key tls.crt tls.key; do
          kubectl get secret kedaorg-certs -n keda -o "jsonpath={.data.${key/./\\\\.}}" | base64 -d >"$folder/$key"
        done
        head -1 "$folder/ca.key" | grep -qx -- '-----BEGIN RSA PRIVATE KEY-----'
        for purpose in sslserver sslclient; do
          openssl verify -CAfile "$folder/ca.crt" -purpose "$purpose" -verify_hostname keda-operator "$folder/tls.crt"
        done
        openssl verify -CAfile "$folder/ca.crt" -verify_hostname KEDA "$folder/ca.crt"
        """

    /// Checks that the APIService and the webhooks are KEDA's again.
    private func expectInstalled() async throws {
        var reading = ManifestReading()
        reading.add(try left.release(), from: left.installation.rawValue)
        for (kind, field) in [("APIService", "spec"), ("ValidatingWebhookConfiguration", "webhooks")] {
            let wanted = try #require(reading.manifests.map(\.content).first { $0["kind"]?.string == kind })
            let name = try #require(wanted[path: "metadata", "name"]?.string)
            #expect(try await read(kind, name)[field] == wanted[field], "\(kind)")
        }
    }

    /// Checks that of some objects those are gone that others have not.
    func expectGone(_ objects: [JSONValue], but others: [JSONValue]) async throws {
        /// Kind, namespace and name.
        func key(_ object: JSONValue) -> [String] {
            [["kind"], ["metadata", "namespace"], ["metadata", "name"]]
                .map { path in
                    (path.count == 1 ? object[path[0]] : object[path: path[0], path[1]])?.string ?? ""
                }
        }
        let kept = Set(others.map(key))
        for object in objects.map(key) where !kept.contains(object) && object[0] != "Namespace" {
            let found = try await cluster.kubectl(
                ["get", object[0], object[2], "--ignore-not-found", "-o", "name"]
                    + (object[1].isEmpty ? [] : ["-n", object[1]])
            )
            #expect(found.isEmpty)
        }
    }

    /// The lease that KEDA held.
    private func lease() async throws -> Lease {
        try await cluster.client.get(Lease.self, ObjectKey(namespace: "keda", name: "operator.keda.sh"))
    }

    /// An object as the API server has it.
    private func read(_ kind: String, _ name: String, in namespace: String? = nil) async throws -> JSONValue {
        let place = namespace.map { ["-n", $0] } ?? []
        return try JSONValue(
            parsing: [UInt8](try await cluster.kubectl(["get", kind, name, "-o", "json"] + place).utf8)
        )
    }
}
