import KubeModel
import Scaling
import Testing

@Suite struct CompositeTests {
    /// An object of a cron, a prometheus and a cpu trigger with these modifiers.
    static func object(
        _ modifiers: ScaledObject.ScalingModifiers?,
        fallback: ScaledObject.Fallback? = nil
    ) -> ScaledObject {
        var object = ScaledObjectTests.object(triggers: [
            .init(type: "cron", name: "a", metadata: [:]), .init(type: "prometheus", name: "b", metadata: [:]),
            .init(type: "cpu", name: "c", metadata: [:], metricType: "Utilization"), .init(type: "cron", metadata: [:]),
        ])
        object.spec.advanced = .init(scalingModifiers: modifiers)
        object.spec.fallback = fallback
        return object
    }

    /// Where the modifiers stand.
    static let field = "spec.advanced.scalingModifiers"

    @Test func `without modifiers there is no composite`() throws {
        var object = Self.object(.init(formula: "", target: ""))
        #expect(try Composite.make(for: object)?.variables == nil)
        #expect(object.modifiers == nil)
        object.spec.advanced = nil
        #expect(try Composite.make(for: object)?.variables == nil)
    }

    @Test func `the metric is per pod and wakes above zero unless said otherwise`() throws {
        let plain = try #require(try Composite.make(for: Self.object(.init(formula: "a + b", target: "2.5"))))
        #expect(plain.target == .averageValue(Quantity(milli: 2500)))
        #expect(plain.activation == 0)
        #expect(plain.variables == ["a", "b"])
        #expect(plain.formula.text == "a + b")
        let modifiers = ScaledObject.ScalingModifiers(
            formula: "a",
            target: "1.2345",
            activationTarget: "7.5",
            metricType: "Value"
        )
        let other = try #require(try Composite.make(for: Self.object(modifiers)))
        #expect(other.target == .value(Quantity(milli: 1234)))
        #expect(other.activation == 7.5)
        #expect(Composite.metricName == "composite-metric")
    }

    @Test(
        arguments: [
            (.init(target: "1"), ["\(field).formula: error ScalingModifiers.Formula is mandatory"]),
            (
                .init(formula: "a"),
                ["\(field).target: error validating formula in ScalingModifiers: formula is given but target is empty"]
            ),
            (
                .init(formula: "a + d", target: "1"),
                [
                    "\(field).formula: error validating formula in ScalingModifiers: unknown name \"d\", did you mean \"a\"? (column 5)"
                ]
            ),
            (
                .init(formula: "a + c", target: "1"),
                [
                    "\(field).formula: error validating formula in ScalingModifiers: unknown name \"c\", did you mean \"a\"? (column 5)"
                ]
            ),
            (
                .init(formula: "[a, b][int(a) * 5]", target: "1"),
                [
                    "\(field).formula: error validating formula in ScalingModifiers: there is no item -5 in an array of 2 (column 7)"
                ]
            ),
            (.init(formula: "1 / (a + 1)", target: "1"), []),
            (.init(formula: "float(a) > 1", target: "1"), []),
            (
                .init(formula: "a", target: "0"),
                [
                    "\(field).target: error validating target in ScalingModifiers: error converting target for scalingModifiers "
                        + "(string->float) to valid target: \"0\" is no number above 0"
                ]
            ),
            (
                .init(formula: "a", target: "two", metricType: "Utilization"),
                [
                    "\(field).target: error validating target in ScalingModifiers: error converting target for scalingModifiers "
                        + "(string->float) to valid target: \"two\" is no number above 0",
                    "\(field).metricType: error validating target in ScalingModifiers: error trigger type is Utilization, but it "
                        + "needs to be AverageValue or Value for external metrics",
                ]
            ),
            (.init(formula: "a", target: "1", activationTarget: "x", metricType: "Value"), []),
            (nil, []),
        ] as [(ScaledObject.ScalingModifiers?, [String])]
    )
    func `what KEDA denies is a problem`(modifiers: ScaledObject.ScalingModifiers?, problems: [String]) {
        #expect(Self.object(modifiers).modifierProblems.map { "\($0.field): \($0)" } == problems)
    }

    @Test(
        arguments: [
            (.init(formula: "a", target: "1"), []), (.init(formula: "a", target: "0.0004"), ["\(field).target"]),
            (.init(formula: "a", target: "1e300"), ["\(field).target"]),
            (.init(formula: "a", target: "1", activationTarget: "x"), ["\(field).activationTarget"]),
            (.init(formula: "a", target: "1", activationTarget: "inf"), ["\(field).activationTarget"]),
            (.init(formula: "a", target: "1", activationTarget: "-2.5"), []),
            (.init(formula: "a", target: "1", metricType: "Other"), ["\(field).metricType"]),
        ] as [(ScaledObject.ScalingModifiers, [String])]
    )
    func `what KEDA admits and cannot work is a warning, and makes no composite`(
        modifiers: ScaledObject.ScalingModifiers,
        fields: [String]
    ) {
        let object = Self.object(modifiers)
        #expect(object.modifierProblems.isEmpty)
        #expect(object.modifierWarnings.map(\.field) == fields)
        guard !fields.isEmpty else { return }
        #expect(throws: SpecProblem.self) { try Composite.make(for: object) }
    }

    @Test(arguments: [nil, .init(), .init(target: "1")] as [ScaledObject.ScalingModifiers?])
    func `the fallback by formula needs a formula`(modifiers: ScaledObject.ScalingModifiers?) {
        let fallback = ScaledObject.Fallback(failureThreshold: 3, replicas: 2, behavior: "scalingModifiers")
        let problems = Self.object(modifiers, fallback: fallback).modifierProblems
        #expect(problems.last?.field == "spec.fallback.behavior")
        #expect(
            problems.last?.message
                == "scalingModifiers fallback behavior requires scalingModifiers.formula to be defined"
        )
        let good = Self.object(.init(formula: "a ?? b", target: "1"), fallback: fallback)
        #expect(good.modifierProblems.isEmpty)
    }
}
