extension ScaledObject {
    /// All for which KEDA's admission refuses an object without looking at any other.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_webhook.go`, `validateWorkload`.
    public var admissionProblems: [SpecProblem] {
        replicaProblems + nameProblems + fallbackProblems + triggerProblems + modifierProblems + targetProblems
    }

    /// What is wrong with the name of the target's kind; whether there is such a kind, the API server knows.
    private var targetProblems: [SpecProblem] {
        let version = spec.scaleTargetRef.apiVersion ?? ""
        guard version.split(separator: "/", omittingEmptySubsequences: false).count > 2 else { return [] }
        return [SpecProblem("spec.scaleTargetRef.apiVersion", "unexpected GroupVersion string: \(version)")]
    }
}
