import Foundation
import KubeModel
import TestKit
import Testing

/// Which values the chart takes, and what it says of those that do nothing.
@Suite struct ChartValuesTests {
    /// One value of KEDA's charts.
    struct Value {
        /// Where it stands.
        let path: [String]
        /// The charts that have it with this default, as places in ``charts``.
        let charts: ClosedRange<Int>
        /// The default.
        let value: JSONValue
    }

    /// KEDA's charts from 2.3.0 to 2.20.2, and their values.
    static let keda: (charts: [String], values: [Value]) = {
        do {
            let lines = try TestServers.sample("chart/keda-values.tsv").split(separator: "\n")
            let charts = try #require(lines.first { $0.hasPrefix("# charts: ") }).dropFirst(10)
                .split(separator: " ").map(String.init)
            let values = try lines.filter { !$0.hasPrefix("#") }
                .map { line in
                    let fields = line.split(separator: "\t").map(String.init)
                    let places = try fields[1...2].map { chart in try #require(charts.firstIndex(of: chart)) }
                    return Value(
                        path: fields[0].split(separator: ".").map(String.init),
                        charts: places[0]...places[1],
                        value: try JSONValue(parsing: [UInt8](fields[3].utf8))
                    )
                }
            return (charts, values)
        } catch {
            preconditionFailure("the list of KEDA's values cannot be read: \(error)")
        }
    }()

    /// Puts a value into a tree.
    static func put(_ value: JSONValue, at path: ArraySlice<String>, into tree: JSONValue) -> JSONValue {
        guard let key = path.first else { return value }
        var members = tree.object ?? [:]
        members[key] = put(value, at: path.dropFirst(), into: members[key] ?? .object([:]))
        return .object(members)
    }

    /// All values of one chart, as a file of them.
    static func defaults(of chart: String) throws -> String {
        let place = try #require(keda.charts.firstIndex(of: chart))
        let tree = keda.values.filter { $0.charts.contains(place) }
            .reduce(JSONValue.object([:])) { tree, value in
                put(value.value, at: value.path[...], into: tree)
            }
        return String(decoding: try KubeJSON.encode(tree), as: UTF8.self)
    }

    @Test(arguments: keda.charts)
    func `all values of each of KEDA's charts are accepted`(chart: String) async throws {
        let rendered = try await RenderedChart.with(Self.defaults(of: chart))
        #expect(try rendered.the("Deployment")[path: "spec", "replicas"] == 1)
        #expect(try rendered.container[path: "securityContext", "fsGroup"] == nil)
    }

    @Test(arguments: [
        "{operator: {replicaCounts: 2}}", "{metricServer: {}}", "{prometheus: {operator: {enable: true}}}",
        "{image: {operator: {}}}", "{rbac: {scaledRefKinds: [{kind: Rollout}]}}", "{webhooks: {failurePolicy: ignore}}",
        "{operator: {replicaCount: two}}", "{service: {portHttpsTarget: 70000}}", "{operator: {engine: both}}",
        "{prometheus: {operator: {podMonitor: {jobLabel: x}}}}", "{networkPolicy: {flavor: calico}}", "{resource: {}}",
        "{crds: {install: \"yes\"}}", "{certificates: {certManager: {issuer: {names: x}}}}",
    ])
    func `an unknown or mistyped value is refused`(values: String) async throws {
        let refusal = try await RenderedChart.refusal(of: values)
        #expect(refusal?.contains("values don't meet the specifications of the schema") == true, "\(values) is taken")
    }

    @Test func `a cluster older than 1.20 is refused`() async throws {
        await #expect(throws: Command.Failed.self) { try await RenderedChart.with(for: "v1.19.16") }
    }

    /// The values without effect, as the chart's file has them.
    static func withoutEffect() throws -> [String] {
        try String(contentsOfFile: "\(TestServers.root)/charts/swell/files/without-effect.yaml", encoding: .utf8)
            .split(separator: "\n").filter { $0.hasPrefix("- path: ") }.map { String($0.dropFirst(8)) }
    }

    @Test func `who sets a value without effect is told, and told why`() async throws {
        let paths = try Self.withoutEffect()
        #expect(paths.count > 50)
        var tree = JSONValue.object([:])
        for path in paths {
            // Some value below it that KEDA's charts know, not an empty one.
            let known = Self.keda.values.last { value in (value.path.joined(separator: ".") + ".").hasPrefix(path + ".")
            }
            let value: JSONValue =
                switch known?.value {
                case .object: path.hasPrefix("podDisruptionBudget") ? ["minAvailable": 1] : ["a": "b"]
                case .array: ["a"]
                case .string, .null: "a"
                case .some(let other): other
                // Since the last chart of the list.
                case nil: path.hasSuffix("hostUsers") ? true : ["a": "b"]
                }
            let place = known?.path ?? path.split(separator: ".").map(String.init)
            tree = Self.put(value, at: place[...], into: tree)
        }
        let notes = try await RenderedChart.notes(String(decoding: try KubeJSON.encode(tree), as: UTF8.self))
        for path in paths { #expect(notes.contains("  \(path): "), "\(path) is dropped silently") }
        #expect(!(try await RenderedChart.notes().contains("do nothing here")))
    }

    @Test func `the documents list every value without effect`() throws {
        let document = try String(contentsOfFile: "\(TestServers.root)/docs/migrate-from-keda.md", encoding: .utf8)
        for path in try Self.withoutEffect() {
            #expect(document.contains("`\(path)`"), "\(path) is missing in docs/migrate-from-keda.md")
        }
    }

    @Test func `the users' sample is accepted, with a warning about the host's network`() async throws {
        let sample = try TestServers.sample("keda-values.yaml")
        let rendered = try await RenderedChart.with(sample)
        #expect(try rendered.pod["hostNetwork"] == true)
        #expect(try rendered.pod["dnsPolicy"] == "ClusterFirstWithHostNet")
        let pages = try rendered.arguments.filter { $0.hasPrefix("--metrics-bind-address=") }
        #expect(pages == ["--metrics-bind-address=:9022", "--metrics-bind-address=:8080"])
        let warning = "listens on port 6443 there"
        #expect(try await RenderedChart.notes(sample).contains(warning))
        let moved = try await RenderedChart.notes(sample + "\nservice: {portHttpsTarget: 16443}\n")
        #expect(!moved.contains(warning))
        #expect(!moved.contains("do nothing here"))
    }
}
