internal import KubeModel

extension ScaledObject {
    /// Where the formula stands.
    static let formulaField = "spec.advanced.scalingModifiers.formula"
    /// Where the composite's target stands.
    static let targetField = "spec.advanced.scalingModifiers.target"

    /// The scaling modifiers, if there is anything in them.
    public var modifiers: ScalingModifiers? {
        spec.advanced?.scalingModifiers.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The names of the triggers that give numbers, in order: cpu and memory are the HPA's own.
    var formulaVariables: [String] {
        spec.triggers.filter { !$0.isResource }.compactMap(\.name).filter { !$0.isEmpty }
    }

    /// What the scaling modifiers say that cannot be; these are what KEDA's webhook denies.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_webhook.go`, `ValidateAndCompileScalingModifiers`.
    public var modifierProblems: [SpecProblem] {
        guard let modifiers else { return fallbackBehaviorProblems }
        let formula = modifiers.formula ?? ""
        guard !formula.isEmpty else {
            return [SpecProblem(Self.formulaField, "error ScalingModifiers.Formula is mandatory", .modifiers)]
                + fallbackBehaviorProblems
        }
        return formulaProblems(formula) + targetProblems(modifiers)
    }

    /// What KEDA admits in the scaling modifiers, and what then cannot work.
    public var modifierWarnings: [SpecProblem] {
        guard let modifiers else { return [] }
        var problems: [SpecProblem] = []
        if let text = modifiers.activationTarget, !text.isEmpty, Double(text)?.isFinite != true {
            let quoted = FormulaError.quote(text)
            problems.append(
                SpecProblem(
                    "spec.advanced.scalingModifiers.activationTarget",
                    "scalingModifiers.ActivationTarget parsing error: \(quoted) is no number"
                )
            )
        }
        if let text = modifiers.target, Self.isTarget(text), Composite.target(text) == nil {
            problems.append(Self.badTarget(text))
        }
        if let type = modifiers.metricType, !["", "AverageValue", "Value", "Utilization"].contains(type) {
            problems.append(
                SpecProblem(
                    "spec.advanced.scalingModifiers.metricType",
                    "must be AverageValue or Value, not \(FormulaError.quote(type))"
                )
            )
        }
        return problems
    }

    /// What KEDA says of a formula that is none.
    static func problem(of error: FormulaError) -> SpecProblem {
        SpecProblem(formulaField, "error validating formula in ScalingModifiers: \(error)", .modifiers)
    }

    /// What is said of a target that KEDA admits, and the API server does not.
    static func badTarget(_ text: String) -> SpecProblem {
        SpecProblem(targetField, "the HPA takes no target such as \(FormulaError.quote(text)): the least is 0.001")
    }

    /// Whether a text is a target as KEDA looks at it.
    private static func isTarget(_ text: String) -> Bool {
        Double(text).map { $0 > 0 && $0.isFinite } ?? false
    }

    /// Whether the fallback waits for a formula that is not there.
    private var fallbackBehaviorProblems: [SpecProblem] {
        guard spec.fallback?.behavior == "scalingModifiers" else { return [] }
        return [
            SpecProblem(
                "spec.fallback.behavior",
                "scalingModifiers fallback behavior requires scalingModifiers.formula to be defined",
                .modifiersFallback
            )
        ]
    }

    /// Whether the formula compiles, and runs while every trigger gives -1.
    private func formulaProblems(_ text: String) -> [SpecProblem] {
        let variables = formulaVariables
        do {
            let formula = try Formula(text, variables: variables)
            _ = try formula.value(Dictionary(variables.map { ($0, -1.0) }) { $1 })
        } catch {
            // Only real values tell what comes out: KEDA does not look at the result for -1 either.
            guard error.code != .result else { return [] }
            return [Self.problem(of: error)]
        }
        return []
    }

    /// What is wrong with the target and the metric's type.
    private func targetProblems(_ modifiers: ScalingModifiers) -> [SpecProblem] {
        let prefix = "error validating target in ScalingModifiers: "
        guard let text = modifiers.target, !text.isEmpty else {
            return [
                SpecProblem(
                    Self.targetField,
                    "error validating formula in ScalingModifiers: formula is given but target is empty",
                    .modifiers
                )
            ]
        }
        var problems: [SpecProblem] = []
        if !Self.isTarget(text) {
            problems.append(
                SpecProblem(
                    Self.targetField,
                    prefix + "error converting target for scalingModifiers (string->float) to valid target: "
                        + "\(FormulaError.quote(text)) is no number above 0",
                    .modifiers
                )
            )
        }
        if modifiers.metricType == "Utilization" {
            problems.append(
                SpecProblem(
                    "spec.advanced.scalingModifiers.metricType",
                    prefix + "error trigger type is Utilization, but it needs to be AverageValue or Value for "
                        + "external metrics",
                    .modifiers
                )
            )
        }
        return problems
    }
}
