internal import KubeModel
internal import ScalerKit
internal import Scaling

/// A trigger whose settings are in order: its scaler and what an HPA is to look at.
///
/// An object, so that whoever has seen it knows that nothing of it has changed.
final class BuiltTrigger: Sendable {
    /// Asks the source.
    let scaler: any Scaler
    /// The texts that it was built from; other texts mean another scaler.
    let texts: SettingTexts
    /// What was missing among the credentials; told when a read fails.
    let gaps: [String]
    /// At least one.
    let measures: [NamedMeasure]

    /// Puts a trigger together.
    init(scaler: any Scaler, texts: SettingTexts, gaps: [String], measures: [NamedMeasure]) {
        self.scaler = scaler
        self.texts = texts
        self.gaps = gaps
        self.measures = measures
    }
}

/// A measure under its full name, with the target as the HPA has it.
struct NamedMeasure: Sendable {
    /// `s0-postgresql`; the name of the resource for cpu and memory.
    let name: String
    /// As the scaler has it.
    let measure: Measure
    /// As the HPA has it.
    let target: MetricTarget

    /// Names a trigger's measures.
    ///
    /// - Parameters:
    ///   - measures: as the scaler has them.
    ///   - index: the trigger's place.
    ///   - metricType: as the trigger has it.
    ///   - feedsFormula: whether no HPA sees the targets, which may be left out then.
    /// - Returns: the same under their full names.
    /// - Throws: ``TriggerFailure`` for a target that no HPA takes, or a metric type that there is not.
    static func all(
        of measures: [Measure],
        index: Int,
        metricType: String?,
        feedsFormula: Bool
    ) throws(TriggerFailure) -> [NamedMeasure] {
        guard !measures.isEmpty else { throw TriggerFailure("the source names no metric") }
        var named: [NamedMeasure] = []
        for measure in measures {
            switch measure {
            case .resource(let name, _, let target):
                named.append(NamedMeasure(name: name, measure: measure, target: target))
            case .external(let name, let quantity):
                guard feedsFormula || quantity > Quantity(0) else {
                    throw TriggerFailure("the target must be 0.001 or more, an HPA takes no smaller one")
                }
                named.append(
                    NamedMeasure(
                        name: MetricName.make(name, index: index),
                        measure: measure,
                        target: try target(quantity, metricType)
                    )
                )
            }
        }
        return named
    }

    /// A target of the type that the trigger asks for.
    private static func target(_ quantity: Quantity, _ type: String?) throws(TriggerFailure) -> MetricTarget {
        switch type ?? "" {
        case "", "AverageValue": .averageValue(quantity)
        case "Value": .value(quantity)
        case let other:
            throw TriggerFailure("metricType \"\(other)\" is neither AverageValue nor Value")
        }
    }

    /// The metric as an HPA has it.
    func metric(of object: String) -> HPAMetric {
        switch measure {
        case .external: HPAPlan.external(name, target: target, of: object)
        case .resource(let name, let container?, _):
            .containerResource(.init(name: name, container: container, target: target))
        case .resource(let name, nil, _): .resource(.init(name: name, target: target))
        }
    }

    /// Whether it is of pods, and not of one of their containers.
    var isOfWholePods: Bool {
        switch measure {
        case .external, .resource(_, .some, _): false
        case .resource(_, nil, _): true
        }
    }

    /// Whether the HPA asks us for it.
    var isExternal: Bool {
        switch measure {
        case .external: true
        case .resource: false
        }
    }
}
