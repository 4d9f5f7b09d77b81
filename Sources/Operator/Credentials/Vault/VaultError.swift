/// Why a Vault lets us not in, or gives no answer.
///
/// The text may be shown; it never repeats what the Vault says, which may quote what it was sent.
struct VaultError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What failed and what to try.
    let description: String

    /// Makes an error.
    init(_ description: String) {
        self.description = description
    }

    /// What a status means that is no good answer.
    init(_ what: String, status: Int) {
        let hint =
            switch status {
            case 307: "; it is a standby, give the address of the active server"
            case 400: "; role or mount may be wrong, or what it is shown"
            case 403: "; the token, or the role's policies, do not allow it"
            case 404: "; nothing is there"
            case 503: "; it is sealed or under maintenance"
            default: ""
            }
        self.init("hashiCorpVault: \(what) was answered with status \(status)\(hint)")
    }
}
