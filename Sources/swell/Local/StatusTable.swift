import Foundation
import KubeModel
import Operator
import Scaling

/// What `swell local` shows: a row for each trigger of each object.
struct StatusTable: Sendable, Hashable {
    /// One row of texts.
    typealias Row = [String]

    /// What the columns are called.
    static let header: Row = ["OBJECT", "TRIGGER", "VALUE", "ACTIVE", "PODS", "WANTED", "WHY"]

    /// What stands in the columns.
    let rows: [Row]

    /// Puts a table together.
    ///
    /// - Parameters:
    ///   - objects: what the operator says.
    ///   - replicas: pods of each object's target, now.
    ///   - wanted: pods that each object's HPA wants; absent while the HPA is not in charge.
    init(_ objects: [ObjectOverview], replicas: [ObjectKey: Int], wanted: [ObjectKey: Int]) {
        self.rows = objects.flatMap { object -> [Row] in
            let decision = object.decision
            let pods = replicas[object.object]
            let hpa = object.engine == .direct ? pods : wanted[object.object]
            let wish = Self.wish(decision, pods: pods, hpa: hpa)
            let reason = decision?.text(by: object.engine) ?? "not polled yet"
            return object.triggers.enumerated()
                .map { index, trigger in
                    let isFirst = index == 0
                    return [
                        isFirst ? object.object.description : "",
                        trigger.name,
                        trigger.value.map { $0.formatted(.number.precision(.fractionLength(0...1))) } ?? "-",
                        trigger.failure == nil ? (trigger.isActive ? "yes" : "no") : "unknown",
                        isFirst ? pods.map(String.init) ?? "-" : "",
                        isFirst ? wish : "",
                        trigger.failure ?? (isFirst ? reason : ""),
                    ]
                }
        }
    }

    /// How many pods there are to be.
    private static func wish(_ decision: Decision?, pods: Int?, hpa: Int?) -> String {
        switch decision {
        case .scale(let replicas, .activated): String(max(replicas, hpa ?? 0))
        case .scale(let replicas, _): String(replicas)
        case .hold(.active) where (pods ?? 0) > 0: hpa.map(String.init) ?? "-"
        case .hold, nil: pods.map(String.init) ?? "-"
        }
    }

    /// The table as text, columns in line.
    var text: String {
        let all = [Self.header] + rows
        let widths = Self.header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return
            all.map { row in
                zip(row, widths).map { text, width in text.padding(toLength: width, withPad: " ", startingAt: 0) }
                    .joined(separator: "  ").trimmingSuffix(while: \.isWhitespace)
            }
            .joined(separator: "\n")
    }
}

extension String {
    /// Without what fits at the end.
    fileprivate func trimmingSuffix(while fits: (Character) -> Bool) -> String {
        var text = self[...]
        while let last = text.last, fits(last) { text.removeLast() }
        return String(text)
    }
}
