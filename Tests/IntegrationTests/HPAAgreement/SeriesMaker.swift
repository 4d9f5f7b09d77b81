import KubeModel
import TestKit

/// Makes the parts of an ``AgreementSeries``, each from the next random numbers.
struct SeriesMaker {
    /// What it is about.
    private let theme: AgreementSeries.Theme
    /// The random numbers.
    private var random: SeededGenerator
    /// Bounds.
    private let bounds: ClosedRange<Int>
    /// What is right of each metric, in milli-units.
    private let targets: [Int64]
    /// Which metrics have a target of the type `Value`.
    private let isValue: [Bool]
    /// How fast.
    private let behavior: HPABehavior?
    /// `status.replicas`; 0, so that the tolerance plays no part, where every reading must ask for a known number.
    let existing: Int
    /// The pods' readiness.
    let pods: [Bool]
    /// The replicas at first.
    let replicas: Int
    /// The replicas that the test sets then.
    let wakesTo: Int?

    /// Draws all but the steps.
    init(_ theme: AgreementSeries.Theme, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let isFree = theme == .plain || theme == .value
        let minimum = isFree ? Int.random(in: 1...3, using: &random) : 1
        let maximum = Int.random(in: 8...20, using: &random)
        let count = Int.random(in: 1...3, using: &random)
        self.theme = theme
        self.bounds = minimum...maximum
        self.targets = (0..<count).map { _ in [1000, 2500, 10_000, 16_000].randomElement(using: &random) ?? 1000 }
        self.isValue = (0..<count).map { $0 == 0 ? theme == .value : theme == .value && Bool.random(using: &random) }
        self.behavior = Self.behavior(theme, &random)
        self.existing = isFree ? Int.random(in: 0...6, using: &random) : 0
        self.pods = theme == .value ? (0..<4).map { $0 == 0 || Bool.random(using: &random) } : []
        switch (isFree, Int.random(in: 0..<6, using: &random)) {
        case (true, 0): (replicas, wakesTo) = (maximum + Int.random(in: 1...9, using: &random), nil)
        case (true, 1): (replicas, wakesTo) = (0, Int.random(in: minimum...maximum, using: &random))
        case (true, 2) where minimum > 1: (replicas, wakesTo) = (minimum - 1, nil)
        case (true, _): (replicas, wakesTo) = (Int.random(in: minimum...maximum, using: &random), nil)
        case (false, _): (replicas, wakesTo) = (theme == .fall ? maximum : 1, nil)
        }
        self.random = random
    }

    /// The HPA.
    func spec(_ name: String) -> HPASpec {
        let selector = LabelSelector([.isIn("scaledobject.keda.sh/name", [name])])
        return HPASpec(
            scaleTargetRef: CrossVersionObjectReference(
                apiVersion: AgreementTarget.version.description,
                kind: AgreementTarget.type.kind,
                name: name
            ),
            minReplicas: bounds.lowerBound,
            maxReplicas: bounds.upperBound,
            metrics: zip(targets, isValue).enumerated()
                .map { index, metric in
                    let target = Quantity(milli: metric.0)
                    return .external(
                        .init(
                            metric: MetricIdentifier(name: "m\(index)", selector: selector),
                            target: metric.1 ? .value(target) : .averageValue(target)
                        )
                    )
                },
            behavior: behavior
        )
    }

    /// How fast, for a theme.
    private static func behavior(_ theme: AgreementSeries.Theme, _ random: inout SeededGenerator) -> HPABehavior? {
        let window = Int.random(in: 3...5, using: &random)
        let atOnce = [HPABehavior.Policy(type: "Pods", value: 1000, periodSeconds: 1)]
        switch theme {
        case .plain, .value:
            return nil
        case .rise:
            let rules = rates(&random, window: Bool.random(using: &random) ? window : nil)
            return HPABehavior(scaleUp: rules)
        case .fall:
            let rules = rates(&random, window: [0, window, nil].randomElement(using: &random) ?? nil)
            return HPABehavior(scaleDown: rules)
        case .upWindow:
            return HPABehavior(
                scaleUp: .init(stabilizationWindowSeconds: window, policies: atOnce),
                scaleDown: .init(stabilizationWindowSeconds: 0)
            )
        case .downWindow:
            return HPABehavior(
                scaleUp: .init(policies: atOnce),
                scaleDown: .init(stabilizationWindowSeconds: window)
            )
        case .turns:
            return HPABehavior(scaleUp: quickRates(&random, 100...200), scaleDown: quickRates(&random, 50...90))
        }
    }

    /// Rates for one direction, which may be closed.
    private static func rates(_ random: inout SeededGenerator, window: Int?) -> HPABehavior.ScalingRules {
        let policies = (0..<Int.random(in: 1...2, using: &random))
            .map { _ in
                let isPercent = Bool.random(using: &random)
                return HPABehavior.Policy(
                    type: isPercent ? "Percent" : "Pods",
                    value: isPercent
                        ? Int.random(in: 30...90, using: &random) : Int.random(in: 1...4, using: &random),
                    periodSeconds: Int.random(in: 2...4, using: &random)
                )
            }
        return HPABehavior.ScalingRules(
            stabilizationWindowSeconds: window,
            selectPolicy: [nil, "Max", "Min", "Disabled"].randomElement(using: &random) ?? nil,
            policies: policies
        )
    }

    /// Rates for one direction that let every move come to its end in a few periods; no window.
    private static func quickRates(
        _ random: inout SeededGenerator,
        _ percent: ClosedRange<Int>
    ) -> HPABehavior.ScalingRules {
        let policies: [HPABehavior.Policy] = [
            .init(
                type: "Percent",
                value: Int.random(in: percent, using: &random),
                periodSeconds: Int.random(in: 2...3, using: &random)
            ),
            .init(
                type: "Pods",
                value: Int.random(in: 3...5, using: &random),
                periodSeconds: Int.random(in: 2...3, using: &random)
            ),
        ]
        return HPABehavior.ScalingRules(
            stabilizationWindowSeconds: 0,
            selectPolicy: ["Max", "Min"].randomElement(using: &random),
            policies: Array(policies.shuffled(using: &random).prefix(Int.random(in: 1...2, using: &random)))
        )
    }

    /// What is read, one entry after the other.
    mutating func steps() -> [AgreementSeries.Step] {
        switch theme {
        case .plain, .value:
            let first = (0..<9).map { _ in freely() }
            return first + [asking(bounds.lowerBound, lasting: 7), freely(), freely()]
        case .rise:
            let counts = (0..<6).map { _ in Int.random(in: 1...bounds.upperBound + 4, using: &random) }.sorted()
            return counts.map { asking($0, lasting: Double.random(in: 0...3, using: &random)) } + [failing()]
                + [asking(bounds.upperBound + 4, lasting: 6)]
        case .fall:
            let counts = (0..<6).map { _ in Int.random(in: 0...bounds.upperBound, using: &random) }.sorted(by: >)
            return counts.map { asking($0, lasting: Double.random(in: 0...3, using: &random)) } + [failing()]
                + [asking(0, lasting: 6)]
        case .upWindow:
            return (0..<9).map { $0 == 5 ? failing() : asking(1...bounds.upperBound + 4, lasting: 0...3) }
                + [asking(bounds.upperBound, lasting: 7)]
        case .downWindow:
            return (0..<9).map { $0 == 5 ? failing() : asking(0...bounds.upperBound, lasting: 0...3) }
                + [asking(0, lasting: 7)]
        case .turns:
            return (0..<3)
                .flatMap { turn in
                    let low = Int.random(in: 1...2, using: &random)
                    let high = Int.random(in: 6...8, using: &random)
                    var step = asking(turn == 1 ? low : high)
                    step.settles = true
                    return [step, failing()]
                }
        }
    }

    /// A step in which all metrics fail.
    private func failing() -> AgreementSeries.Step { AgreementSeries.Step(read: targets.map { _ in nil }) }

    /// A step that asks for some number in a range, for some time in a range.
    private mutating func asking(_ counts: ClosedRange<Int>, lasting: ClosedRange<Double>) -> AgreementSeries.Step {
        asking(Int.random(in: counts, using: &random), lasting: Double.random(in: lasting, using: &random))
    }

    /// A step in which one metric asks for a number of replicas, and the others for no more.
    private mutating func asking(_ replicas: Int, lasting: Double = 0) -> AgreementSeries.Step {
        let main = Int.random(in: targets.indices, using: &random)
        let read = targets.indices.map { index in
            value(index == main ? replicas : Int.random(in: 0...replicas, using: &random), of: index)
        }
        return AgreementSeries.Step(read: read, lasting: lasting)
    }

    /// A step of any kind: numbers, values near the target, failures of all metrics or of some.
    private mutating func freely() -> AgreementSeries.Step {
        let most = Int.random(in: 0...bounds.upperBound + 5, using: &random)
        let read = targets.indices.map { index in
            Int.random(in: 0..<3, using: &random) == 0
                ? near(index) : value(Int.random(in: 0...most, using: &random), of: index)
        }
        let lasting = Double.random(in: 0...1.5, using: &random)
        guard Int.random(in: 0..<5, using: &random) == 0 else { return .init(read: read, lasting: lasting) }
        let survivor = Int.random(in: targets.startIndex...targets.endIndex, using: &random)
        // More than there may be, even with one ready pod.
        let all = targets.indices.map { [targets[$0] * Int64(bounds.upperBound + 5)] }
        return .init(read: targets.indices.map { $0 == survivor ? all[$0] : nil }, lasting: lasting)
    }

    /// What a metric must read to ask for a number of replicas, in one value or in two.
    private mutating func value(_ replicas: Int, of index: Int) -> [Int64] {
        let rest = Int64.random(in: 0..<targets[index], using: &random)
        var total = replicas == 0 ? 0 : targets[index] * Int64(replicas) - rest
        if total * 10 == whole(index) * 11 { total -= 1 }
        guard Bool.random(using: &random) else { return [total] }
        let part = Int64.random(in: 0...total, using: &random)
        return [part, total - part]
    }

    /// A value from 0.85 to 1.15 of the target, but never 1.1.
    private mutating func near(_ index: Int) -> [Int64] {
        [whole(index) * (Int64.random(in: 0...15, using: &random) * 20 + 851) / 1000]
    }

    /// The total at which a metric has just what is right.
    private func whole(_ index: Int) -> Int64 { targets[index] * Int64(isValue[index] ? 1 : max(existing, 1)) }
}
