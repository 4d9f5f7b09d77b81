public import KubeModel

/// One trigger: where a number comes from and when it counts as activity.
///
/// A scaler does no IO in `init`, keeps no clock and no state, and reaches the outside only through its
/// ``ScalerWorld``. The host gives metrics their index and target type, caches readings, sets deadlines, retries, and
/// keeps what must be remembered between reads.
public protocol Scaler: Sendable {
    /// The trigger's type and settings; parsing, validation and documentation come from it.
    static var schema: ScalerSchema { get }

    /// Takes settings that the schema has checked one by one; only what spans several is checked here.
    ///
    /// - Throws: ``SettingsError``.
    init(_ settings: ScalerSettings) throws

    /// What an HPA is to look at; usually one external metric.
    ///
    /// - Throws: an error whose description may be shown, where the answer comes from a call that failed.
    func measures(_ world: ScalerWorld) async throws -> [Measure]

    /// Asks the source.
    ///
    /// - Throws: ``ScalerError`` or `OutboundError`; both may be shown.
    func read(_ measure: Measure, _ world: ScalerWorld) async throws -> Reading
}

/// What an HPA is to look at.
public enum Measure: Sendable, Hashable {
    /// A number of our own, by the scaler's name for it, without index; `target` is how much of it is right.
    case external(name: String, target: Quantity)
    /// A resource of the pods, which no scaler reads.
    case resource(name: String, container: String?, target: MetricTarget)
}

/// What a source answered.
public struct Reading: Sendable, Hashable {
    /// Usually one; an HPA adds them up.
    ///
    /// Finite and not negative, or the host calls the read failed or lifts it to 0.
    public var values: [Double]
    /// Whether the workload should be awake.
    public var isActive: Bool

    /// One value.
    public init(value: Double, isActive: Bool) {
        self.init(values: [value], isActive: isActive)
    }

    /// Several values that add up.
    public init(values: [Double], isActive: Bool) {
        self.values = values
        self.isActive = isActive
    }
}
