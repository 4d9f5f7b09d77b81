internal import Foundation
internal import KubeModel
internal import Scaling

/// Timelines as a picture: for each a panel per trigger, the pods, and marks where a rule limited them.
public struct TimelineSVG {
    /// Pixels from left to right.
    static let width = 1200.0
    /// Pixels at the left, for numbers and names.
    static let margin = 110.0
    /// Pixels of a panel's drawing from top to bottom.
    static let panel = 120.0

    /// The SVG document.
    public let text: String

    /// Draws timelines below each other.
    public init(_ runs: [NamedTimeline]) {
        var drawing = TimelineDrawing()
        for run in runs { drawing.draw(run) }
        let names = runs.map(\.timeline.simulation.object.metadata.name).joined(separator: ", ")
        self.text = drawing.svg.document(Self.width, drawing.y + 10, title: "Simulation of \(names)")
    }
}

/// A picture that grows downwards.
private struct TimelineDrawing {
    /// A color for each of the rules, told apart by their lanes too.
    private static let colors: [RuleRecord.Rule: String] = [
        .forced: "#7f7f7f", .pause: "#8c564b", .fallback: "#e377c2", .missingData: "#d62728", .cooldown: "#17becf",
        .idle: "#bcbd22", .tolerance: "#c7c7c7", .stabilization: "#9467bd", .policy: "#ff7f0e", .minimum: "#2ca02c",
        .maximum: "#d62728",
    ]

    /// What was drawn.
    var svg = SVGText()
    /// Where the next thing begins.
    var y = 10.0

    /// Draws one timeline.
    mutating func draw(_ run: NamedTimeline) {
        let (timeline, simulation) = (run.timeline, run.timeline.simulation)
        let range = "\(RFC3339.seconds(simulation.range.start)) to \(RFC3339.seconds(simulation.range.end))"
        y += 14
        svg.write("\(simulation.object.metadata.name) (\(run.name)), \(range)", 10, y, isBold: true)
        let times = timeline.points.map(\.time)
        let panels = simulation.panels
        for (place, panel) in panels.enumerated() {
            let values = timeline.values
            let stride = panels.count
            value(panel, timeline, times) { values[$0 * stride + place] }
        }
        pods(timeline, times)
        lanes(timeline, times)
    }

    /// A panel with a value and what the ready pods should have of it.
    private mutating func value(
        _ panel: Simulation.Panel,
        _ timeline: Timeline,
        _ times: [Double],
        _ value: (Int) -> Double
    ) {
        let right = times.indices.map { index in
            panel.target.flatMap { SimulatedTrigger.right(for: $0, pods: timeline.points[index].ready) }
        }
        let most = max(times.indices.map(value).max() ?? 0, right.compactMap(\.self).max() ?? 0)
        let scale = begin(
            panel.name,
            most,
            timeline,
            [("value", "#1f77b4", false)] + (panel.legend.map { [($0, "#ff7f0e", true)] } ?? [])
        )
        if panel.target != nil {
            svg.path(scale.steps(times) { right[$0] ?? 0 }, color: "#ff7f0e", isDashed: true)
        }
        svg.path(scale.steps(times, value), color: "#1f77b4")
    }

    /// The panel with the pods.
    private mutating func pods(_ timeline: Timeline, _ times: [Double]) {
        let most = Double(timeline.points.map(\.replicas).max() ?? 1)
        let scale = begin("pods", most, timeline, [("replicas", "#2ca02c", false), ("ready", "#555555", true)])
        svg.path(scale.steps(times) { Double(timeline.points[$0].replicas) }, color: "#2ca02c")
        svg.path(scale.steps(times) { Double(timeline.points[$0].ready) }, color: "#555555", isDashed: true)
    }

    /// A panel's title, legend, grid and numbers.
    ///
    /// - Returns: where things stand in it.
    private mutating func begin(
        _ title: String,
        _ most: Double,
        _ timeline: Timeline,
        _ legend: [(name: String, color: String, isDashed: Bool)]
    ) -> PlotScale {
        y += 24
        svg.write(title, TimelineSVG.margin, y, isBold: true)
        var x = TimelineSVG.width - 20
        for entry in legend.reversed() {
            svg.write(entry.name, x, y, .end)
            x -= Double(entry.name.count) * 6.5 + 10
            svg.path([(x - 24, y - 4), (x, y - 4)], color: entry.color, isDashed: entry.isDashed)
            x -= 44
        }
        let range = timeline.simulation.range
        let scale = PlotScale(
            left: TimelineSVG.margin,
            right: TimelineSVG.width - 20,
            top: y + 8,
            bottom: y + 8 + TimelineSVG.panel,
            start: range.start.timeIntervalSince1970,
            end: range.end.timeIntervalSince1970,
            most: PlotScale.round(above: most)
        )
        for share in [0, 0.5, 1] {
            let height = scale.y(scale.most * share)
            svg.line(scale.left, height, scale.right, height, color: "#dddddd")
            svg.write(Self.number(scale.most * share), scale.left - 6, height + 4, .end)
        }
        grid(scale)
        y = scale.bottom + 18
        return scale
    }

    /// Round moments.
    private mutating func grid(_ scale: PlotScale) {
        let isLong = scale.end - scale.start > 86_400
        for tick in scale.ticks {
            svg.line(scale.x(tick), scale.top, scale.x(tick), scale.bottom, color: "#eeeeee")
            let text = RFC3339.seconds(Date(timeIntervalSince1970: tick))
            let label =
                isLong ? String(text.dropFirst(5).prefix(11)).replacing("T", with: " ") : String(text.dropFirst(11))
            svg.write(label, scale.x(tick), scale.bottom + 16, .middle)
        }
    }

    /// A lane for each rule that limited, with a mark wherever it did.
    private mutating func lanes(_ timeline: Timeline, _ times: [Double]) {
        let rules = timeline.points.reduce(into: Set<RuleRecord.Rule>()) { $0.formUnion($1.rules) }
            .sorted { $0.rawValue < $1.rawValue }
        let range = timeline.simulation.range
        let scale = PlotScale(
            left: TimelineSVG.margin,
            right: TimelineSVG.width - 20,
            top: 0,
            bottom: 0,
            start: range.start.timeIntervalSince1970,
            end: range.end.timeIntervalSince1970,
            most: 1
        )
        if !rules.isEmpty {
            y += 16
            svg.write("limited by", TimelineSVG.margin, y, isBold: true)
        }
        for rule in rules {
            y += 16
            svg.write(rule.rawValue, TimelineSVG.margin - 6, y, .end)
            svg.line(scale.left, y - 4, scale.right, y - 4, color: "#eeeeee")
            var index = 0
            while index < times.count {
                let first = index
                while index < times.count, timeline.points[index].rules.contains(rule) { index += 1 }
                guard index > first else {
                    index += 1
                    continue
                }
                let end = index < times.count ? times[index] : scale.end
                let (from, to) = (scale.x(times[first]), scale.x(end))
                let moment = RFC3339.seconds(Date(timeIntervalSince1970: times[first]))
                let hint = "\(rule.rawValue) from \(moment), \(Int(end - times[first])) s"
                svg.box(from, y - 9, max(to - from, 1), 10, color: Self.colors[rule] ?? "#333333", hint: hint)
            }
        }
        y += 20
    }

    /// A number without needless digits.
    private static func number(_ value: Double) -> String {
        value.formatted(.number.precision(.significantDigits(1...3)).grouping(.never).locale(Locale(identifier: "en")))
    }
}

extension Simulation {
    /// One value over time, and what it is measured by.
    fileprivate struct Panel {
        /// Its title.
        let name: String
        /// How much is right; `nil` for a value that only feeds a formula.
        let target: MetricTarget?
        /// What the target is called.
        var legend: String? {
            guard let target else { return nil }
            if let value = target.value { return "target \(value)" }
            if let percent = target.averageUtilization { return "target \(percent) % for each ready pod" }
            return target.averageValue.map { "target \($0) for each ready pod" }
        }
    }

    /// The values of a timeline, in the order in which it has them.
    fileprivate var panels: [Panel] {
        triggers.map { trigger in
            let feedsFormula = composite != nil && !trigger.isResource
            return Panel(name: "\(trigger.key) (\(trigger.type))", target: feedsFormula ? nil : trigger.target)
        }
            + (composite.map { [Panel(name: "formula", target: $0.target)] } ?? [])
    }
}
