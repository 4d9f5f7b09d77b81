internal import KubeModel
internal import Scaling

/// What it depends on whether a status is as it should be: where none of it has changed, the answer is the same.
struct StatusOrder: Sendable, Equatable {
    /// The version of the ScaledObject.
    private let object: String
    /// What was found.
    private let basis: StatusBasis

    /// Puts together what a status depends on; `nil` where the API server has told no version.
    init?(_ object: ScaledObject, _ found: ObjectFindings) {
        guard let version = object.metadata.resourceVersion else { return nil }
        self.object = version
        self.basis = StatusBasis(found)
    }
}
