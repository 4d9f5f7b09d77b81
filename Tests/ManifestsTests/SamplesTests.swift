import Foundation
import KubeModel
import Manifests
import Scalers
import TestKit
import Testing

@Suite struct Samples {
    /// The folder of the project.
    static let project = URL(filePath: #filePath).appending(path: "../../..").standardized
    /// Samples of users, by name.
    static let ofUsers = ["airflow-scaledobject", "airflow-ck-scaledobject", "cron-scaledobject"]

    /// The text of a sample.
    static func text(_ name: String) throws -> String {
        let file = try #require(Bundle.module.url(forResource: name, withExtension: "yaml", subdirectory: "Samples"))
        return try String(contentsOf: file, encoding: .utf8)
    }

    @Test(arguments: ofUsers)
    func `the samples of users pass`(name: String) throws {
        // One polls although its minimum keeps it awake, which KEDA's admission warns of too.
        let ineffective = name == "airflow-scaledobject" ? ["spec.pollingInterval", "spec.cooldownPeriod"] : []
        let report = report(try Self.text(name))
        #expect(report.findings.map(\.field.description) == ineffective)
        #expect(report.problems == 0)
    }

    @Test func `our own samples pass`() {
        let reading = ManifestFiles([Self.project.appending(path: "config/samples").path]).read()
        #expect(reading.files.count >= 4)
        #expect(ValidationReport(reading, ManifestCheck(registry: .builtIn)).findings == [])
    }

    @Test(arguments: ["keda-values", "airflow-values"])
    func `Helm values are recognised`(name: String) throws {
        #expect(
            check(try Self.text(name)) == [
                "1:1 error: this has neither apiVersion nor kind, so it is no manifest; is it a Helm values file?"
            ]
        )
    }

    @Test(arguments: ofUsers)
    func `no mutation of a sample brings validation down`(name: String) throws {
        let original = Array(try Self.text(name).unicodeScalars)
        let signs = Array("-:?*&!|>%@`'\"{}[],#<~ \t\n\r0aé\u{0}\u{85}\u{2028}😀".unicodeScalars)
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededGenerator(seed: seed)
        for round in 0..<300 {
            var scalars = original
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let start = Int.random(in: 0..<scalars.count, using: &random)
                let end = min(scalars.count, start + Int.random(in: 0...12, using: &random))
                switch Int.random(in: 0..<3, using: &random) {
                case 0: scalars.removeSubrange(start..<end)
                case 1: scalars.insert(signs[Int.random(in: 0..<signs.count, using: &random)], at: start)
                default:
                    scalars.insert(
                        contentsOf: scalars[start..<end],
                        at: Int.random(in: 0..<scalars.count, using: &random)
                    )
                }
                if scalars.isEmpty { scalars = original }
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            let lines = text.count { $0 == "\n" || $0 == "\r" || $0 == "\u{85}" || $0 == "\u{2028}" } + 1
            for finding in report(String(text)).findings {
                let line = finding.position?.line ?? 1
                #expect((1...lines + 1).contains(line), "seed \(seed), round \(round): \(finding)")
            }
        }
    }
}
