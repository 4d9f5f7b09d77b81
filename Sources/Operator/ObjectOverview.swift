public import KubeModel
internal import ScalerKit
public import Scaling

/// What the last poll of one object saw and came to, for people who watch.
public struct ObjectOverview: Sendable, Hashable {
    /// The ScaledObject.
    public let object: ObjectKey
    /// Where its scale target is served.
    public let targetType: ResourceType
    /// Its scale target.
    public let target: ObjectKey
    /// Its triggers, in the order of the spec.
    public let triggers: [Trigger]
    /// What the poll came to; `nil` before the first one.
    public let decision: Decision?
    /// Who scales while the workload is awake.
    public let engine: ScalingEngine

    /// What one trigger said last.
    public struct Trigger: Sendable, Hashable {
        /// Its name, or its type where it has none.
        public let name: String
        /// The sum of its values; `nil` when there is no reading.
        public let value: Double?
        /// Whether it was active.
        public let isActive: Bool
        /// Why there is no reading, in a line that may be shown.
        public let failure: String?
    }

    /// Gathers what a runtime knows.
    init(_ object: ObjectKey, _ runtime: ObjectRuntime) {
        self.object = object
        self.targetType = runtime.target.type
        self.target = runtime.target.key
        let latest = runtime.latest
        self.decision = latest?.decision
        self.engine = latest?.engine ?? .hpa
        self.triggers = runtime.units.map { unit in
            switch unit.latest?.result {
            case .success(let readings):
                Trigger(
                    name: unit.title,
                    value: readings.values.flatMap(\.values).reduce(0, +),
                    isActive: readings.values.contains(where: \.isActive),
                    failure: nil
                )
            case .failure(let failure):
                Trigger(name: unit.title, value: nil, isActive: false, failure: failure.description)
            case nil:
                Trigger(name: unit.title, value: nil, isActive: false, failure: nil)
            }
        }
    }
}

extension ScalingOperator {
    /// All objects that are polled, by namespace and name.
    public var overview: [ObjectOverview] {
        runtimes.all.sorted { $0.key < $1.key }.map { ObjectOverview($0.key, $0.value) }
    }
}
