internal import KubeModel
internal import Scaling

/// What an object's HPA is to do, as Kubernetes and as its algorithm have it; made once for what the triggers were built
/// to, as most polls find nothing new there.
final class ScalingRules: Sendable {
    /// What rules depend on besides the spec, which a runtime has one of.
    struct Basis: Sendable, Equatable {
        /// What annotations ask for.
        let controls: ObjectControls
        /// What the triggers were built to.
        let built: [BuiltTrigger?]

        /// Whether nothing has changed.
        static func == (one: Basis, other: Basis) -> Bool {
            one.controls == other.controls && one.built.elementsEqual(other.built) { $0 === $1 }
        }
    }

    /// What they were made from.
    let basis: Basis
    /// As Kubernetes has them.
    let hpa: HPASpec
    /// As the algorithm has them.
    let autoscaler: AutoscalerSpec

    /// Makes rules.
    init(basis: Basis, hpa: HPASpec, autoscaler: AutoscalerSpec) {
        self.basis = basis
        self.hpa = hpa
        self.autoscaler = autoscaler
    }
}
