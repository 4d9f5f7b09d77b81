internal import ScalerKit
internal import Scaling

/// Says what is wrong with triggers' types and settings, which KEDA's admission does not look at.
struct TriggerWarnings: Sendable {
    /// Keys of one trigger that are looked at: nobody needs more, and each is compared with all that there are.
    private static let mostKeys = 100

    /// The trigger types there are.
    let scalers: ScalerRegistry

    /// What is wrong, up to a little more than an answer holds.
    func warnings(for triggers: [ScaledObject.Trigger], feedFormula: Bool) -> [SpecProblem] {
        var warnings: [SpecProblem] = []
        for (index, trigger) in triggers.enumerated() where warnings.count <= AnswerText.mostWarnings {
            warnings += self.warnings(for: trigger, at: "spec.triggers[\(index)]", feedsFormula: feedFormula)
        }
        return warnings
    }

    /// What is wrong with one trigger; values of its settings are not repeated.
    private func warnings(
        for trigger: ScaledObject.Trigger,
        at place: String,
        feedsFormula: Bool
    ) -> [SpecProblem] {
        guard let schema = scalers[trigger.type]?.schema else {
            return [scalers.missing(trigger.type).map { SpecProblem("\(place).type", $0.message) }].compactMap(\.self)
        }
        let declared = DeclaredSettings(
            metadata: trigger.metadata,
            authentication: trigger.authenticationRef == nil ? .none : .unknown
        )
        let wrong = scalers.problems(of: trigger.type, in: declared, feedsFormula: feedsFormula)
            .map { SpecProblem(Self.field($0.field, at: place), $0.message) }
        let keys = trigger.metadata.sorted { $0.key < $1.key }.prefix(Self.mostKeys)
        let strange = schema.unknownKeys(in: Dictionary(keys.map { ($0.key, "") }) { first, _ in first })
            .map { key, nearest in
                SpecProblem(
                    Self.field(key, at: place),
                    "the \(trigger.type) trigger has no such setting"
                        + (nearest.map { ", did you mean \"\($0)\"?" } ?? "")
                )
            }
        return wrong + strange
    }

    /// Where a setting stands; what spans settings has none.
    private static func field(_ key: String, at place: String) -> String {
        "\(place).metadata" + (key.isEmpty ? "" : ".\(key)")
    }
}
