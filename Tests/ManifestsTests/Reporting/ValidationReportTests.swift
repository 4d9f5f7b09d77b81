import KubeModel
import Manifests
import Scalers
import Testing

@Suite struct ValidationReportTests {
    static let warning = scaledObject("  pollingIntervall: 5")
    static let error = scaledObject("  pollingInterval: 0")

    @Test(
        arguments: [
            (scaledObject(""), 0, 0, "0 problems, 0 warnings in 1 document"),
            (warning, 0, 1, "0 problems, 1 warning in 1 document"),
            (error, 1, 1, "1 problem, 0 warnings in 1 document"),
            (error + "\n---\na: [", 1, 1, "2 problems, 0 warnings in 1 document"),
        ] as [(String, Int32, Int32, String)]
    )
    func `the exit code follows the findings`(text: String, code: Int32, strict: Int32, summary: String) {
        let report = report(text)
        #expect(report.exitCode(isStrict: false) == code)
        #expect(report.exitCode(isStrict: true) == strict)
        #expect(report.summary == summary)
    }

    @Test func `nothing to check is a problem`() {
        var reading = ManifestReading()
        reading.add("# nothing\n", from: "<stdin>")
        let report = ValidationReport(reading, ManifestCheck(registry: .builtIn))
        #expect(report.text() == "<stdin>: error: it holds no manifest\n")
        #expect(report.exitCode(isStrict: false) == 1)
    }

    @Test func `an empty file among others is fine`() {
        var reading = ManifestReading()
        reading.add("", from: "a.yaml")
        reading.add(scaledObject(""), from: "b.yaml")
        #expect(ValidationReport(reading, ManifestCheck(registry: .builtIn)).findings == [])
    }

    @Test func `findings are lines in the order of files and places`() {
        var reading = ManifestReading()
        reading.add(Self.warning + "\n---\nb: [", from: "z.yaml")
        reading.addUnreadable("y.yaml", "the file cannot be read: Permission denied")
        reading.add("\n" + Self.error.replacing("web\nspec", with: "api\nspec"), from: "a.yaml")
        let report = ValidationReport(reading, ManifestCheck(registry: .builtIn))
        let lines = report.text().split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[0].hasPrefix("z.yaml:6:3: warning: spec.pollingIntervall: unknown field"))
        #expect(lines[1].hasPrefix("z.yaml:18:1: error: this is not valid YAML: "))
        #expect(lines[2] == "y.yaml: error: the file cannot be read: Permission denied")
        #expect(lines[3] == "a.yaml:7:3: error: spec.pollingInterval: must be 1 or more")
        #expect(lines[4].hasPrefix("a.yaml:9:5: error: spec.scaleTargetRef.name: the workload 'web' "))
    }

    @Test func `a finding stays on one line, whatever keys and files are called`() {
        let key = "\"a\\nb\\e[31m\\u202e\": 1"
        let text = report(scaledObject("  " + key)).text()
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 2)
        #expect(text.contains(#"spec["a\nb\u{1B}[31m\u{202E}"]"#))
    }

    @Test func `findings are JSON too`() {
        var reading = ManifestReading()
        reading.add(Self.warning, from: "a.yaml")
        reading.addUnreadable("b.yaml", "gone")
        let report = ValidationReport(reading, ManifestCheck(registry: .builtIn))
        let message: JSONValue = "unknown field, which the API server drops; did you mean \"pollingInterval\"?"
        #expect(
            report.json() == [
                "documents": 1, "problems": 1, "warnings": 1,
                "findings": [
                    [
                        "file": "a.yaml", "line": 6, "column": 3, "severity": "warning",
                        "field": "spec.pollingIntervall", "message": message,
                    ],
                    ["file": "b.yaml", "severity": "error", "field": "", "message": "gone"],
                ],
            ]
        )
    }
}
