internal import KubeModel

extension ScaledObject {
    /// Annotations whose text must be a truth value.
    private static let switches = [
        ObjectControls.paused, ObjectControls.pausedScaleIn, ObjectControls.pausedScaleOut,
        ObjectControls.forceActivation,
    ]

    /// Annotations with which the object cannot be reconciled.
    ///
    /// KEDA's admission takes them and its operator fails.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_types.go`, `GetPausedReplicaCount`.
    public var annotationProblems: [SpecProblem] {
        let controls = ObjectControls(metadata.annotations)
        let others = engineProblems + modeProblems
        guard case .unreadable(let problem) = controls.pause else { return others }
        return [problem] + others
    }

    /// What keeps anybody from telling whether the object is to be scaled at all.
    public var modeProblems: [SpecProblem] {
        [ObjectControls(metadata.annotations).modeProblem].compactMap { $0 }
    }

    /// An engine that there is not.
    public var engineProblems: [SpecProblem] {
        [ObjectControls(metadata.annotations).engineProblem].compactMap { $0 }
    }

    /// Annotations that do something else than they seem to say.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_types.go`, `getBoolAnnotation`.
    public var annotationWarnings: [SpecProblem] {
        let annotations = metadata.annotations ?? [:]
        var warnings = Self.switches.filter { annotations[$0].map { ObjectControls.truth($0) == nil } ?? false }
            .map { Self.problem($0, "is neither \"true\" nor \"false\", and so counts as true") }
        let transfer = "scaledobject.keda.sh/transfer-hpa-ownership"
        if let text = annotations[transfer], text != "true", ObjectControls.truth(text) == true {
            warnings.append(Self.problem(transfer, "must be exactly \"true\" to count"))
        }
        return warnings
    }

    /// A problem with an annotation; its text is not repeated.
    private static func problem(_ key: String, _ message: String) -> SpecProblem {
        SpecProblem("metadata.annotations[\"\(key)\"]", message)
    }
}
