internal import KubeModel
internal import ScalerKit

/// What the cpu and memory triggers have in common: a target for the HPA or the direct engine, which reads the pods.
///
/// - Source: KEDA, `pkg/scalers/cpu_memory_scaler.go`.
struct PodResource: Sendable {
    static let value = Field("value", .text, help: "Percent of the request for Utilization, else an amount for a pod.")
    static let container = Field<String?>
        .optional("containerName", .containerName, help: "The only container that counts; all of them unless given.")
    static let type = Field<String?>
        .optional(
            "type",
            .removed("was removed in KEDA 2.18: set metricType beside metadata instead"),
            help: "Removed in KEDA 2.18; `metricType` of the trigger takes its place."
        )

    /// All settings of both triggers.
    static var fields: [any AnyField] { [value, container, type] }

    /// The one metric.
    let measure: Measure

    /// Takes the settings of one resource.
    ///
    /// - Throws: ``SettingsError`` for a value that is no target of the trigger's metric type.
    init(_ name: String, _ settings: ScalerSettings) throws(SettingsError) {
        self.measure = .resource(
            name: name,
            container: try settings[Self.container],
            target: try Self.target(settings[Self.value], settings.metricType ?? "")
        )
    }

    /// The target that an HPA takes.
    ///
    /// - Source: Kubernetes, `pkg/apis/autoscaling/validation`: targets must be positive.
    private static func target(_ text: String, _ type: String) throws(SettingsError) -> MetricTarget {
        switch type {
        case "Utilization":
            guard let percent = Int32(text), percent > 0 else {
                throw SettingsError(value.name, "parameter \"value\" must be a whole number of percent, 1 or more")
            }
            return .utilization(Int(percent))
        case "AverageValue":
            guard let quantity = Quantity(parsing: text), quantity > Quantity(0) else {
                throw SettingsError(
                    value.name,
                    "parameter \"value\" must be an amount above 0 such as 500m or 256Mi, as metricType is AverageValue"
                )
            }
            return .averageValue(quantity)
        default:
            throw SettingsError(
                "metricType",
                "unknown metric type: \(type.prefix(100)), allowed values are 'Utilization' or 'AverageValue'"
            )
        }
    }

    /// What comes of reading a metric that no trigger can read.
    static let notReadable = ScalerError(.noValue, "this metric is read from the pods, not from a source")
}
