import Foundation
import KubeModel
import Scaling
import Simulation

/// Two timelines for people, side by side: a row for each moment at which either changes, and both summaries.
struct ComparisonTable {
    /// What happened, twice.
    private let runs: [NamedTimeline]

    /// Takes timelines.
    init(_ runs: [NamedTimeline]) {
        self.runs = runs
    }

    /// All of it.
    var text: String {
        let head = runs.map { run in
            let simulation = run.timeline.simulation
            let pods = TimelineTable.pods(simulation.startReplicas)
            return "\(run.name): ScaledObject \(simulation.object.metadata.name), beginning with \(pods)"
        }
        return [head.joined(separator: "\n"), steps, summary].joined(separator: "\n\n") + "\n"
    }

    /// A row for each moment.
    private var steps: String {
        let moments = runs.map { Dictionary(grouping: $0.timeline.steps, by: \.time) }
        let times = Set(moments.flatMap(\.keys)).sorted()
        let rows = times.map { time in [RFC3339.seconds(time)] + moments.map { Self.cell($0[time] ?? []) } }
        return rows.isEmpty ? "Nothing changes." : TextTable([["TIME"] + runs.map(\.name)] + rows).text
    }

    /// What one of them does at a moment: pods, and the rules that had a say.
    private static func cell(_ steps: [Timeline.Step]) -> String {
        steps.map { step in
            ([TimelineTable.pods(step)] + step.rules.map(\.rule.rawValue)).joined(separator: " ")
        }
        .joined(separator: ", ")
    }

    /// The summaries, a column for each.
    private var summary: String {
        let columns = runs.map { TimelineTable.summary(Summary($0.timeline)) }
        let rows = columns[0].indices.map { row in [columns[0][row].name] + columns.map { $0[row].value } }
        return TextTable([["SUMMARY"] + runs.map(\.name)] + rows).text
    }
}
