import Foundation
import Scaling
import Testing

@testable import Simulation

/// Timelines as pictures.
@Suite struct PictureTests {
    /// The picture of a manifest's timeline.
    func picture(_ manifest: String, _ samples: Series, file: String = "worker.yaml") async throws -> String {
        let timeline = try await simulation(manifest, ["queue": samples], over: range(1800)).run()
        return TimelineSVG([NamedTimeline(name: file, timeline: timeline)]).text
    }

    @Test(arguments: [
        "<svg xmlns=", ">worker (worker.yaml), 2026-11-02T00:00:00Z to 2026-11-02T00:30:00Z<", ">queue (prometheus)<",
        ">target 10 for each ready pod<", ">pods<", ">replicas<", ">limited by<", ">policy<", ">stabilization<",
        ">cooldown<",
        "<title>policy from 2026-11-02T00:01:00Z, 30 s</title>", ">00:15:00Z<", "</svg>",
    ])
    func `it shows values, targets, pods, and the rules that limited them`(part: String) async throws {
        let svg = try await picture(queue(), series([(0, 0), (60, 85), (600, 1)]))
        #expect(svg.contains(part))
    }

    @Test func `names cannot break out of it`() async throws {
        let svg = try await picture(queue(), series([(0, 0)]), file: "<a \"b\" & c>\u{1}")
        #expect(svg.contains("(&lt;a &quot;b&quot; &amp; c&gt; )") && !svg.contains("<a"))
    }

    @Test func `a formula has a panel of its own`() async throws {
        let spec = """
              advanced:
                scalingModifiers: {formula: queue * 2, target: "10"}
            """
        let svg = try await picture(queue(spec), series([(0, 12)]))
        #expect(svg.contains(">formula<") && svg.components(separatedBy: "target 10 for each").count == 2)
    }

    @Test func `two timelines stand in one picture`() async throws {
        let samples = ["queue": series([(0, 12)])]
        let timeline = try await simulation(queue(), samples, over: range(600)).run()
        let svg = TimelineSVG(["a", "b"].map { NamedTimeline(name: $0, timeline: timeline) }).text
        #expect(svg.contains("(a)") && svg.contains("(b)"))
    }

    @Test func `however many values there are, a picture stays small`() async throws {
        let noise = series((0..<1800).map { (Double($0), Double($0 * 7919 % 101)) })
        let svg = try await picture(queue(), noise)
        #expect(svg.utf8.count < 300_000)
    }

    @Test(arguments: [(0.0, 1.0), (1, 1), (3, 5), (21, 25), (99, 100), (101, 200), (0.3, 0.5), (.infinity, 1)])
    func `axes end at round numbers`(value: Double, end: Double) {
        #expect(PlotScale.round(above: value) == end)
    }

    @Test(arguments: [(60.0, 4), (3600, 4), (86_400, 8), (604_800, 7), (8_640_000, 7)])
    func `there are ten round moments at most`(length: Double, count: Int) {
        let scale = PlotScale(left: 0, right: 1000, top: 0, bottom: 100, start: monday, end: monday + length, most: 1)
        #expect(scale.ticks.count == count)
        #expect(scale.ticks.first == monday || length > 604_800)
    }

    @Test func `a line keeps the least and the most of each pixel`() {
        let scale = PlotScale(left: 0, right: 2, top: 0, bottom: 100, start: 0, end: 200, most: 10)
        let corners = scale.steps([0, 50, 60, 100]) { [5.0, 0, 10, 2][$0] }
        #expect(corners.map(\.x) == [0, 0, 0, 0, 1, 1, 1, 1, 1, 2])
        #expect(corners.map(\.y) == [50, 100, 0, 0, 0, 80, 80, 80, 80, 80])
    }
}
