public import Foundation
public import Scaling

/// What became of a workload over time.
public struct Timeline: Sendable {
    /// A change of replicas, or of what holds them back.
    public struct Step: Sendable {
        /// Who acted.
        public enum Actor: String, Sendable, Codable {
            /// The operator, between rest and activity.
            case swell
            /// The HPA.
            case hpa
        }

        /// When.
        public let time: Date
        /// Who acted.
        public let actor: Actor
        /// Pods before.
        public let before: Int
        /// Pods after; the same for a step in which a rule held them.
        public let after: Int
        /// Pods that were ready before.
        public let ready: Int
        /// What each trigger was read to be, in their order.
        public let values: [Double]
        /// A line for people.
        public let reason: String
        /// The rules that had a say.
        public let rules: [RuleRecord]
    }

    /// The workload at a poll or a look of the HPA; it stays so until the next one.
    public struct Point: Sendable {
        /// Seconds since 1970.
        public let time: Double
        /// Pods that are wanted and there.
        public let replicas: Int
        /// Pods that are ready.
        public let ready: Int
        /// The largest share of a trigger's value that its ready pods should have: above 1 they have too much to do;
        /// 0 while nothing is active.
        public let ratio: Double
        /// The rules that hold replicas back.
        public let rules: [RuleRecord.Rule]
    }

    /// What was simulated.
    public let simulation: Simulation
    /// In order.
    public let steps: [Step]
    /// In order.
    public let points: [Point]
    /// A group for each point: the value of each trigger, and of the formula if there is one.
    public let values: [Double]
}

/// A timeline and what it is called.
public struct NamedTimeline: Sendable {
    /// The file of its spec, as it was named.
    public let name: String
    /// What happened.
    public let timeline: Timeline

    /// Names a timeline.
    public init(name: String, timeline: Timeline) {
        self.name = name
        self.timeline = timeline
    }
}
