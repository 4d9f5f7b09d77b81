internal import KubeModel
internal import Scaling

/// Checks what a ScaledObject's schema cannot say.
struct ScaledObjectCheck {
    /// The document.
    private let manifest: Manifest
    /// What of it can be read.
    private let object: ScaledObject
    /// The paths of values that do not fit the schema.
    private let unfit: Set<String>

    /// Takes a document and what its schema says of it.
    init(_ manifest: Manifest, _ problems: [SchemaProblem]) {
        self.manifest = manifest
        self.object = ScaledObject(readable: manifest.content)
        self.unfit = Set(problems.filter(\.isFatal).map(\.path.description))
    }

    /// All that is wrong.
    var findings: [Finding] {
        var problems = object.metadata.name.isEmpty ? [] : object.nameProblems
        problems += replicaProblems + fallbackProblems + object.annotationProblems
        if !object.spec.triggers.isEmpty { problems += object.triggerProblems + metricTypeProblems + modifierProblems }
        if !unfit.contains("spec.minReplicaCount") { problems += object.scaleToZeroProblems }
        return problems.map { finding(.error, $0) }
            + (object.ineffectiveSettings + object.annotationWarnings + object.modifierWarnings)
            .map { finding(.warning, $0) }
    }

    /// A problem where it stands.
    private func finding(_ severity: Finding.Severity, _ problem: SpecProblem) -> Finding {
        manifest.finding(severity, at: ValuePath(parsing: problem.field), problem.message)
    }

    /// What is wrong with the scaling modifiers, where the schema has found nothing wrong with the same field.
    private var modifierProblems: [SpecProblem] {
        object.modifierProblems.filter { !unfit.contains($0.field) }
    }

    /// What is wrong with the fallback, where the schema has found nothing wrong with the same field.
    private var fallbackProblems: [SpecProblem] {
        object.fallbackProblems.filter { !unfit.contains($0.field) }
    }

    /// What is wrong with the replica counts, if all of them can be read.
    ///
    /// The API server of a cluster with KEDA's own CRDs refuses a minimum above the maximum before anything else does,
    /// in the words that come first here.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_types.go`, CEL rule of the spec.
    private var replicaProblems: [SpecProblem] {
        let counts = ["spec.minReplicaCount", "spec.maxReplicaCount", "spec.idleReplicaCount"]
        guard unfit.isDisjoint(with: counts) else { return [] }
        return object.replicaProblems.map { problem in
            guard problem.field == counts[0] else { return problem }
            return SpecProblem(
                problem.field,
                "minReplicaCount must be less than or equal to maxReplicaCount: \(problem.message)"
            )
        }
    }

    /// What is wrong with the metric types of triggers whose type can be read.
    private var metricTypeProblems: [SpecProblem] {
        object.metricTypeProblems.filter { !unfit.contains($0.field) }
    }
}
