internal import KubeModel
internal import ScalerKit
internal import Scaling

/// What it depends on that there is nothing to do for a target at rest: where a poll came to that and none of it has changed,
/// the next one comes to the same, whatever the time.
///
/// Most targets rest at most polls. Deciding anew, and looking at HPA and status, takes a third of a poll.
struct RestOrder: Sendable, Equatable {
    /// What the HPA depends on; the version of the ScaledObject is in it.
    private let order: HPAOrder
    /// The version of the target.
    private let scale: String
    /// What the triggers said.
    private let values: [TriggerValue]

    /// Puts together what the rest of a target at 0 depends on; `nil` where something is unknown or active, and where versions
    /// are not told.
    ///
    /// - Parameters:
    ///   - order: what the HPA depends on.
    ///   - scale: the target's, as the watch shows it.
    ///   - values: one for each trigger, in their order.
    init?(_ order: HPAOrder, _ scale: Scale, _ values: [TriggerValue]) {
        guard let version = scale.metadata.resourceVersion, order.object != nil, values.allSatisfy(\.isInactive) else {
            return nil
        }
        self.order = order
        self.scale = version
        self.values = values
    }
}

extension TriggerValue {
    /// Whether it was read, and wants nothing.
    fileprivate var isInactive: Bool {
        if case .read(let readings) = self { readings.values.allSatisfy { !$0.isActive } } else { false }
    }
}
