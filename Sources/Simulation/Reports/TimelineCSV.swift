internal import Foundation
internal import KubeModel
internal import Scaling

/// Timelines for spreadsheets: a line for each step.
public struct TimelineCSV {
    /// Lines that end as RFC 4180 has it.
    public let text: String

    /// Writes timelines down, one after the other; a trigger that one of them lacks has no value there.
    public init(_ runs: [NamedTimeline]) {
        var keys: [String] = []
        for key in runs.flatMap({ $0.timeline.simulation.triggers.map(\.key) }) where !keys.contains(key) {
            keys.append(key)
        }
        let head = ["file", "time", "by", "from", "to", "ready"] + keys.map { "value " + $0 } + ["reason", "rules"]
        let rows = runs.flatMap { run in
            let places = keys.map { key in run.timeline.simulation.triggers.firstIndex { $0.key == key } }
            return run.timeline.steps.map { Self.row($0, in: run.name, places) }
        }
        self.text = ([head] + rows).map { $0.map(Self.cell).joined(separator: ",") + "\r\n" }.joined()
    }

    /// One step.
    private static func row(_ step: Timeline.Step, in file: String, _ places: [Int?]) -> [String] {
        let time = RFC3339.seconds(step.time)
        return [file, time, step.actor.rawValue, "\(step.before)", "\(step.after)", "\(step.ready)"]
            + places.map { $0.map { "\(step.values[$0])" } ?? "" }
            + [step.reason, step.rules.map(\.rule.rawValue).joined(separator: " ")]
    }

    /// A cell, in quotes where it needs them; names come from manifests and start no formula of a spreadsheet.
    private static func cell(_ text: String) -> String {
        let safe = text.first.map("=+@\t\r".contains) ?? false ? "'" + text : text
        guard safe.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
