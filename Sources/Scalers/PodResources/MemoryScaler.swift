public import ScalerKit

/// Has the HPA follow the memory that pods use; it never wakes a workload.
///
/// - Source: KEDA, `pkg/scalers/cpu_memory_scaler.go`.
public struct MemoryScaler: Scaler {
    /// `memory` and its settings.
    public static let schema = ScalerSchema(
        "memory",
        "Scales by the memory that pods use.",
        PodResource.fields,
        example: ["value": "80"]
    )

    /// What the HPA is to look at.
    private let resource: PodResource

    /// Takes the target.
    public init(_ settings: ScalerSettings) throws {
        self.resource = try PodResource("memory", settings)
    }

    /// One metric of the pods.
    public func measures(_ world: ScalerWorld) -> [Measure] { [resource.measure] }

    /// Never called: there is no external measure.
    public func read(_ measure: Measure, _ world: ScalerWorld) throws -> Reading { throw PodResource.notReadable }
}
