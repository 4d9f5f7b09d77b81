internal import Foundation
public import KubeModel
public import Scaling

/// A timeline for programs.
public struct TimelineReport: Codable, Sendable {
    /// One trigger.
    public struct Trigger: Codable, Sendable {
        /// Its place in the spec.
        public var index: Int
        /// Its type.
        public var type: String
        /// Its name, if it has one.
        public var name: String?
        /// Its metric's full name.
        public var metric: String
        /// How much of it is right.
        public var target: MetricTarget
    }

    /// A cron window that opens or closes.
    public struct Transition: Codable, Sendable {
        /// When.
        public var time: Timestamp
        /// The same on the clocks of the window's zone.
        public var local: String
        /// The trigger's name or place.
        public var trigger: String
        /// Whether it opens.
        public var opens: Bool
    }

    /// A change of replicas, or of what holds them back.
    public struct Step: Codable, Sendable {
        /// When.
        public var time: Timestamp
        /// Who acted.
        public var by: Timeline.Step.Actor
        /// Pods before.
        public var from: Int
        /// Pods after.
        public var to: Int
        /// Pods that were ready before.
        public var ready: Int
        /// What each trigger was read to be, in their order.
        public var values: [Double]
        /// A line for people.
        public var reason: String
        /// The rules that had a say.
        public var rules: [RuleRecord]
    }

    /// The file as it was named.
    public var file: String
    /// The object's name.
    public var object: String
    /// The first moment.
    public var from: Timestamp
    /// The moment after the last.
    public var to: Timestamp
    /// Pods at the beginning.
    public var startReplicas: Int
    /// In the order of the spec.
    public var triggers: [Trigger]
    /// In order.
    public var transitions: [Transition]
    /// In order.
    public var steps: [Step]
    /// All of it in a few numbers.
    public var summary: Summary

    /// Takes a timeline, and the file that it is of.
    public init(_ timeline: Timeline, file: String) {
        self.file = file
        let simulation = timeline.simulation
        self.object = simulation.object.metadata.name
        self.from = Timestamp(simulation.range.start)
        self.to = Timestamp(simulation.range.end)
        self.startReplicas = simulation.startReplicas
        self.triggers = simulation.triggers.map {
            Trigger(index: $0.index, type: $0.type, name: $0.name, metric: $0.metric, target: $0.target)
        }
        self.transitions = simulation.transitions
        self.steps = timeline.steps.map {
            Step(
                time: Timestamp($0.time),
                by: $0.actor,
                from: $0.before,
                to: $0.after,
                ready: $0.ready,
                values: $0.values,
                reason: $0.reason,
                rules: $0.rules
            )
        }
        self.summary = Summary(timeline)
    }
}

extension Simulation {
    /// When the windows of its cron triggers open and close, in order.
    public var transitions: [TimelineReport.Transition] {
        triggers.flatMap { trigger in
            (trigger.calendar?.transitions ?? [])
                .map { transition in
                    let zone = trigger.calendar?.zone ?? .gmt
                    let style = Date.ISO8601FormatStyle(timeZoneSeparator: .colon, timeZone: zone)
                    return TimelineReport.Transition(
                        time: Timestamp(transition.instant),
                        local: transition.instant.formatted(style),
                        trigger: trigger.key,
                        opens: transition.opens
                    )
                }
        }
        .sorted { $0.time < $1.time }
    }
}
