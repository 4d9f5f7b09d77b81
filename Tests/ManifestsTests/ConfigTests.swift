import Foundation
import KubeModel
import Manifests
import Testing

/// What stands in `config/` twice is the same.
@Suite struct ConfigTests {
    /// The objects of a folder or file of `config/`.
    private static func objects(_ path: String) throws -> [JSONValue] {
        let reading = ManifestFiles([Samples.project.appending(path: "config/\(path)").path]).read()
        try #require(reading.problems.isEmpty)
        return reading.manifests.map(\.content)
    }

    /// The one object of a kind, and of a name if that is said.
    private static func object(_ path: String, _ kind: String, _ name: String? = nil) throws -> JSONValue {
        let found = try objects(path)
            .filter { $0["kind"]?.string == kind && (name == nil || $0[path: "metadata", "name"]?.string == name) }
        #expect(found.count == 1)
        return try #require(found.first)
    }

    /// The schema of a CRD, or a part of it, without the words.
    private static func schema(_ plural: String) throws -> JSONValue? {
        let definition = try object("crd/keda.sh_\(plural).yaml", "CustomResourceDefinition")
        return withoutDescriptions(
            definition[path: "spec", "versions"]?.array?.first?[path: "schema", "openAPIV3Schema", "properties", "spec"]
                ?? [:]
        )
    }

    /// A schema without the words; a property may itself be called `description`, and is then an object.
    private static func withoutDescriptions(_ schema: JSONValue) -> JSONValue {
        switch schema {
        case .object(let members):
            .object(
                members.filter { $0.key != "description" || $0.value.string == nil }.mapValues(withoutDescriptions)
            )
        case .array(let elements): .array(elements.map(withoutDescriptions))
        case .null, .bool, .integer, .number, .string: schema
        }
    }

    /// A rule of a role as one line for each thing that it allows.
    private static func grants(_ role: JSONValue) -> Set<String> {
        var grants: Set<String> = []
        for rule in role["rules"]?.array ?? [] {
            func texts(_ field: String) -> [String] { rule[field]?.array?.compactMap(\.string) ?? [] }
            for group in texts("apiGroups") {
                for resource in texts("resources") {
                    for verb in texts("verbs") { grants.insert("\(verb) \(resource).\(group)") }
                }
            }
        }
        return grants
    }

    @Test func `both kinds of authentication take the same`() throws {
        #expect(try Self.schema("triggerauthentications") == Self.schema("clustertriggerauthentications"))
    }

    @Test func `triggers of objects and of jobs differ in the metric type alone`() throws {
        var triggers = try Self.schema("scaledobjects")?[path: "properties", "triggers", "items"]
        let ofJobs = try Self.schema("scaledjobs")?[path: "properties", "triggers", "items"]
        #expect(triggers?[path: "properties", "metricType"] != nil)
        triggers?[path: "properties", "metricType"] = nil
        #expect(triggers == ofJobs)
    }

    @Test func `who recommends may do nothing that the operator may not`() throws {
        let operators = try Self.objects("rbac").filter { $0["kind"] == "ClusterRole" }.map(Self.grants)
        let all = operators.reduce(into: Set()) { $0.formUnion($1) }
        let recommends = Self.grants(try Self.object("recommend/rbac.yaml", "ClusterRole"))
        // Of what is granted for every kind, a kind need not be granted again.
        #expect(recommends.filter { !all.contains($0) && !all.contains("\($0.prefix { $0 != " " }) *.*") } == [])
        #expect(recommends.allSatisfy { ["get", "list", "watch"].contains($0.split(separator: " ").first ?? "") })
    }

    @Test func `rights and webhooks are about the kinds that there are`() throws {
        let plurals = try Self.objects("crd").filter { $0["kind"] == "CustomResourceDefinition" }
            .compactMap { $0[path: "spec", "names", "plural"]?.string }
        #expect(plurals.count == 4)
        let webhooks = try Self.object("webhook/webhooks.yaml", "ValidatingWebhookConfiguration")["webhooks"]?.array
        let rules = (webhooks ?? []).flatMap { $0["rules"]?.array ?? [] }.filter { $0["apiGroups"] == ["keda.sh"] }
        #expect(rules.flatMap { $0["resources"]?.array ?? [] }.compactMap(\.string).sorted() == plurals.sorted())
        let grants = try Self.objects("rbac").map(Self.grants).reduce(into: Set()) { $0.formUnion($1) }
        for plural in plurals { #expect(grants.contains("watch \(plural).keda.sh")) }
    }

    @Test func `Services, webhooks and APIs lead to the Deployment`() throws {
        let deployment = try Self.object("manager/manager.yaml", "Deployment")
        let template = deployment[path: "spec", "template"] ?? [:]
        let labels = template[path: "metadata", "labels"]?.object ?? [:]
        let container = template[path: "spec", "containers"]?.array?.first ?? [:]
        let ports = container["ports"]?.array?.compactMap { $0["containerPort"] } ?? []
        for (file, name) in [
            ("apiservice/metrics-api.yaml", "keda-operator-metrics-apiserver"),
            ("webhook/webhooks.yaml", "keda-admission-webhooks"),
        ] {
            let service = try Self.object(file, "Service", name)
            let selector = service[path: "spec", "selector"]?.object ?? [:]
            #expect(!selector.isEmpty && selector.allSatisfy { labels[$0.key] == $0.value })
            #expect(service[path: "metadata", "namespace"] == deployment[path: "metadata", "namespace"])
            for port in service[path: "spec", "ports"]?.array ?? [] {
                #expect(port["targetPort"].map(ports.contains) == true)
            }
            let callers = try Self.objects(file).filter { $0["kind"] != "Service" }
            let services = callers.flatMap { caller in
                caller["webhooks"]?.array?.compactMap { $0[path: "clientConfig", "service"] }
                    ?? [caller[path: "spec", "service"] ?? [:]]
            }
            #expect(!services.isEmpty)
            for reference in services {
                #expect(reference["name"]?.string == name)
                #expect(reference["namespace"] == service[path: "metadata", "namespace"])
            }
        }
        let account = template[path: "spec", "serviceAccountName"]
        #expect(try Self.object("rbac/account.yaml", "ServiceAccount")[path: "metadata", "name"] == account)
        let arguments = container["args"]?.array?.compactMap(\.string) ?? []
        #expect(arguments.contains("--metrics-server-service-name=keda-operator-metrics-apiserver"))
    }

    @Test func `the APIs for development are those of an installation`() throws {
        func apis(_ file: String) throws -> [JSONValue] {
            try Self.objects(file).filter { $0["kind"] == "APIService" }
                .map { api in
                    var api = api
                    api[path: "spec", "service", "port"] = nil
                    api[path: "spec", "insecureSkipTLSVerify"] = nil
                    api[path: "spec", "caBundle"] = nil
                    return api
                }
        }
        #expect(try apis("apiservice/metrics-api.yaml") == apis("apiservice/development/metrics-api.yaml"))
    }
}
