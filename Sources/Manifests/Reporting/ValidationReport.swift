public import KubeModel

/// What a validation found, ready to be shown.
public struct ValidationReport: Sendable, Hashable {
    /// In the order of files and lines.
    public let findings: [Finding]
    /// How many objects were checked.
    public let documents: Int

    /// How many findings are errors.
    public var problems: Int { findings.count { $0.severity == .error } }
    /// How many are not.
    public var warnings: Int { findings.count - problems }

    /// Checks what was read.
    ///
    /// To have been given nothing at all is a problem too, as with kubectl: most often whatever
    /// should have written the manifests has failed.
    public init(_ reading: ManifestReading, _ check: ManifestCheck) {
        var reading = reading
        if reading.manifests.isEmpty, reading.problems.isEmpty {
            for file in reading.files {
                reading.problems.append(Finding(file: file, position: nil, .error, "it holds no manifest"))
            }
        }
        self.findings = check.findings(in: reading)
        self.documents = reading.manifests.count
    }

    /// 0 when all is well, 1 with a problem, or with a warning if those count.
    public func exitCode(isStrict: Bool) -> Int32 {
        problems > 0 || (isStrict && warnings > 0) ? 1 : 0
    }

    /// Such as `3 problems, 1 warning in 2 documents`.
    public var summary: String {
        func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
        return "\(counted(problems, "problem")), \(counted(warnings, "warning")) in \(counted(documents, "document"))"
    }

    /// The findings; empty text when there are none.
    public func text() -> String {
        findings.map { Self.line($0) + "\n" }.joined()
    }

    /// Findings and counts as plain JSON.
    public func json() -> JSONValue {
        [
            "documents": .integer(Int64(documents)),
            "problems": .integer(Int64(problems)),
            "warnings": .integer(Int64(warnings)),
            "findings": .array(
                findings.map { finding in
                    var value: JSONValue = [
                        "file": .string(finding.file),
                        "severity": .string(finding.severity.rawValue),
                        "field": .string(finding.field.description),
                        "message": .string(finding.message),
                    ]
                    value["line"] = (finding.position?.line).map { .integer(Int64($0)) }
                    value["column"] = (finding.position?.column).map { .integer(Int64($0)) }
                    return value
                }
            ),
        ]
    }

    /// `file:line:column: error: field: message`, without what is not known.
    public static func line(_ finding: Finding) -> String {
        let place = finding.position.map { "\(finding.file):\($0.line):\($0.column)" } ?? finding.file
        let field = finding.field.description
        let parts = [place, finding.severity.rawValue] + (field.isEmpty ? [] : [field]) + [finding.message]
        return visible(parts.joined(separator: ": "))
    }

    /// A text on one line: control characters, which would also steer a terminal, as escapes.
    private static func visible(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: result += scalar.escaped(asASCII: true)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
