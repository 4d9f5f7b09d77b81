internal import Scaling

/// What one look at an object came to.
struct Verdict: Sendable, Hashable {
    /// Why it may not be: rules of KEDA's only.
    var problems: [SpecProblem] = []
    /// What else there is to say; it hinders nobody.
    var warnings: [SpecProblem] = []

    /// Whether it may be.
    var isAllowed: Bool { problems.isEmpty }

    /// Nothing to say.
    static let allowed = Verdict()
}

/// Why no verdict can be had now.
///
/// The API server then does what `failurePolicy` says, which is to let users go on.
struct NotReady: Error, Sendable, Hashable {
    /// What is being waited for.
    let reason: String
}
