internal import Foundation
internal import KubeModel

/// What of a pass's findings a status depends on: where it is the same, so is the status.
///
/// Working a status out costs more than all else that follows from a reading.
public struct StatusBasis: Sendable, Hashable {
    /// As the findings have it.
    private let problem: String?
    /// As the findings have it.
    private let target: ResourceType?
    /// As the findings have it.
    private let originalReplicas: Int?
    /// As the findings have it.
    private let engine: ScalingEngine
    /// As the findings have it.
    private let hpaName: String?
    /// As the findings have them.
    private let externalMetrics: [String]?
    /// As the findings have them.
    private let resourceMetrics: [String]?
    /// As the findings have it.
    private let hpaHealth: HPAStatus.Condition?
    /// As the findings have them.
    private let controls: ObjectControls
    /// As the findings have them.
    private let failures: FailureCounts?
    /// As the findings have it.
    private let replicasFailure: String?
    /// When the object was active, as far as the status tells it.
    private let recorded: Date?
    /// Of the poll; `nil` where there was none.
    private let poll: Poll?

    /// What of a poll a status depends on.
    private struct Poll: Sendable, Hashable {
        /// What each trigger said.
        let triggers: [TriggerOutcome]
        /// What is unknown, of the formula too.
        let troubles: [String]
        /// Whether the triggers, or the formula, want the workload awake.
        let isActive: Bool
        /// Whether there is a formula; its number does not matter.
        let isComposite: Bool
        /// Whether an annotation wants the workload awake.
        let isForced: Bool
        /// Whether the workload is to rest soon; when does not matter.
        let isCoolingDown: Bool

        /// Takes a poll's.
        init(_ poll: ObjectFindings.Poll) {
            self.triggers = poll.seen.triggers
            self.troubles = poll.seen.troubles
            self.isActive = poll.seen.isActive
            self.isComposite = poll.seen.composite != nil
            self.isForced = poll.isForced
            self.isCoolingDown = poll.decision.isCoolingDown
        }
    }

    /// Takes what a pass has found.
    public init(_ found: ObjectFindings) {
        self.problem = found.problem
        self.hpaName = found.hpaName
        self.replicasFailure = found.replicasFailure
        self.target = found.target
        self.originalReplicas = found.originalReplicas
        self.engine = found.engine
        self.externalMetrics = found.externalMetrics
        self.resourceMetrics = found.resourceMetrics
        self.hpaHealth = found.hpaHealth
        self.controls = found.controls
        self.failures = found.failures
        self.recorded = found.activity?.recorded
        self.poll = found.poll.map(Poll.init)
    }
}

extension Decision {
    /// Whether nothing is done because activity ended only a moment ago.
    fileprivate var isCoolingDown: Bool { if case .hold(.coolingDown) = self { true } else { false } }
}
