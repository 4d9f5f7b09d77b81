/// Why a setting could not be found where the user said it is.
///
/// The text may be shown.
struct CredentialError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is missing, by name.
    let description: String

    /// Makes an error.
    init(_ description: String) {
        self.description = description
    }
}
