import Foundation
import KubeModel
import Scaling

/// What people get to read of an object's last decisions: why these replicas, and what happens next.
struct DecisionText {
    /// What the operator says.
    let report: DecisionReport
    /// Decisions that ended before this are left out; the last one never is.
    let since: Date
    /// What is known of the HPA itself, a line for each fact; none where it was not asked.
    var autoscaler: [String] = []

    /// One screen.
    var text: String {
        guard let last = report.entries.last else {
            return "ScaledObject \(report.metadata.namespace)/\(report.metadata.name) has not been polled yet.\n"
        }
        let now = last.decision
        let parts = [
            header(last), section("TRIGGERS", triggers(now)), section("THE HPA'S ALGORITHM", algorithm(now)),
            section("THE HPA", autoscaler), section("RULES", now.rules.map(Self.line)), section("NEXT", now.next),
            section("BEFORE", before),
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    /// What was decided.
    private func header(_ entry: DecisionReport.Entry) -> String {
        let decision = entry.decision
        let times =
            entry.count == 1
            ? "decided at \(Self.clock(entry.last))"
            : "decided at \(Self.clock(entry.last)), and the same since \(Self.clock(entry.first)), \(entry.count) times"
        return """
            ScaledObject \(report.metadata.namespace)/\(report.metadata.name): \(action(decision))
            \(decision.result.text)
            \(times)
            """
    }

    /// What became of the replicas, or what Swell recommends beside them.
    private func action(_ decision: DecisionRecord) -> String {
        if let recommendation = decision.recommendation { return "\(recommendation.text) (nothing is written)" }
        let pods = Self.pods(decision.replicas)
        return decision.result.action == .scale ? "\(pods), set to \(decision.result.replicas)" : pods
    }

    /// A row for each metric.
    private func triggers(_ decision: DecisionRecord) -> [String] {
        var rows = [["TRIGGER", "METRIC", "VALUE", "TARGET", "SHARE", "ACTIVE", "READ AT"]]
        var notes: [String] = []
        for trigger in decision.triggers {
            let title = "\(trigger.index) \(trigger.name.map { "\($0) (\(trigger.type))" } ?? trigger.type)"
            let active = trigger.failure != nil && !trigger.isFallback ? "unknown" : trigger.isActive ? "yes" : "no"
            let read = trigger.readAt.map(Self.clock) ?? "-"
            let metrics = trigger.metrics.isEmpty ? [MetricRecord(name: "-", value: nil, target: nil)] : trigger.metrics
            for metric in metrics { rows.append([title] + Self.cells(metric) + [active, read]) }
            if let failure = trigger.failure {
                notes.append((trigger.isFallback ? "its fallback stands in: " : "") + failure)
            }
        }
        if let composite = decision.composite {
            let active = composite.isActive ? "yes" : "no"
            rows.append(["formula"] + Self.cells(composite.metric) + [active, "-"])
            if let failure = composite.failure { notes.append(failure) }
        }
        return TextTable(rows).lines + notes
    }

    /// Value, target and how often the one is in the other.
    private static func cells(_ metric: MetricRecord) -> [String] {
        [metric.name, metric.value.map(number) ?? "-", target(metric.target), metric.share.map(number) ?? "-"]
    }

    /// A target as people say it.
    private static func target(_ target: MetricTarget?) -> String {
        if let average = target?.averageValue { return "\(number(average.double)) a pod" }
        if let value = target?.value { return "\(number(value.double)) in all" }
        if let percent = target?.averageUtilization { return "\(percent) % of requests" }
        return "-"
    }

    /// What each metric asks for.
    private func algorithm(_ decision: DecisionRecord) -> [String] {
        guard let autoscaler = decision.autoscaler else { return [] }
        let rows = autoscaler.proposals.map { proposal in
            [
                proposal.metric, proposal.replicas.map(Self.pods) ?? "no answer",
                proposal.failure ?? proposal.ratio.map { "usage is \(Self.number($0)) of the target" } ?? "",
                proposal.metric == autoscaler.winner ? "decides" : "",
            ]
        }
        return ["it makes \(Self.pods(autoscaler.replicas)) of what it is told"] + TextTable(rows).lines
    }

    /// Decisions before the last one, newest first.
    private var before: [String] {
        let rows = report.entries.dropLast().filter { $0.last.date >= since }.reversed()
            .map { entry in
                [
                    Self.clock(entry.first), entry.count == 1 ? "" : "\(entry.count) times",
                    entry.decision.recommendation?.text ?? Self.pods(entry.decision.replicas),
                    entry.decision.result.text,
                ]
            }
        return TextTable(Array(rows)).lines
    }

    /// A titled block; nothing for no lines.
    private func section(_ title: String, _ lines: [String]) -> String {
        lines.isEmpty ? "" : "\(title)\n" + lines.map { "  \($0)" }.joined(separator: "\n")
    }

    /// A rule.
    private static func line(_ rule: RuleRecord) -> String {
        "\(rule.rule.rawValue): \(rule.text)" + (rule.until.map { ", until \(clock($0.date))" } ?? "")
    }

    /// A number of pods.
    private static func pods(_ count: Int) -> String { count == 1 ? "1 pod" : "\(count) pods" }

    /// A number with three decimals at most.
    private static func number(_ value: Double) -> String {
        value.formatted(.number.precision(.fractionLength(0...3)).grouping(.never).locale(Locale(identifier: "en")))
    }

    /// A time of day, UTC.
    private static func clock(_ time: MicroTimestamp) -> String { clock(time.date) }

    /// A time of day, UTC.
    private static func clock(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle().time(includingFractionalSeconds: false)) + "Z"
    }
}
