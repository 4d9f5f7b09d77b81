import Foundation
import Testing

extension RealServers {
    /// `swell simulate` with what a real Prometheus keeps.
    @Suite struct Simulate {
        /// A Monday: 2026-11-02T00:00:00Z.
        static let monday = 1_793_577_600

        /// A ScaledObject with one trigger, in flow style.
        static func manifest(_ trigger: String, namespace: String = "shop") -> String {
            """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata: {name: web, namespace: \(namespace)}
            spec:
              scaleTargetRef: {name: web}
              triggers:
                - \(trigger)
            """
        }

        /// What `swell simulate` writes of a manifest.
        static func csv(of manifest: String, from start: Int, seconds: Int, _ more: [String]) async throws -> String {
            let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }  // A leftover in a temporary folder harms nobody.
            let file = folder.appending(path: "web.yaml").path
            try manifest.write(toFile: file, atomically: false, encoding: .utf8)
            let range = ["--from", "\(start)", "--to", "\(start + seconds)"]
            let text = try await Command(program: "\(SwellProcess.executable)")
                .run(["simulate", "-f", file, "-o", "csv"] + range + more)
            return text.replacing(file, with: "web.yaml")
        }

        @Test func `a trigger's own query gives what a file with the same numbers gives`() async throws {
            let trigger = """
                {type: prometheus, metadata: {serverAddress: "http://elsewhere:1", threshold: "10", \
                query: "10 * floor((vector(time()) - \(Self.monday)) / 60) % 70"}}
                """
            let url = try TestServers.variable("PROMETHEUS_URL")
            let asked = try await Self.csv(
                of: Self.manifest(trigger),
                from: Self.monday,
                seconds: 3600,
                ["--prometheus", url]
            )
            let samples = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).csv").path
            defer { try? FileManager.default.removeItem(atPath: samples) }  // As above.
            let lines = (0..<60).map { "\(Self.monday + $0 * 60),\($0 * 10 % 70)" }
            try lines.joined(separator: "\n").write(toFile: samples, atomically: false, encoding: .utf8)
            let given = try await Self.csv(
                of: Self.manifest(trigger),
                from: Self.monday,
                seconds: 3600,
                ["--samples", "0=\(samples)"]
            )
            #expect(asked == given)
            #expect(asked.split(whereSeparator: \.isNewline).count > 5, "\(asked)")
        }
    }
}
