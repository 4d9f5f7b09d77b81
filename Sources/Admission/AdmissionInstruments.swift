internal import Scaling
internal import Telemetry

/// Counts what the webhooks look at and refuse, under KEDA's names.
///
/// - Source: KEDA, `pkg/metricscollector/webhook`.
struct AdmissionInstruments: Sendable {
    /// Looks at ScaledObjects.
    private let validations: Counter
    /// Refusals of ScaledObjects and ScaledJobs.
    private let errors: Counter

    /// Makes the two metrics.
    init(_ registry: MetricRegistry) {
        self.validations = registry.counter(
            "keda_webhook_scaled_object_validations_total",
            help: "Validations of ScaledObjects by namespace and action."
        )
        self.errors = registry.counter(
            "keda_webhook_scaled_object_validation_errors_total",
            help: "Refused ScaledObjects and ScaledJobs by namespace, action and reason."
        )
    }

    /// Counts a look.
    func validated(in namespace: String, _ action: String) {
        validations.add(1, ["namespace": namespace, "action": action])
    }

    /// Counts a refusal under its first reason; those without one are not counted.
    func refused(in namespace: String, _ action: String, _ reason: SpecProblem.Reason?) {
        guard let reason else { return }
        errors.add(1, ["namespace": namespace, "action": action, "reason": reason.rawValue])
    }
}
