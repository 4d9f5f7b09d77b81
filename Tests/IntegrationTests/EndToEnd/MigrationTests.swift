import Foundation
import KubeClient
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// The steps of `docs/migrate-from-keda.md` that need neither Helm nor KEDA, as they stand there, in both directions.
    @Suite(.serialized, .timeLimit(.minutes(10))) struct Migration {
        /// The document.
        static let document = DocumentedSteps("migrate-from-keda.md")

        @Test func `by kubectl's steps and back`() async throws {
            let first = try Self.document.kubectlSteps(under: "# From KEDA to Swell, and back")
            let there = try Self.document.kubectlSteps(under: "Without Helm")
            let look = try Self.document.kubectlSteps(under: "Look")
            let back = try Self.document.kubectlSteps(under: "Back to KEDA, without Helm")
            try #require(first.count == 1 && there.count == 3 && look.count == 1 && back.count == 2)
            let ours = try ["rbac", "apiservice", "webhook", "manager"].flatMap { try ChartObjectsTests.config($0) }
            let theirs = try LeftCluster.objects(of: "by-manifest.yaml")
            try await LeftCluster.with(.manifest) { left in
                let before = try await MigrationSnapshot(of: left.cluster)
                let former = try await Self.certificates(left.cluster)
                let operation = MigratedOperator(left)
                try await operation.run(after: { try await DocumentedSteps.run(first[0] + there[0] + there[1]) }) {
                    try await operation.expectTakeover(since: before)
                    try await DocumentedSteps.run(look[0])
                    try await DocumentedSteps.run(there[2])
                    let pages = theirs.filter {
                        $0["kind"] == "Service" && $0[path: "metadata", "name"] == "keda-operator"
                    }
                    try #require(pages.count == 1)
                    try await operation.expectGone(theirs, but: ours + pages)
                    // KEDA's names for one Service are not Swell's, so its authority has signed for Swell's.
                    let certificates = try await Self.certificates(left.cluster)
                    #expect(certificates["ca.crt"] == former["ca.crt"] && certificates["ca.key"] == former["ca.key"])
                    #expect(certificates["tls.crt"] != former["tls.crt"])
                    try await operation.expectScaling()
                }
                let after = try await MigrationSnapshot(of: left.cluster)
                try await DocumentedSteps.run(back[0])
                // In place of KEDA's own manifest.
                try await left.cluster.kubectl("apply", "-f", "-", input: left.release())
                try await DocumentedSteps.run(back[1])
                try await operation.expectWayBack(since: before, at: after)
                try await operation.expectGone(ours, but: theirs)
            }
        }

        @Test func `by the chart's steps and back`() async throws {
            let keep = try Self.document.kubectlSteps(under: "Keep the CRDs")
            let there = try Self.document.kubectlSteps(under: "With Helm")
            let look = try Self.document.kubectlSteps(under: "Look")
            let back = try Self.document.kubectlSteps(under: "Back to KEDA, with Helm")
            try #require(keep.count == 1 && there.count == 2 && look.count == 1 && back.count == 2)
            let chart = try await RenderedChart.with()
            try await LeftCluster.with(.chart) { left in
                let cluster = left.cluster
                let before = try await MigrationSnapshot(of: cluster)
                let former = try await Self.certificates(cluster)
                let operation = MigratedOperator(left)
                try await DocumentedSteps.run(keep[0])
                #expect(try await Self.annotation("helm.sh/resource-policy", cluster) == Set(["keep"]))
                try await operation.run(after: {
                    // What `helm uninstall` does once the CRDs are out of the release.
                    try await cluster.kubectl("delete", "-f", "-", input: left.release())
                    for step in there { try await DocumentedSteps.run(step) }
                    try await Self.expectOwner("swell", cluster)
                    try await Self.apply(Self.owned(chart.objects), onServer: true, in: cluster)
                    try await Self.expectOwner("swell", cluster)
                }) {
                    try await operation.expectTakeover(since: before)
                    try await DocumentedSteps.run(look[0])
                    #expect(try await Self.certificates(cluster) == former)
                    try await operation.expectScaling()
                }
                let after = try await MigrationSnapshot(of: cluster)
                // What `helm uninstall` does, by the manifest that it has stored.
                let kept = chart.objects.filter {
                    $0[path: "metadata", "annotations"]?["helm.sh/resource-policy"] != "keep"
                }
                #expect(chart.objects.count - kept.count == 4)
                try await cluster.kubectl("delete", "-f", "-", input: ChartInstall.list(kept))
                for step in back { try await DocumentedSteps.run(step) }
                try await Self.expectOwner("keda", cluster)
                try await cluster.kubectl("create", "-f", "-", input: left.release())
                try await operation.expectWayBack(since: before, at: after)
                #expect(try await Self.certificates(cluster) == former)
            }
        }

        @Test(arguments: [true, false])
        func `what the chart renders takes the place of KEDA's objects`(onServer: Bool) async throws {
            let chart = try await RenderedChart.with()
            try await LeftCluster.with(.chart) { left in
                try await Self.apply(chart.objects, onServer: onServer, in: left.cluster)
                let text = try await left.cluster.kubectl(
                    "get",
                    "deployment",
                    "keda-operator",
                    "-n",
                    "keda",
                    "-o",
                    "json"
                )
                let deployment = try JSONValue(parsing: [UInt8](text.utf8))
                let containers = deployment[path: "spec", "template", "spec", "containers"]?.array
                let container = try #require(containers?.first)
                #expect(containers?.count == 1)
                for field in ["image", "command", "args"] { #expect(container[field] == (try chart.container[field])) }
                #expect(deployment[path: "spec", "replicas"] == 1)
                try await MigratedOperator(left).expectHolders(["v1beta1.external.metrics.k8s.io"])
                for service in ["keda-operator", "keda-operator-metrics-apiserver", "keda-admission-webhooks"] {
                    let selector = try await left.cluster.kubectl(
                        "get",
                        "service",
                        service,
                        "-n",
                        "keda",
                        "-o",
                        "jsonpath={.spec.selector}"
                    )
                    #expect(selector == #"{"app":"keda-operator"}"#)
                }
                try await left.cluster.kubectl(
                    "delete",
                    "-f",
                    "-",
                    input: ChartInstall.list(
                        chart.objects.filter {
                            $0["kind"] != "CustomResourceDefinition"
                        }
                    )
                )
            }
        }

        /// The chart's objects as Helm stores them: it adds what says whose they are.
        static func owned(_ objects: [JSONValue]) -> [JSONValue] {
            objects.map { object in
                var object = object
                var annotations = object[path: "metadata", "annotations"]?.object ?? [:]
                annotations["meta.helm.sh/release-name"] = "swell"
                annotations["meta.helm.sh/release-namespace"] = "keda"
                object[path: "metadata", "annotations"] = .object(annotations)
                return object
            }
        }

        /// Applies objects as Helm 4 does, on the server, or as Helm 3 does, by a merge with what is there.
        static func apply(_ objects: [JSONValue], onServer: Bool, in cluster: TestCluster) async throws {
            // Kubernetes 1.20 cannot apply APIServices on the server: it panics.
            let ofClient = objects.filter { !onServer || $0["kind"] == "APIService" }
            let ofServer = objects.filter { onServer && $0["kind"] != "APIService" }
            if !ofServer.isEmpty {
                let flags = ["--server-side", "--force-conflicts", "--field-manager=helm"]
                try await cluster.kubectl(["apply", "-f", "-"] + flags, input: ChartInstall.list(ofServer))
            }
            try await cluster.kubectl(["apply", "-f", "-"], input: ChartInstall.list(ofClient))
        }

        /// What the CRDs that Swell shares say under an annotation.
        static func annotation(_ name: String, _ cluster: TestCluster) async throws -> Set<String> {
            var values: Set<String> = []
            for crd in LeftCluster.crds.prefix(4) {
                let text = try await cluster.kubectl("get", "crd", crd, "-o", "json")
                let annotations = try JSONValue(parsing: [UInt8](text.utf8))[path: "metadata", "annotations"]
                values.insert(annotations?[name]?.string ?? "")
            }
            return values
        }

        /// Checks that the CRDs are a release's, as Helm looks before it installs over something.
        ///
        /// - Source: Helm 4.2, `pkg/action/validate.go`, `checkOwnership`.
        static func expectOwner(_ release: String, _ cluster: TestCluster) async throws {
            #expect(try await annotation("meta.helm.sh/release-name", cluster) == [release])
            #expect(try await annotation("meta.helm.sh/release-namespace", cluster) == ["keda"])
            let marked = try await cluster.kubectl(
                "get",
                "crd",
                "-l",
                "app.kubernetes.io/managed-by=Helm",
                "-o",
                "name"
            )
            for crd in LeftCluster.crds.prefix(4) { #expect(marked.contains("/\(crd)")) }
        }

        /// What the Secret of the certificates holds.
        static func certificates(_ cluster: TestCluster) async throws -> [String: Data] {
            let key = ObjectKey(namespace: "keda", name: "kedaorg-certs")
            return try #require(try await cluster.client.get(SecretObject.self, key).data)
        }
    }
}
