/// Why there is nothing to explain.
struct ExplainError: Error, CustomStringConvertible {
    /// One line, with what to try.
    let description: String

    /// Makes an error.
    init(_ description: String) {
        self.description = description
    }
}
