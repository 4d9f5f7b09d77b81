/// One place where an object does not fit its schema.
public struct SchemaProblem: Sendable, Hashable {
    /// In what way.
    ///
    /// - Source: Kubernetes, `apimachinery/pkg/util/validation/field`, error types.
    public enum Reason: Sendable, Hashable {
        /// Something is missing.
        case required
        /// A value is of another type.
        case type
        /// A value breaks a rule.
        case invalid
        /// A value is none of those allowed.
        case notSupported
        /// A member that the schema does not have. The object is valid; the API server drops the member.
        case unknownField
    }

    /// Where; what is missing has the path that it should have.
    public let path: ValuePath
    /// In what way.
    public let reason: Reason
    /// What is wrong.
    ///
    /// It never repeats a value, which may be a secret.
    public let message: String

    /// Whether the API server refuses the object for it.
    public var isFatal: Bool { reason != .unknownField }
}
