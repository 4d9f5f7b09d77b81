extension FieldKind where Value == String {
    /// The name of an object: lower case letters, digits, `-` and `.`.
    ///
    /// - Source: Kubernetes, "Object Names and IDs", DNS subdomain names.
    public static var objectName: FieldKind {
        FieldKind("object name") { text throws(FieldProblem) in
            let label = #/[a-z0-9]([-a-z0-9]*[a-z0-9])?/#
            let labels = text.utf8.count <= 253 ? text.split(separator: ".", omittingEmptySubsequences: false) : []
            guard !labels.isEmpty, labels.allSatisfy({ $0.wholeMatch(of: label) != nil }) else {
                throw FieldProblem("must be the name of an object: lower case letters, digits, hyphens and dots")
            }
            return text
        }
    }

    /// The name of a container: up to 63 lower case letters, digits and `-`.
    ///
    /// - Source: Kubernetes, "Object Names and IDs", RFC 1123 label names.
    public static var containerName: FieldKind {
        FieldKind("container name") { text throws(FieldProblem) in
            guard text.utf8.count <= 63, text.wholeMatch(of: #/[a-z0-9]([-a-z0-9]*[a-z0-9])?/#) != nil else {
                throw FieldProblem("must be the name of a container: up to 63 lower case letters, digits and hyphens")
            }
            return text
        }
    }

    /// A key of a ConfigMap's or a Secret's data.
    ///
    /// - Source: Kubernetes, "ConfigMaps" and "Secrets": alphanumeric characters, `-`, `_` and `.`.
    public static var dataKey: FieldKind {
        FieldKind("key") { text throws(FieldProblem) in
            guard text.utf8.count <= 253, text.wholeMatch(of: #/[-._a-zA-Z0-9]+/#) != nil else {
                throw FieldProblem("must be a key of data: up to 253 letters, digits, hyphens, underscores and dots")
            }
            return text
        }
    }

    /// A setting that KEDA has removed: given at all, it is refused with what takes its place.
    public static func removed(_ advice: String) -> FieldKind {
        FieldKind("nothing") { _ throws(FieldProblem) in throw FieldProblem(advice) }
    }
}
