public import Foundation
internal import KubeModel
public import Scaling

/// What is simulated: a spec, what its triggers say over time, and the workload at the beginning.
public struct Simulation: Sendable {
    /// Seconds between two looks of the HPA controller.
    ///
    /// - Source: kube-controller-manager, `--horizontal-pod-autoscaler-sync-period`.
    static let sync = 15.0
    /// The largest maximum of a spec whose HPA looks at single pods, which are then made one by one.
    static let mostPods = 10_000

    /// The object.
    public let object: ScaledObject
    /// Its triggers, in their order.
    public let triggers: [SimulatedTrigger]
    /// The moments of interest.
    public let range: SimulatedRange
    /// Pods at the beginning, all of them ready.
    public let startReplicas: Int
    /// How long a new pod takes until it is ready, in seconds.
    public let startup: TimeInterval
    /// What makes one metric of all triggers, if anything does.
    let composite: Composite?
    /// Who scales while the workload is awake.
    let engine: ScalingEngine
    /// The bounds and waits.
    let policy: ScalePolicy
    /// What the HPA does, as its algorithm takes it.
    let autoscaler: AutoscalerSpec
    /// For each metric of the HPA the place of its trigger; `nil` for the formula's.
    let sources: [Int?]
    /// Whether the HPA looks at single pods.
    let looksAtPods: Bool

    /// Makes a simulation.
    ///
    /// - Parameters:
    ///   - object: validated.
    ///   - triggers: its triggers, in their order.
    ///   - range: the moments of interest.
    ///   - startReplicas: pods at the beginning, 0 or more; where the spec lets the workload rest unless given.
    ///   - startup: how long a new pod takes until it is ready.
    /// - Throws: ``SimulationError`` for an object that is paused, and one that cannot be reckoned with.
    public init(
        _ object: ScaledObject,
        _ triggers: [SimulatedTrigger],
        over range: SimulatedRange,
        startReplicas: Int? = nil,
        startup: Duration = .zero
    ) throws(SimulationError) {
        let controls = ObjectControls(object.metadata.annotations)
        guard !controls.isPaused else {
            throw SimulationError("\(object.metadata.name) is paused by annotation: remove it to see what would happen")
        }
        if let problem = controls.engineProblem { throw SimulationError("\(problem.field): \(problem.message)") }
        self.engine = controls.engine ?? .hpa
        self.policy = ScalePolicy(object.spec, controls)
        do throws(SpecProblem) {
            self.composite = try Composite.make(for: object)
        } catch {
            throw SimulationError("\(error.field): \(error.message)")
        }
        let metrics: [HPAMetric]
        if let composite {
            metrics =
                triggers.filter(\.isResource).map(\.hpaMetric)
                + [HPAPlan.external(Composite.metricName, target: composite.target, of: object.metadata.name)]
        } else {
            metrics = triggers.map(\.hpaMetric)
        }
        let target = ResourceType(GroupVersion("apps", "v1"), kind: "Deployment", plural: "deployments")
        let spec = HPAPlan.spec(for: object, target: target, metrics: metrics)
        self.autoscaler = AutoscalerSpec(spec)
        self.sources = (spec.metrics ?? []).map { metric in triggers.firstIndex { $0.hpaMetric == metric } }
        self.looksAtPods = (spec.metrics ?? []).contains { $0.external?.target.averageValue == nil }
        self.object = object
        self.triggers = triggers
        self.range = range
        self.startReplicas = startReplicas ?? policy.resting
        self.startup = startup / .seconds(1)
        guard (0...Int(Int32.max)).contains(self.startReplicas) else {
            throw SimulationError("--start-replicas must be 0 or more, and below 2147483648")
        }
        guard !looksAtPods || max(policy.maximum, self.startReplicas) <= Self.mostPods else {
            throw SimulationError(
                "more than \(Self.mostPods) pods are too many for a target that looks at each of them"
            )
        }
    }

    /// Replays the range.
    ///
    /// Pure: the same simulation gives the same timeline.
    ///
    /// - Complexity: O(polls, pushes and looks of the HPA); a week takes some 60 000 steps.
    public func run() -> Timeline {
        var run = SimulationRun(self)
        return run.run()
    }
}
