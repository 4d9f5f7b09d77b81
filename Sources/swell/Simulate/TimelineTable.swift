import Foundation
import KubeModel
import Scaling
import Simulation

/// A timeline for people: what the calendar says, a row for each change, and a summary.
struct TimelineTable {
    /// What happened.
    let timeline: Timeline

    /// Takes a timeline.
    init(_ timeline: Timeline) {
        self.timeline = timeline
    }

    /// All of it.
    var text: String {
        let simulation = timeline.simulation
        let range = simulation.range
        let head = """
            ScaledObject \(simulation.object.metadata.name) from \(RFC3339.seconds(range.start)) to \
            \(RFC3339.seconds(range.end)), beginning with \(Self.pods(simulation.startReplicas))
            """
        let summary = TextTable(Self.summary(Summary(timeline)).map { [$0, $1] }).text
        return ([head] + transitions + [steps, summary]).joined(separator: "\n\n") + "\n"
    }

    /// When cron windows open and close; nothing without them.
    private var transitions: [String] {
        let rows = timeline.simulation.transitions.map { transition in
            [
                RFC3339.seconds(transition.time.date), transition.local, transition.trigger,
                transition.opens ? "opens" : "closes",
            ]
        }
        return rows.isEmpty ? [] : [TextTable([["TIME", "LOCAL TIME", "TRIGGER", "WINDOW"]] + rows).text]
    }

    /// A row for each step.
    private var steps: String {
        let head =
            ["TIME", "PODS", "READY"] + timeline.simulation.triggers.map { $0.key.uppercased() } + ["BY", "WHY"]
        let rows = timeline.steps.map { step in
            [
                RFC3339.seconds(step.time),
                Self.pods(step), "\(step.ready)",
            ]
                + step.values.map(Self.number) + [step.actor.rawValue, Self.why(step)]
        }
        return rows.isEmpty ? "Nothing changes." : TextTable([head] + rows).text
    }

    /// Pods before and after a step.
    static func pods(_ step: Timeline.Step) -> String {
        step.before == step.after ? "\(step.after)" : "\(step.before) -> \(step.after)"
    }

    /// Why replicas changed, or stayed.
    private static func why(_ step: Timeline.Step) -> String {
        ([step.reason] + step.rules.map { "\($0.rule.rawValue): \($0.text)" }).joined(separator: "; ")
    }

    /// The numbers of a summary, each with its name.
    static func summary(_ summary: Summary) -> [(name: String, value: String)] {
        let backlog = summary.longestBacklogStart.map { ", from \(RFC3339.seconds($0.date))" } ?? ""
        return [
            ("replica-hours", number(summary.replicaHours)),
            ("most pods", "\(summary.peakReplicas)"),
            ("scalings", "\(summary.scaleUps) up, \(summary.scaleDowns) down"),
            ("wakes from zero", "\(summary.wakesFromZero)"),
            ("time under target", span(summary.secondsUnderTarget)),
            ("longest backlog", span(summary.longestBacklogSeconds) + backlog),
        ]
    }

    /// A number of pods.
    static func pods(_ count: Int) -> String { count == 1 ? "1 pod" : "\(count) pods" }

    /// A number with two decimals at most.
    static func number(_ value: Double) -> String {
        value.formatted(.number.precision(.fractionLength(0...2)).grouping(.never).locale(Locale(identifier: "en")))
    }

    /// A time span such as `1h 2m 30s`.
    static func span(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        let parts = [(whole / 3600, "h"), (whole / 60 % 60, "m"), (whole % 60, "s")].filter { $0.0 > 0 }
        return parts.isEmpty ? "0s" : parts.map { "\($0)\($1)" }.joined(separator: " ")
    }
}
