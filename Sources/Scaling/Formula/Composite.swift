public import KubeModel

/// One metric made of all triggers by a formula: `advanced.scalingModifiers`, checked and compiled.
public struct Composite: Sendable {
    /// What the metric is called, in the HPA and in the metrics API.
    public static let metricName = "composite-metric"

    /// Works the metric out.
    public let formula: Formula
    /// As the HPA has it.
    public let target: MetricTarget
    /// The workload is woken above this.
    public let activation: Double

    /// The composite of an object; `nil` where it has no modifiers.
    ///
    /// - Throws: `SpecProblem`: formulas are not built yet.
    public static func make(for object: ScaledObject) throws(SpecProblem) -> Composite? {
        guard let modifiers = object.spec.advanced?.scalingModifiers, !modifiers.isEmpty else { return nil }
        throw SpecProblem("spec.advanced.scalingModifiers", "formulas are not built yet")
    }
}
