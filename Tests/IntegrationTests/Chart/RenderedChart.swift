import Foundation
import KubeModel
import Manifests
import Testing

/// What `charts/swell` comes to with certain values.
struct RenderedChart: Sendable {
    /// As Helm prints it.
    let text: String
    /// Its objects, in that order.
    let objects: [JSONValue]

    /// Renders the chart for the namespace `keda`.
    ///
    /// - Parameters:
    ///   - values: the user's, as YAML or JSON.
    ///   - version: of the cluster.
    /// - Returns: its objects.
    /// - Throws: `Command.Failed` with what Helm says.
    static func with(_ values: String = "{}", for version: String = "v1.20.2") async throws -> RenderedChart {
        let text = try await run("template", values, ["--kube-version", version])
        var reading = ManifestReading()
        reading.add(text, from: "chart")
        try #require(reading.problems.isEmpty, "\(reading.problems)")
        return RenderedChart(text: text, objects: reading.manifests.map(\.content))
    }

    /// What a user is told after the installation.
    static func notes(_ values: String = "{}") async throws -> String {
        try await run("notes", values, [])
    }

    /// Why the chart refuses values.
    static func refusal(of values: String) async throws -> String? {
        do {
            _ = try await with(values)
            return nil
        } catch let failure as Command.Failed {
            return failure.output
        }
    }

    /// Runs the script that has Helm, or what stands for it, render.
    private static func run(_ action: String, _ values: String, _ more: [String]) async throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "values-\(UUID().uuidString).yaml").path()
        try values.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let chart = "\(TestServers.root)/charts/swell"
        return try await Command(program: "\(TestServers.root)/config/dev/chart.sh")
            .run([action, "swell", chart, "--namespace", "keda", "--values", file] + more)
    }

    /// The objects of a kind.
    func all(_ kind: String) -> [JSONValue] { objects.filter { $0["kind"]?.string == kind } }

    /// The object of a kind and a name, if it is there.
    func find(_ kind: String, _ name: String) -> JSONValue? {
        all(kind).first { $0[path: "metadata", "name"]?.string == name }
    }

    /// The object of a kind and a name.
    func the(_ kind: String, _ name: String = "keda-operator") throws -> JSONValue {
        try #require(find(kind, name), "there is no \(kind) \(name)")
    }

    /// The operator's pod.
    var pod: JSONValue {
        get throws { try #require(try the("Deployment")[path: "spec", "template", "spec"]) }
    }

    /// The operator's container.
    var container: JSONValue {
        get throws { try #require(try pod["containers"]?.array?.first) }
    }

    /// What the operator is called with.
    var arguments: [String] {
        get throws { try #require(try container["args"]?.array).compactMap(\.string) }
    }

    /// What the operator is given in its environment, as far as it is a text.
    var environment: [String: String] {
        get throws {
            let pairs = try #require(try container["env"]?.array)
                .compactMap { variable in
                    variable["name"]?.string.flatMap { name in variable["value"]?.string.map { (name, $0) } }
                }
            return Dictionary(uniqueKeysWithValues: pairs)
        }
    }
}

/// One thing that a role allows: a verb on a resource, or on one object of it.
struct Right: Hashable, Comparable, CustomStringConvertible {
    /// The API group; empty for the core.
    let group: String
    /// The resource, with its subresource.
    let resource: String
    /// The verb.
    let verb: String
    /// The object; empty for all.
    var name = ""

    /// As a line of a list.
    var description: String {
        "\(verb) \(resource)\(group.isEmpty ? "" : ".\(group)")\(name.isEmpty ? "" : " \(name)")"
    }

    /// By their lines.
    static func < (one: Right, other: Right) -> Bool { one.description < other.description }

    /// All that a Role or ClusterRole allows.
    static func all(of role: JSONValue) -> Set<Right> {
        /// The texts of a rule's field.
        func texts(_ rule: JSONValue, _ field: String) -> [String] {
            rule[field]?.array?.compactMap(\.string) ?? []
        }
        var rights: Set<Right> = []
        for rule in role["rules"]?.array ?? [] {
            let names = texts(rule, "resourceNames")
            for group in texts(rule, "apiGroups") {
                for resource in texts(rule, "resources") {
                    for verb in texts(rule, "verbs") {
                        for name in names.isEmpty ? [""] : names {
                            rights.insert(Right(group: group, resource: resource, verb: verb, name: name))
                        }
                    }
                }
            }
        }
        return rights
    }

    /// Whether a request is one that this allows, whatever its namespace.
    func allows(_ other: Right) -> Bool {
        (group == "*" || group == other.group) && verb == other.verb && (name.isEmpty || name == other.name)
            && (resource == other.resource || resource == "*" && !other.resource.contains("/")
                || resource.hasPrefix("*/") && other.resource.hasSuffix(resource.dropFirst()))
    }
}
