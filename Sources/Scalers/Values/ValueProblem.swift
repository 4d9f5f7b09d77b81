/// Why no number comes of a text, or no path of a setting.
///
/// It never repeats the text, which may be a secret.
struct ValueProblem: Error, Sendable, Hashable {
    /// What is wrong, in one line that may be shown.
    let message: String

    /// Makes a problem.
    init(_ message: String) {
        self.message = message
    }
}
