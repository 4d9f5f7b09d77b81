import Foundation
import KubeModel
import Manifests
import TestKit
import Testing

/// What the chart renders, where that can be said without a server.
@Suite struct ChartObjectsTests {
    /// The objects of a file or folder of `config`.
    static func config(_ path: String) throws -> [JSONValue] {
        let reading = ManifestFiles(["\(TestServers.root)/config/\(path)"]).read()
        try #require(reading.problems.isEmpty && !reading.manifests.isEmpty, "\(reading.problems)")
        return reading.manifests.map(\.content)
    }

    /// An object without the labels that Helm and Kustomize differ in.
    static func withoutMetadata(_ object: JSONValue) -> JSONValue {
        var object = object
        object["metadata"] = nil
        return object
    }

    @Test func `rights are those of config rbac`() async throws {
        let chart = try await RenderedChart.with(
            "permissions: {operator: {restrict: {allowAllServiceAccountTokenCreation: true}}}"
        )
        var compared = 0
        for object in try Self.config("rbac") {
            let kind = try #require(object["kind"]?.string)
            let name = try #require(object[path: "metadata", "name"]?.string)
            guard kind != "Namespace", kind != "ServiceAccount" else { continue }
            let rendered = try chart.the(kind, name)
            if kind.hasSuffix("Role") {
                #expect(Right.all(of: rendered) == Right.all(of: object), "\(kind) \(name)")
            } else {
                #expect(Self.withoutMetadata(rendered) == Self.withoutMetadata(object), "\(kind) \(name)")
            }
            compared += 1
        }
        let roles = chart.objects.filter { $0["apiVersion"] == "rbac.authorization.k8s.io/v1" }
        #expect(compared == roles.count, "the chart has rights that config/rbac has not, or the other way round")
    }

    @Test func `with shards the rights and the arguments are those of config sharded`() async throws {
        let (plain, chart) = (try await RenderedChart.with(), try await RenderedChart.with("operator: {shards: 12}"))
        let role = try #require(try Self.config("sharded/rbac.yaml").first { $0["kind"] == "Role" })
        let name = "keda-operator-certs"
        let added = Right.all(of: try chart.the("Role", name)).subtracting(Right.all(of: try plain.the("Role", name)))
        #expect(added == Right.all(of: role).subtracting(Right.all(of: try plain.the("Role", name))))
        let arguments = try
            chart.the("Deployment", "keda-operator")[
                path: "spec",
                "template",
                "spec",
                "containers"
            ]?
            .array?
            .first?["args"]?
            .array
        #expect(arguments?.contains("--shards=12") == true)
        let patch = try String(contentsOfFile: "\(TestServers.root)/config/sharded/shards.yaml", encoding: .utf8)
        #expect(patch.contains("value: --shards=12"))
    }

    @Test func `webhooks, APIs and CRDs are those of config`() async throws {
        let chart = try await RenderedChart.with()
        let webhooks = try #require(
            try Self.config("webhook").first { $0["kind"] == "ValidatingWebhookConfiguration" }
        )
        #expect(
            Self.withoutMetadata(try chart.the("ValidatingWebhookConfiguration", "keda-admission"))
                == Self.withoutMetadata(webhooks)
        )
        let services = try Self.config("apiservice").filter { $0["kind"] == "APIService" }
        #expect(services.count == 2 && chart.all("APIService").count == 2)
        for service in services {
            let name = try #require(service[path: "metadata", "name"]?.string)
            #expect(Self.withoutMetadata(try chart.the("APIService", name)) == Self.withoutMetadata(service))
        }
        let folder = "\(TestServers.root)/config/crd"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") }
        #expect(chart.all("CustomResourceDefinition").count == files.count)
        for file in files {
            let copy = "\(TestServers.root)/charts/swell/files/crds/\(file)"
            #expect(
                FileManager.default.contentsEqual(atPath: "\(folder)/\(file)", andPath: copy),
                "the chart's copy differs: cp config/crd/*.yaml charts/swell/files/crds/"
            )
            let crd = try #require(try Self.config("crd/\(file)").first)
            let name = try #require(crd[path: "metadata", "name"]?.string)
            let rendered = try chart.the("CustomResourceDefinition", name)
            #expect(rendered["spec"] == crd["spec"])
            #expect(rendered[path: "metadata", "annotations"]?["helm.sh/resource-policy"] == "keep")
        }
        let without = try await RenderedChart.with("crds: {install: false}")
        #expect(without.all("CustomResourceDefinition").isEmpty)
    }

    @Test func `the manifest of config does what the chart's Deployment does`() async throws {
        let manifest = try #require(try Self.config("manager/manager.yaml").first { $0["kind"] == "Deployment" })
        let pod = try #require(manifest[path: "spec", "template", "spec"])
        let container = try #require(pod["containers"]?.array?.first)
        let chart = try await RenderedChart.with()
        #expect(try chart.the("Deployment")[path: "spec", "selector"] == manifest[path: "spec", "selector"])
        #expect(try chart.container["command"] == container["command"])
        let capabilities = container[path: "securityContext", "capabilities"]
        #expect(try chart.container[path: "securityContext", "capabilities"] == capabilities)
        #expect(try chart.container["securityContext"]?["readOnlyRootFilesystem"] == true)
        #expect(try chart.pod[path: "securityContext", "runAsNonRoot"] == true)
        for variable in container["env"]?.array ?? [] where variable["valueFrom"] != nil {
            #expect(try chart.container["env"]?.array?.contains(variable) == true, "\(variable)")
        }
    }

    /// The rights of the operator's ClusterRole with certain values.
    static func rights(_ values: String) async throws -> Set<Right> {
        Right.all(of: try await RenderedChart.with(values).the("ClusterRole"))
    }

    @Test func `Secrets are read only where values allow it`() async throws {
        let restricted = try await Self.rights("permissions: {operator: {restrict: {secret: true}}}")
        let secret = Right(group: "", resource: "secrets", verb: "get", name: "any")
        #expect(!restricted.contains { $0.allows(secret) })
        #expect(restricted.contains(Right(group: "*", resource: "*/scale", verb: "patch")))
        #expect(restricted.contains(Right(group: "apps", resource: "statefulsets", verb: "get")))
        let named = try await Self.rights("permissions: {operator: {restrict: {namesAllowList: [login]}}}")
        #expect(!named.contains { $0.allows(secret) })
        #expect(named.contains { $0.allows(Right(group: "", resource: "secrets", verb: "get", name: "login")) })
        #expect(!named.contains { $0.resource == "secrets" && $0.verb != "get" })
        let own = try await RenderedChart.with("permissions: {operator: {restrict: {secret: true}}}")
        #expect(Right.all(of: try own.the("Role", "keda-operator-certs")).contains { $0.allows(secret) })
        #expect(try own.environment["KEDA_RESTRICT_SECRET_ACCESS"] == "true")
    }

    @Test func `targets are the kinds that values name, by kind or by resource`() async throws {
        let values = """
            rbac:
              scaledRefKinds:
                - {apiGroup: argoproj.io, kind: Rollout}
                - {apiGroup: example.com, kind: Proxy}
                - {apiGroup: apps.example.com, kind: batches}
            """
        let rights = try await Self.rights(values)
        for (group, resource) in [
            ("argoproj.io", "rollouts"), ("example.com", "proxies"), ("apps.example.com", "batches"),
            ("apps", "deployments"), ("apps", "statefulsets"),
        ] {
            #expect(rights.contains(Right(group: group, resource: resource, verb: "get")))
            #expect(rights.contains(Right(group: group, resource: "\(resource)/scale", verb: "patch")))
        }
        #expect(!rights.contains { $0.resource.contains("*") })
        let none = try await Self.rights("rbac: {enabledCustomScaledRefKinds: false}")
        #expect(!none.contains { $0.resource.contains("*") })
    }

    @Test func `watched namespaces have their rights, and no others`() async throws {
        let chart = try await RenderedChart.with("watchNamespace: \"shop, jobs,keda\"")
        #expect(chart.find("ClusterRoleBinding", "keda-operator") == nil)
        let places = chart.all("RoleBinding").filter { $0[path: "metadata", "name"] == "keda-operator" }
            .compactMap { $0[path: "metadata", "namespace"]?.string }
        #expect(places == ["shop", "jobs", "keda"])
        #expect(try chart.environment["WATCH_NAMESPACE"] == "shop, jobs,keda")
    }

    @Test func `ports are listened on once, named once, and stand behind KEDA's Services`() async throws {
        let values = """
            prometheus:
              metricServer: {enabled: true, port: 9022, portName: http-metrics, podMonitor: {enabled: true}}
              operator: {enabled: true, port: 9023, podMonitor: {enabled: true}, serviceMonitor: {enabled: true}}
              webhooks: {enabled: true, port: 9022}
            service: {portHttpsTarget: 7443}
            webhooks: {port: 9444, healthProbePort: 9081}
            """
        let chart = try await RenderedChart.with(values)
        let ports = try #require(try chart.container["ports"]?.array)
        let numbers = ports.compactMap { $0["containerPort"] }
        #expect(Set(numbers).count == numbers.count && numbers.count == 6)
        let names = Dictionary(
            uniqueKeysWithValues: ports.compactMap { port in
                port["name"]?.string.flatMap { name in port["containerPort"].map { (name, $0) } }
            }
        )
        #expect(names["http-metrics"] == 9022 && names["metrics"] == 9023)
        let arguments = try chart.arguments
        for flag in [
            "--metrics-bind-address=:9022", "--metrics-bind-address=:9023", "--external-metrics-bind-address=:7443",
            "--webhook-bind-address=:9444", "--health-bind-address=:9081",
        ] { #expect(arguments.filter { $0 == flag }.count == 1, "\(flag)") }
        #expect(try chart.container[path: "readinessProbe", "httpGet", "port"] == 9081)
        for (service, targets) in [
            ("keda-operator", [9666, 9023]), ("keda-operator-metrics-apiserver", [7443, 9022]),
            ("keda-admission-webhooks", [9444, 9022]),
        ] {
            let spec = try #require(try chart.the("Service", service)["spec"])
            #expect(spec["ports"]?.array?.compactMap { $0["targetPort"] } == targets.map { .integer(Int64($0)) })
            #expect(spec["selector"] == ["app": "keda-operator"])
        }
        let sample = try await RenderedChart.with(TestServers.sample("keda-values.yaml"))
        let told = try #require(try sample.container["ports"]?.array).compactMap { $0["name"]?.string }
        #expect(told.contains("metrics") && told.contains("metrics-8080"), "\(told)")
        for (name, port) in [("keda-operator", "metrics"), ("keda-operator-metrics-apiserver", "http-metrics")] {
            let endpoints = try chart.the("PodMonitor", name)[path: "spec", "podMetricsEndpoints"]
            #expect(endpoints?.array?.first?["port"]?.string == port)
        }
    }

    @Test(arguments: [("v1.20.2", "policy/v1beta1"), ("v1.21.0", "policy/v1"), ("v1.33.1-gke.100", "policy/v1")])
    func `a PodDisruptionBudget has the version that the cluster serves`(version: String, expected: String) async throws
    {
        for budget in ["{operator: {minAvailable: 1}}", "{minAvailable: 1}"] {
            let values = "{podDisruptionBudget: \(budget)}"
            let budget = try await RenderedChart.with(values, for: version).the("PodDisruptionBudget")
            #expect(budget["apiVersion"]?.string == expected)
            #expect(budget[path: "spec", "minAvailable"] == 1)
        }
        #expect(try await RenderedChart.with(for: version).find("PodDisruptionBudget", "keda-operator") == nil)
    }

    @Test func `what older charts have for all pods in one is taken, each field where Kubernetes has it`() async throws
    {
        let values = """
            resources: {limits: {memory: 2Gi}}
            securityContext: {operator: {fsGroup: 1000, runAsUser: 1000}}
            podSecurityContext: {operator: {capabilities: {drop: [ALL]}}}
            serviceAccount: {create: false, name: mine, automountServiceAccountToken: false}
            """
        let chart = try await RenderedChart.with(values)
        #expect(try chart.container["resources"] == ["limits": ["memory": "2Gi"]])
        #expect(try chart.pod[path: "securityContext"] == ["runAsNonRoot": true, "fsGroup": 1000])
        #expect(try chart.container[path: "securityContext", "runAsUser"] == 1000)
        #expect(try chart.container[path: "securityContext", "fsGroup"] == nil)
        #expect(chart.all("ServiceAccount").isEmpty)
        #expect(try chart.pod["serviceAccountName"] == "mine")
        #expect(try chart.pod["automountServiceAccountToken"] == false)
    }

    @Test func `cert-manager's certificate is mounted, and its authority goes where it belongs`() async throws {
        let chart = try await RenderedChart.with("certificates: {certManager: {enabled: true}}")
        #expect(try chart.arguments.contains("--cert-dir=/certs"))
        #expect(!(try chart.arguments.contains("--enable-cert-rotation")))
        let names = try chart.the("Certificate", "keda-operator-tls-certificates")[path: "spec", "dnsNames"]?.array
        for service in ["keda-operator", "keda-operator-metrics-apiserver", "keda-admission-webhooks"] {
            #expect(names?.contains(.string("\(service).keda.svc")) == true)
        }
        let holders = chart.all("APIService") + chart.all("ValidatingWebhookConfiguration")
        #expect(holders.count == 3)
        for holder in holders {
            let source = holder[path: "metadata", "annotations"]?["cert-manager.io/inject-ca-from"]
            #expect(source == "keda/keda-operator-tls-certificates")
        }
        let rights = Right.all(of: try chart.the("Role", "keda-operator-certs"))
        #expect(!rights.contains { $0.resource == "secrets" })
    }
}
