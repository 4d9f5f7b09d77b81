internal import Foundation
internal import KubeModel
internal import Scaling

/// A timeline for spreadsheets: a line for each step.
public struct TimelineCSV {
    /// Lines that end as RFC 4180 has it.
    public let text: String

    /// Writes a timeline down.
    public init(_ timeline: Timeline) {
        let names = timeline.simulation.triggers.map { "value " + $0.key }
        let head = ["time", "by", "from", "to", "ready"] + names + ["reason", "rules"]
        let rows = timeline.steps.map { step -> [String] in
            [
                RFC3339.seconds(step.time), step.actor.rawValue, "\(step.before)", "\(step.after)", "\(step.ready)",
            ]
                + step.values.map { "\($0)" } + [step.reason, step.rules.map(\.rule.rawValue).joined(separator: " ")]
        }
        self.text = ([head] + rows).map { $0.map(Self.cell).joined(separator: ",") + "\r\n" }.joined()
    }

    /// A cell, in quotes where it needs them; names come from manifests and start no formula of a spreadsheet.
    private static func cell(_ text: String) -> String {
        let safe = text.first.map("=+@\t\r".contains) ?? false ? "'" + text : text
        guard safe.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
