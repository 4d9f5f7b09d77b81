internal import Foundation
public import KubeModel

/// What an HPA did, beside what the exact algorithm makes of what it was told.
///
/// Pure: the same decision and status give the same comparison.
public struct AutoscalerComparison: Sendable, Hashable {
    /// How the two compare.
    public enum Verdict: Sendable, Hashable {
        /// The HPA has no say now: the workload rests, or its replicas are being set.
        case noSay
        /// The HPA has not said what it wants.
        case silent
        /// The algorithm was not asked, since the HPA also looks at what a poll does not read.
        case unknown(wanted: Int)
        /// Both come to this number.
        case same(Int)
        /// They come to different numbers; with what may explain it, never empty.
        case different(wanted: Int, algorithm: Int, because: [String])
    }

    /// How the two compare.
    public let verdict: Verdict
    /// What keeps the HPA from following its metrics, in its own words.
    public let limits: [String]

    /// Compares.
    ///
    /// - Parameters:
    ///   - decision: the last one, with what the algorithm made of it.
    ///   - status: the HPA's, read after it; `nil` while it has none.
    public init(_ decision: DecisionRecord, _ status: HPAStatus?) {
        guard decision.result.action == .hold, decision.replicas > 0 else {
            (self.verdict, self.limits) = (.noSay, [])
            return
        }
        let conditions = status?.conditions ?? []
        let limits = conditions.filter { ($0.type == "ScalingLimited") == ($0.status == "True") }.map(Self.text)
        self.limits = limits
        guard let status, let wanted = status.desiredReplicas else {
            self.verdict = .silent
            return
        }
        guard let algorithm = decision.autoscaler?.replicas else {
            self.verdict = .unknown(wanted: wanted)
            return
        }
        guard wanted != algorithm else {
            self.verdict = .same(wanted)
            return
        }
        let reasons = Self.reasons(decision, status, isHindered: conditions.contains(where: Self.hinders))
        self.verdict = .different(wanted: wanted, algorithm: algorithm, because: reasons)
    }

    /// What may explain a difference.
    private static func reasons(_ decision: DecisionRecord, _ status: HPAStatus, isHindered: Bool) -> [String] {
        var reasons: [String] = []
        if isHindered { reasons.append("it is hindered, as it says below") }
        if let scaled = status.lastScaleTime, scaled.date > decision.time.date {
            reasons.append("it has scaled after this decision, at \(RFC3339.seconds(scaled.date))")
        }
        if let seen = status.currentReplicas, seen != decision.replicas {
            reasons.append("it has seen \(pods(seen)), this decision \(decision.replicas)")
        }
        guard reasons.isEmpty else { return reasons }
        return ["it asks at other times than the poll (every 15 s as a rule), so it may have been told other values"]
    }

    /// Whether a condition says that nothing can be scaled.
    private static func hinders(_ condition: HPAStatus.Condition) -> Bool {
        condition.type != "ScalingLimited" && condition.status != "True"
    }

    /// A condition in a line.
    private static func text(_ condition: HPAStatus.Condition) -> String {
        let reason = condition.reason.map { ", \($0)" } ?? ""
        let message = condition.message.map { ": \($0)" } ?? ""
        return "\(condition.type) is \(condition.status)\(reason)\(message)"
    }

    /// A number of pods.
    private static func pods(_ count: Int) -> String { count == 1 ? "1 pod" : "\(count) pods" }

    /// The comparison for people, a line for each fact.
    public var lines: [String] {
        switch verdict {
        case .noSay: ["it has no say now"]
        case .silent: ["it has not said yet what it wants"] + limits
        case .unknown(let wanted):
            [
                "it wants \(Self.pods(wanted)); that cannot be checked here, since it also looks at what a poll does not "
                    + "read: cpu, memory, or a Value target"
            ] + limits
        case .same(let wanted): ["it wants \(Self.pods(wanted)), as its algorithm does"] + limits
        case .different(let wanted, let algorithm, let reasons):
            [
                "it DIFFERS: it wants \(Self.pods(wanted)), its algorithm makes \(Self.pods(algorithm)) of what it was "
                    + "told"
            ] + reasons + limits
        }
    }
}
