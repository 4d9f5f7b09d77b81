import Foundation
import KubeModel

/// What the API server makes of the metadata that a client sends, and what it refuses.
///
/// - Source: Kubernetes, `apiserver/pkg/registry/rest/create.go` and `update.go`,
///   `apimachinery/pkg/api/validation/objectmeta.go`.
enum ObjectRules {
    /// Metadata that only the server writes.
    private static let serverFields = [
        "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
        "selfLink", "managedFields",
    ]

    /// Takes out of a new object what only the server writes.
    static func clearServerFields(_ object: inout JSONValue) {
        for field in serverFields { object[meta: field] = nil }
    }

    /// Sets in a changed object what only the server writes, as it was before.
    static func keepServerFields(of old: JSONValue, in object: inout JSONValue) {
        for field in serverFields { object[meta: field] = old[meta: field] }
        object[meta: "name"] = old[meta: "name"]
        object[meta: "namespace"] = old[meta: "namespace"]
        object[meta: "generateName"] = object[meta: "generateName"] ?? old[meta: "generateName"]
    }

    /// Whether a change makes the generation grow.
    static func isNewGeneration(_ old: JSONValue, _ new: JSONValue, of kind: Kind) -> Bool {
        switch kind.generation {
        case .none: return false
        case .content: return content(old, without: ["status"]) != content(new, without: ["status"])
        case .allButMetadata: return content(old) != content(new)
        case .contentAndAnnotations:
            return content(old, without: ["status"]) != content(new, without: ["status"])
                || old.annotations != new.annotations
        }
    }

    /// An object without its metadata and certain other members.
    private static func content(_ object: JSONValue, without fields: [String] = []) -> [String: JSONValue] {
        (object.object ?? [:]).filter { $0.key != "metadata" && !fields.contains($0.key) }
    }

    /// What is wrong with an object's metadata.
    static func problems(_ object: JSONValue, old: JSONValue?, of kind: Kind) -> [FieldProblem] {
        var problems: [FieldProblem] = old == nil ? nameProblems(object.name, kind.nameRule) : []
        for (key, value) in (object[meta: "labels"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            if !LabelSyntax.isKey(key) { problems.append(.invalid("metadata.labels", .string(key), qualifiedName)) }
            if !LabelSyntax.isValue(value.string ?? " ") {
                problems.append(.invalid("metadata.labels", value, labelValue))
            }
        }
        for key in object.annotations.keys.sorted() where !LabelSyntax.isKey(key.lowercased()) {
            problems.append(.invalid("metadata.annotations", .string(key), qualifiedName))
        }
        for (index, owner) in (object[meta: "ownerReferences"]?.array ?? []).enumerated() {
            for field in ["apiVersion", "kind", "name", "uid"] where (owner[field]?.string ?? "").isEmpty {
                problems.append(.invalid("metadata.ownerReferences[\(index)].\(field)", "", "must not be empty"))
            }
        }
        return problems + finalizerProblems(object, old: old)
    }

    /// Finalizers are qualified names, and none may join once deletion was asked for.
    private static func finalizerProblems(_ object: JSONValue, old: JSONValue?) -> [FieldProblem] {
        var problems = object.finalizers.filter { !LabelSyntax.isKey($0) }
            .map {
                FieldProblem.invalid("metadata.finalizers", .string($0), qualifiedName)
            }
        guard let old, old.isTerminating else { return problems }
        let added = object.finalizers.filter { !old.finalizers.contains($0) }
        if !added.isEmpty {
            let list = added.map { "\"\($0)\"" }.joined(separator: ", ")
            problems.append(
                .forbidden(
                    "metadata.finalizers",
                    "no new finalizers can be added if the object is being deleted, "
                        + "found new finalizers []string{\(list)}"
                )
            )
        }
        return problems
    }

    /// What is wrong with a name.
    static func nameProblems(_ name: String, _ rule: Kind.NameRule) -> [FieldProblem] {
        guard !name.isEmpty else { return [.required("metadata.name", "name or generateName is required")] }
        let value = JSONValue.string(name)
        switch rule {
        case .subdomain where name.utf8.count > 253:
            return [.invalid("metadata.name", value, "must be no more than 253 characters")]
        case .subdomain:
            let isFine = name.wholeMatch(of: /[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/) != nil
            return isFine ? [] : [.invalid("metadata.name", value, subdomain)]
        case .label where name.utf8.count > 63, .label1035 where name.utf8.count > 63:
            return [.invalid("metadata.name", value, "must be no more than 63 characters")]
        case .label:
            return name.wholeMatch(of: /[a-z0-9]([-a-z0-9]*[a-z0-9])?/) != nil
                ? [] : [.invalid("metadata.name", value, label)]
        case .label1035:
            return name.wholeMatch(of: /[a-z]([-a-z0-9]*[a-z0-9])?/) != nil
                ? [] : [.invalid("metadata.name", value, label1035)]
        case .pathSegment:
            return name == "." || name == ".." || name.contains("/") || name.contains("%")
                ? [.invalid("metadata.name", value, "may not be '.' or '..' and may not contain '/' or '%'")] : []
        }
    }

    /// RFC 1123, in the server's words.
    private static let subdomain =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
        + "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

    /// RFC 1123, in the server's words.
    private static let label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and "
        + "end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

    /// RFC 1035, in the server's words.
    private static let label1035 =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
        + "character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for "
        + "validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"

    /// What names of labels, annotations and finalizers are.
    private static let qualifiedName =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
        + "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
        + "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

    /// What values of labels are.
    private static let labelValue =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
        + "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
        + "validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
}
