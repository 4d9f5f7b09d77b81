internal import KubeModel
public import ScalerKit

/// Counts the pods of another workload, or the nodes that they are on.
///
/// - Source: KEDA, `pkg/scalers/kubernetes_workload_scaler.go`.
public struct KubernetesWorkloadScaler: Scaler {
    static let selector = Field("podSelector", .selector, help: "Labels of the pods, such as `app=web, tier!=cache`.")
    static let target = Field<Double?>
        .optional("value", .number, help: "How many of them one pod handles; more than 0.")
    static let activation = Field(
        "activationValue",
        .number,
        default: 0,
        help: "The workload wakes above this many."
    )
    static let groupsByNode = Field(
        "groupByNode",
        .boolean,
        default: false,
        help: "Whether the nodes that the pods are on are counted instead."
    )

    /// `kubernetes-workload` and its settings.
    public static let schema = ScalerSchema(
        "kubernetes-workload",
        "Scales by the number of pods that another workload in the namespace has.",
        [selector, target, activation, groupsByNode],
        example: ["podSelector": "app=backend", "value": "0.5"]
    )

    /// Which pods.
    private let selector: LabelSelector
    /// How many one pod handles.
    private let target: Quantity
    /// Above how many the workload wakes.
    private let activation: Double
    /// Whether nodes are counted.
    private let groupsByNode: Bool

    /// Takes the settings.
    public init(_ settings: ScalerSettings) throws {
        self.selector = try settings[Self.selector]
        self.activation = try settings[Self.activation]
        self.groupsByNode = try settings[Self.groupsByNode]
        let target = try settings[Self.target]
        guard settings.feedsFormula || target != nil else {
            throw SettingsError("value", "parameter \"value\" is missing: it must be a number greater than 0")
        }
        self.target = try Target.quantity(target ?? 0, of: Self.target, in: settings)
    }

    /// One metric, named by the namespace.
    public func measures(_ world: ScalerWorld) -> [Measure] {
        [.external(name: "workload-\(world.object.namespace)", target: target)]
    }

    /// Counts the pods of the object's namespace that have not ended.
    public func read(_ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        let query = PodQuery(in: world.object.namespace, selector, deadline: world.timeout)
        let count = try await world.cluster.count(query)
        let value = Double(groupsByNode ? count.nodes.count : count.pods)
        return Reading(value: value, isActive: value > activation)
    }
}
