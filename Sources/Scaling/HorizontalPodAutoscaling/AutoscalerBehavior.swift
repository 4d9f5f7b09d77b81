public import Foundation

/// How fast an autoscaler may move in each direction.
public struct AutoscalerBehavior: Hashable, Sendable {
    /// The rules for more replicas.
    public var scaleUp: AutoscalerRules

    /// The rules for fewer replicas.
    public var scaleDown: AutoscalerRules

    /// Makes a behavior, with Kubernetes' defaults for a direction that is not given.
    public init(scaleUp: AutoscalerRules = .defaultUp, scaleDown: AutoscalerRules = .defaultDown) {
        self.scaleUp = scaleUp
        self.scaleDown = scaleDown
    }
}

/// How fast an autoscaler may move in one direction.
public struct AutoscalerRules: Hashable, Sendable {
    /// Which of several policies counts.
    public enum Selection: Hashable, Sendable {
        /// The one that allows the largest change.
        case max
        /// The one that allows the smallest change.
        case min
        /// None: this direction is closed.
        case disabled
    }

    /// One limit on the change within a period.
    public struct Policy: Hashable, Sendable {
        /// What the limit is counted in.
        public enum Amount: Hashable, Sendable {
            /// So many pods.
            case pods(Int)
            /// So many percent of the replicas at the period's beginning.
            case percent(Int)
        }

        /// How much the replicas may change within the period, kept within 32 bits as the API has it.
        public let amount: Amount

        /// The period's length, 1 to 1800 seconds.
        public let period: TimeInterval

        /// Makes a policy.
        public init(_ amount: Amount, per period: TimeInterval) {
            self.amount =
                switch amount {
                case .pods(let count): .pods(Int(Int32(clamping: count)))
                case .percent(let share): .percent(Int(Int32(clamping: share)))
                }
            self.period = period
        }
    }

    /// For how long past recommendations hold a change back (0 to 3600 seconds).
    ///
    /// Nil means 0 upwards and the controller's own setting downwards.
    public var stabilization: TimeInterval?

    /// The limits; at least one.
    public var policies: [Policy]

    /// Which limit counts.
    public var selection: Selection

    /// How far a ratio may be from 1 in this direction, or nil for the controller's own setting (Kubernetes 1.35).
    public var tolerance: Double?

    /// Makes rules.
    public init(
        stabilization: TimeInterval? = nil,
        policies: [Policy],
        selection: Selection = .max,
        tolerance: Double? = nil
    ) {
        self.stabilization = stabilization
        self.policies = policies
        self.selection = selection
        self.tolerance = tolerance
    }

    /// Upwards without delay: doubled, or 4 pods more, every 15 seconds, whichever is more.
    public static let defaultUp = AutoscalerRules(
        stabilization: 0,
        policies: [Policy(.percent(100), per: 15), Policy(.pods(4), per: 15)]
    )

    /// Downwards as far as wanted, once nothing within the controller's window asked for more.
    public static let defaultDown = AutoscalerRules(policies: [Policy(.percent(100), per: 15)])

    /// The longest period of the policies, in seconds.
    var longestPeriod: TimeInterval { policies.map(\.period).max() ?? 0 }
}
