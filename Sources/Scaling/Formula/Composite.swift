public import KubeModel

/// The one metric that `scalingModifiers` makes of all triggers.
public struct Composite: Sendable {
    /// Its name in the HPA and in the metrics API, which has no index.
    public static let metricName = "composite-metric"

    /// What makes the metric.
    public let formula: Formula
    /// How much of it is right.
    public let target: MetricTarget
    /// The workload wakes when the metric is above this.
    public let activation: Double
    /// The names that stand for triggers in the formula, in the order of the triggers.
    public let variables: [String]

    /// The modifiers of an object; `nil` if it has none.
    ///
    /// - Throws: the first of ``ScaledObject/modifierProblems`` and ``ScaledObject/modifierWarnings``.
    public static func make(for object: ScaledObject) throws(SpecProblem) -> Composite? {
        guard let modifiers = object.modifiers else { return nil }
        if let problem = object.modifierProblems.first ?? object.modifierWarnings.first { throw problem }
        guard let target = target(modifiers.target ?? "") else { throw ScaledObject.badTarget(modifiers.target ?? "") }
        let variables = object.formulaVariables
        let formula: Formula
        do {
            formula = try Formula(modifiers.formula ?? "", variables: variables)
        } catch {
            throw ScaledObject.problem(of: error)
        }
        return Composite(
            formula: formula,
            target: modifiers.metricType == "Value" ? .value(target) : .averageValue(target),
            activation: Double(modifiers.activationTarget ?? "") ?? 0,
            variables: variables
        )
    }

    /// A target in thousandths, the rest cut off; `nil` if nothing is left, or if it is too large.
    static func target(_ text: String) -> Quantity? {
        Double(text).flatMap { Quantity(truncating: $0) }.flatMap { $0 > Quantity(0) ? $0 : nil }
    }
}
