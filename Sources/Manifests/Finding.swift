public import KubeModel

/// Something that is wrong, or looks wrong, with a manifest.
public struct Finding: Sendable, Hashable {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable {
        /// The object would be refused, or would not scale.
        case error
        /// It works, but hardly as it was meant.
        case warning
    }

    /// The file as it was named; `<stdin>` for standard input.
    public let file: String
    /// Where in the file; `nil` when the file as a whole is meant.
    public let position: Position?
    /// How bad it is.
    public let severity: Severity
    /// The field; empty when the document as a whole is meant.
    public let field: ValuePath
    /// What is wrong and what to do.
    ///
    /// It never repeats a value, which may be a secret.
    public let message: String

    /// Makes a finding.
    public init(
        file: String,
        position: Position?,
        _ severity: Severity,
        field: ValuePath = ValuePath(),
        _ message: String
    ) {
        self.file = file
        self.position = position
        self.severity = severity
        self.field = field
        self.message = message
    }
}
