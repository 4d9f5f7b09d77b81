import KubeModel

/// What is wrong with one field, in Kubernetes' words.
///
/// - Source: Kubernetes, `apimachinery/pkg/util/validation/field/errors.go`.
struct FieldProblem: Error, Sendable, Hashable {
    /// The kinds of problems.
    enum Reason: String, Sendable {
        /// It is not there.
        case required = "FieldValueRequired"
        /// It is malformed, out of bounds, or may not change.
        case invalid = "FieldValueInvalid"
        /// It is none of the known values.
        case unsupported = "FieldValueNotSupported"
        /// It is in the list already.
        case duplicate = "FieldValueDuplicate"
        /// It may not be there.
        case forbidden = "FieldValueForbidden"
    }

    /// Which kind.
    var reason: Reason
    /// Where: `spec.replicas`.
    var field: String
    /// What a person reads, without the field.
    var message: String

    /// A field that must be there.
    static func required(_ field: String, _ detail: String = "") -> FieldProblem {
        FieldProblem(reason: .required, field: field, message: "Required value" + (detail.isEmpty ? "" : ": \(detail)"))
    }

    /// A field whose value will not do.
    static func invalid(_ field: String, _ value: JSONValue, _ detail: String) -> FieldProblem {
        FieldProblem(reason: .invalid, field: field, message: "Invalid value: \(text(value)): \(detail)")
    }

    /// A field whose value is none of the known ones.
    static func unsupported(_ field: String, _ value: String, _ known: [String]) -> FieldProblem {
        let list = known.map { "\"\($0)\"" }.joined(separator: ", ")
        return FieldProblem(
            reason: .unsupported,
            field: field,
            message: "Unsupported value: \"\(value)\": supported values: \(list)"
        )
    }

    /// A field that may not be set or changed so.
    static func forbidden(_ field: String, _ detail: String) -> FieldProblem {
        FieldProblem(reason: .forbidden, field: field, message: "Forbidden: \(detail)")
    }

    /// A value as Go prints it in such messages; structures are only named.
    static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): "\"\(text)\""
        case .integer(let number): String(number)
        case .number(let number): String(number)
        case .bool(let flag): String(flag)
        case .null: "null"
        case .array, .object: "object"
        }
    }
}
