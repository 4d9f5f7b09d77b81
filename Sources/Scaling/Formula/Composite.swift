internal import Foundation
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
        let variables = object.formulaVariables
        let formula: Formula
        do {
            formula = try Formula(modifiers.formula ?? "", variables: variables)
        } catch {
            throw SpecProblem(ScaledObject.formulaField, "error validating formula in ScalingModifiers: \(error)")
        }
        guard let number = Double(modifiers.target ?? ""), let milli = Self.milli(number) else {
            throw SpecProblem(ScaledObject.targetField, "error validating target in ScalingModifiers: no number")
        }
        return Composite(
            formula: formula,
            target: modifiers.metricType == "Value" ? .value(milli) : .averageValue(milli),
            activation: Double(modifiers.activationTarget ?? "") ?? 0,
            variables: variables
        )
    }

    /// Takes what has been checked.
    private init(formula: Formula, target: MetricTarget, activation: Double, variables: [String]) {
        self.formula = formula
        self.target = target
        self.activation = activation
        self.variables = variables
    }

    /// The target as a number.
    public var targetValue: Double { (target.value ?? target.averageValue)?.double ?? 0 }

    /// Runs the formula and gives what the metrics API answers: thousandths, the rest cut off.
    ///
    /// - Parameter inputs: the triggers' values by name; `nil` for one that cannot be read.
    /// - Returns: `nil` if that is what the formula comes to: then the fallback's replicas times the target count.
    /// - Throws: ``FormulaError``; `.result` also for what no quantity holds.
    /// - Source: KEDA, `pkg/scaling/modifiers/formula.go`.
    public func metric(_ inputs: [String: Double?]) throws(FormulaError) -> Quantity? {
        guard let value = try formula.value(inputs) else { return nil }
        guard let quantity = Self.milli(value) else {
            throw FormulaError(.result, "the formula gives \(value), which is too large for a metric", at: nil)
        }
        return quantity
    }

    /// A number in thousandths, the rest cut off; `nil` if that is more than 64 bits hold.
    static func milli(_ value: Double) -> Quantity? {
        Int64(exactly: (value * 1000).rounded(.towardZero)).map { Quantity(milli: $0) }
    }
}
