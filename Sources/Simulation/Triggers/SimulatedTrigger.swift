public import KubeModel
internal import ScalerKit
internal import Scaling

/// One trigger with its number over time.
public struct SimulatedTrigger: Sendable {
    /// Its place in the spec.
    public let index: Int
    /// Its type.
    public let type: String
    /// Its name in the spec, if it has one.
    public let name: String?
    /// Its metric's full name.
    public let metric: String
    /// How much of it is right.
    public let target: MetricTarget
    /// The trigger is active above this.
    let activation: Double
    /// Whether the metrics API answers from the last poll however old.
    let usesCache: Bool
    /// As the HPA has it.
    let hpaMetric: HPAMetric
    /// Its number over time: for cpu and memory the load of all pods together.
    let series: Series
    /// When it has the operator poll at once, in seconds since 1970.
    let pushes: [Double]
    /// When its window opens and closes, for a cron trigger.
    public let calendar: CronCalendar?

    /// Whether the HPA reads it without us.
    var isResource: Bool { hpaMetric.external == nil }

    /// What users call it: its name, or its place.
    public var key: String { Self.key(name, index) }

    /// What users call a trigger: its name, or its place.
    static func key(_ name: String?, _ index: Int) -> String {
        name.flatMap { $0.isEmpty ? nil : $0 } ?? "\(index)"
    }

    /// Usage over target.
    ///
    /// - Parameters:
    ///   - load: usage of all pods together.
    ///   - target: how much is right, in all or for each pod.
    ///   - pods: how many share it.
    /// - Returns: 1 for what is right; infinite for a load on no pod.
    static func ratio(_ load: Double, to target: MetricTarget, pods: Int) -> Double {
        if let value = target.value?.double { return value > 0 ? load / value : 0 }
        let each = target.averageValue?.double ?? target.averageUtilization.map(Double.init) ?? 0
        if load <= 0 || each <= 0 { return 0 }
        return pods == 0 ? .infinity : load / (each * Double(pods))
    }

    /// How much of a load is right.
    ///
    /// - Parameters:
    ///   - target: in all or for each pod.
    ///   - pods: how many share it.
    /// - Returns: in the load's own unit; `nil` for a target that says nothing.
    static func right(for target: MetricTarget, pods: Int) -> Double? {
        if let value = target.value { return value.double }
        let each = target.averageValue?.double ?? target.averageUtilization.map(Double.init)
        return each.map { $0 * Double(pods) }
    }
}
