internal import KubeModel
internal import Scaling

/// What it depends on whether an HPA is as it should be: where none of it has changed, the answer is the same.
///
/// What a patch would have to change costs more to find out than the rest of a poll.
struct HPAOrder: Sendable, Equatable {
    /// The version of the ScaledObject; `nil` where the API server has told none.
    let object: String?
    /// Which state of the HPA the watch shows; `nil` for none.
    private let hpa: Int?
    /// What the triggers were built to.
    private let built: [BuiltTrigger?]

    /// Puts together what an HPA depends on.
    ///
    /// - Parameters:
    ///   - object: whose it is.
    ///   - hpa: which state of it the watch shows; `nil` for none.
    ///   - built: what the object's triggers were built to.
    init(_ object: ScaledObject, _ hpa: Int?, _ built: [BuiltTrigger?]) {
        self.object = object.metadata.resourceVersion
        self.hpa = hpa
        self.built = built
    }

    /// Whether nothing has changed.
    static func == (one: HPAOrder, other: HPAOrder) -> Bool {
        one.object == other.object && one.hpa == other.hpa && one.built.count == other.built.count
            && zip(one.built, other.built).allSatisfy { $0 === $1 }
    }
}
