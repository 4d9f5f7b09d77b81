import Foundation
import KubeModel
import Scaling

/// An HPA as the API has it, as the rules of Scaling take it.
extension AutoscalerSpec {
    /// Reads a stored HPA.
    ///
    /// - Throws: ``UnreadableMetric``.
    init(stored hpa: JSONValue) throws(UnreadableMetric) {
        let spec = hpa["spec"] ?? [:]
        var metrics: [AutoscalerMetric] = []
        for metric in spec["metrics"]?.array ?? [] { metrics.append(try Self.metric(metric)) }
        self.init(
            minReplicas: spec["minReplicas"].flatMap(\.integer).map { Int(clamping: $0) } ?? 1,
            maxReplicas: spec.count("maxReplicas"),
            metrics: metrics,
            behavior: spec["behavior"]
                .map { behavior in
                    AutoscalerBehavior(
                        scaleUp: Self.rules(behavior["scaleUp"], default: .defaultUp),
                        scaleDown: Self.rules(behavior["scaleDown"], default: .defaultDown)
                    )
                }
        )
    }

    /// One metric.
    private static func metric(_ metric: JSONValue) throws(UnreadableMetric) -> AutoscalerMetric {
        let type = metric["type"]?.string ?? ""
        let body = metric[AutoscalerMetrics.member(of: type)] ?? [:]
        let (target, name) = (body["target"] ?? [:], body[path: "metric", "name"]?.string ?? "")
        let resource = body["name"]?.string ?? ""
        switch type {
        case "External": return .external(name: name, target: try total(target))
        case "Object": return .object(name: name, target: try total(target))
        case "Pods":
            guard let average = quantity(target["averageValue"]) else { throw UnreadableMetric(type: type) }
            return .pods(name: name, averageValue: average)
        case "Resource": return .resource(name: resource, target: try perPod(target))
        case "ContainerResource":
            return .resource(name: resource, container: body["container"]?.string, target: try perPod(target))
        default: throw UnreadableMetric(type: type)
        }
    }

    /// How much of a metric of the whole workload is right.
    private static func total(_ target: JSONValue) throws(UnreadableMetric) -> AutoscalerMetric.TotalTarget {
        if let average = quantity(target["averageValue"]) { return .averageValue(average) }
        if let value = quantity(target["value"]) { return .value(value) }
        throw UnreadableMetric(type: target["type"]?.string ?? "")
    }

    /// How much of a metric of single pods is right.
    private static func perPod(_ target: JSONValue) throws(UnreadableMetric) -> AutoscalerMetric.PodTarget {
        if let average = quantity(target["averageValue"]) { return .averageValue(average) }
        if let percent = target["averageUtilization"]?.integer { return .utilization(percent: Int(clamping: percent)) }
        throw UnreadableMetric(type: target["type"]?.string ?? "")
    }

    /// A quantity in thousandths.
    private static func quantity(_ value: JSONValue?) -> Int64? {
        value.flatMap(AutoscalerMetrics.quantity)?.milli
    }

    /// One direction; what is left out comes from the defaults.
    private static func rules(_ rules: JSONValue?, default standard: AutoscalerRules) -> AutoscalerRules {
        guard let rules else { return standard }
        let policies = (rules["policies"]?.array ?? [])
            .map { policy in
                AutoscalerRules.Policy(
                    policy["type"] == "Percent" ? .percent(policy.count("value")) : .pods(policy.count("value")),
                    per: TimeInterval(policy.count("periodSeconds"))
                )
            }
        let selection: AutoscalerRules.Selection =
            switch rules["selectPolicy"]?.string {
            case "Min": .min
            case "Disabled": .disabled
            default: .max
            }
        return AutoscalerRules(
            stabilization: rules["stabilizationWindowSeconds"]?.double ?? standard.stabilization,
            policies: policies.isEmpty ? standard.policies : policies,
            selection: selection,
            tolerance: rules["tolerance"].flatMap(AutoscalerMetrics.quantity)?.double
        )
    }
}

/// A metric of an HPA that says neither how much is right nor what it is.
struct UnreadableMetric: Error, CustomStringConvertible {
    /// The type that it has, of metric or target.
    let type: String
    /// As the HPA's condition says it.
    var description: String { "unknown metric source type \"\(type)\", or a target without a value" }
}

/// What is common to reading and writing the metrics of an HPA.
enum AutoscalerMetrics {
    /// The member that a type of metric uses: `External` is in `external`.
    static func member(of type: String) -> String {
        type.prefix(1).lowercased() + type.dropFirst()
    }

    /// A quantity, which may be written as a text or a number.
    static func quantity(_ value: JSONValue) -> Quantity? {
        switch value {
        case .string(let text): Quantity(parsing: text)
        case .integer(let number): Quantity(number)
        case .number(let number): Quantity(rounding: number)
        case .null, .bool, .array, .object: nil
        }
    }
}
