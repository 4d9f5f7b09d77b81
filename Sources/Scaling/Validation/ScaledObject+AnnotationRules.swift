internal import KubeModel

extension ScaledObject {
    /// Annotations whose text must be a truth value.
    private static let switches = [
        "autoscaling.keda.sh/paused", "autoscaling.keda.sh/paused-scale-in", "autoscaling.keda.sh/paused-scale-out",
        "autoscaling.keda.sh/force-activation",
    ]

    /// What Go's `ParseBool` takes.
    private static let truthValues: Set<String> = [
        "1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False",
    ]

    /// Annotations with which the object cannot be reconciled.
    ///
    /// KEDA's admission takes them and its operator fails.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_types.go`, `GetPausedReplicaCount`.
    public var annotationProblems: [SpecProblem] {
        let key = "autoscaling.keda.sh/paused-replicas"
        guard let text = metadata.annotations?[key] else { return [] }
        if let count = Int32(text), count >= 0 { return [] }
        return [Self.problem(key, "must be a whole number of replicas, 0 or more, such as \"0\"")]
    }

    /// Annotations that do something else than they seem to say.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_types.go`, `getBoolAnnotation`.
    public var annotationWarnings: [SpecProblem] {
        let annotations = metadata.annotations ?? [:]
        var warnings = Self.switches.filter { annotations[$0].map { !Self.truthValues.contains($0) } ?? false }
            .map { Self.problem($0, "is neither \"true\" nor \"false\", and so counts as true") }
        let transfer = "scaledobject.keda.sh/transfer-hpa-ownership"
        if let text = annotations[transfer], text != "true", Self.truthValues.contains(text), text.first != "0",
            text.lowercased().first != "f"
        {
            warnings.append(Self.problem(transfer, "must be exactly \"true\" to count"))
        }
        return warnings
    }

    /// A problem with an annotation; its text is not repeated.
    private static func problem(_ key: String, _ message: String) -> SpecProblem {
        SpecProblem("metadata.annotations[\"\(key)\"]", message)
    }
}
