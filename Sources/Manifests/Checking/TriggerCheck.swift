internal import KubeModel
internal import ScalerKit
internal import Scaling

/// Checks the triggers of a ScaledObject or a ScaledJob against the schemas of their scalers.
struct TriggerCheck {
    /// The trigger types of this version.
    private let registry: ScalerRegistry
    /// What the authentications at hand give.
    private let authentications: DeclaredAuthentications

    /// Takes what triggers are checked against.
    init(_ registry: ScalerRegistry, _ authentications: DeclaredAuthentications) {
        self.registry = registry
        self.authentications = authentications
    }

    /// What is wrong with the list of triggers of a ScaledJob; a ScaledObject has more rules of its own.
    static func listFindings(in manifest: Manifest) -> [Finding] {
        guard let triggers = manifest.content[path: "spec", "triggers"]?.array, !triggers.isEmpty else { return [] }
        return ScaledObject.problems(of: triggers.map(ScaledObject.Trigger.init(readable:)))
            .map {
                manifest.finding(.error, at: ValuePath(parsing: $0.field), $0.message)
            }
    }

    /// What is wrong with each trigger.
    func findings(in manifest: Manifest) -> [Finding] {
        let triggers = manifest.content[path: "spec", "triggers"]?.array ?? []
        let formula = manifest.content[path: "spec", "advanced", "scalingModifiers", "formula"]?.string ?? ""
        return triggers.enumerated()
            .flatMap { index, trigger in
                let path = ValuePath([.key("spec"), .key("triggers"), .index(index)])
                return findings(of: trigger, at: path, in: manifest, feedsFormula: !formula.isEmpty)
            }
    }

    /// What is wrong with one trigger.
    private func findings(
        of trigger: JSONValue,
        at path: ValuePath,
        in manifest: Manifest,
        feedsFormula: Bool
    ) -> [Finding] {
        // What is missing or of the wrong type has been found by the schema.
        guard let type = trigger["type"]?.string, !type.isEmpty else { return [] }
        guard let scaler = registry[type] else { return [unknown(type, at: path.key("type"), in: manifest)] }
        guard let members = trigger["metadata"]?.object else { return [] }
        let readable = ScaledObject.Trigger(readable: trigger)
        let declared = DeclaredSettings(
            metadata: readable.metadata,
            unreadable: Set(members.filter { $1 != .null && $1.string == nil }.keys),
            authentication: parameters(of: trigger, readable, in: manifest)
        )
        let errors =
            registry.problems(
                of: type,
                in: declared,
                feedsFormula: feedsFormula,
                metricType: readable.metricType
            )
            // A wrong metric type is told with the rules of the whole object.
            .filter { $0.field != "metricType" }
            .map { problem in
                let place = path.key("metadata")
                return manifest.finding(
                    .error,
                    at: problem.field.isEmpty ? place : place.key(problem.field),
                    problem.message
                )
            }
        let warnings = scaler.schema.unknownKeys(in: members.mapValues { _ in "" })
            .map { key, nearest in
                manifest.finding(
                    .warning,
                    at: path.key("metadata").key(key),
                    "the \(type) trigger has no such setting" + (nearest.map { ", did you mean \"\($0)\"?" } ?? "")
                )
            }
        return errors + warnings
    }

    /// What the trigger's authentication gives; a reference that cannot be read may give anything.
    private func parameters(
        of trigger: JSONValue,
        _ readable: ScaledObject.Trigger,
        in manifest: Manifest
    ) -> DeclaredSettings.Parameters {
        let reference = trigger["authenticationRef"] ?? .null
        if readable.authenticationRef == nil, reference != .null { return .unknown }
        return authentications.parameters(for: readable.authenticationRef, in: manifest.key.namespace)
    }

    /// A type that is not here: a warning if KEDA has it, for the object is right and only we cannot run it.
    private func unknown(_ type: String, at path: ValuePath, in manifest: Manifest) -> Finding {
        if TriggerTypes.ofKEDA.contains(type) {
            return manifest.finding(.warning, at: path, "\(type) triggers are not supported by this version of Swell")
        }
        let nearest = NearestName.find(type, among: TriggerTypes.ofKEDA + registry.types)
        return manifest.finding(
            .error,
            at: path,
            "no scaler found for type: \(type)" + (nearest.map { ", did you mean \"\($0)\"?" } ?? "")
        )
    }
}
