import Foundation
import KubeModel

/// Something that was measured, often.
struct Measurement: Codable, Sendable {
    /// What was measured.
    let name: String
    /// The unit of the samples.
    let unit: String
    /// Each measured value, in the order of time.
    let samples: [Double]
    /// What the 95th percentile may be at most, if anything was promised.
    var bound: Double?

    /// The sample below which so large a part of all lies.
    func percentile(_ part: Double) -> Double {
        let sorted = samples.sorted()
        guard !sorted.isEmpty else { return .nan }
        return sorted[min(sorted.count - 1, Int((Double(sorted.count) * part).rounded(.up)) - 1)]
    }

    /// Whether what was promised holds.
    var isWithinBound: Bool { bound.map { percentile(0.95) <= $0 } ?? true }
}

/// All measurements of a run: as a table, and as JSON.
struct Measurements: Codable, Sendable {
    /// In the order in which they were made.
    var all: [Measurement] = []

    /// Nothing, or what has been measured.
    init(all: [Measurement] = []) {
        self.all = all
    }

    /// What a file has.
    init(of file: URL) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }

    /// The table.
    var table: String {
        let head = ["MEASURED", "RUNS", "MEDIAN", "P95", "WORST", "AT MOST", "UNIT", ""]
        let rows = all.map { one in
            [
                one.name, "\(one.samples.count)", Self.text(one.percentile(0.5)), Self.text(one.percentile(0.95)),
                Self.text(one.percentile(1)), one.bound.map(Self.text) ?? "-", one.unit,
                one.bound == nil ? "" : one.isWithinBound ? "holds" : "MISSED",
            ]
        }
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        return ([head] + rows)
            .map { row in
                zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
            }
            .joined(separator: "\n")
    }

    /// Whether everything that was promised holds.
    var areWithinBounds: Bool { all.allSatisfy(\.isWithinBound) }

    /// Adds these to what a file has, if there is one.
    func add(to file: URL) throws {
        let former = try FileManager.default.fileExists(atPath: file.path) ? Measurements(of: file).all : []
        try Data(KubeJSON.encode(Measurements(all: former + all))).write(to: file)
    }

    /// A number with three digits that count.
    private static func text(_ value: Double) -> String { String(format: "%.3g", value) }
}
