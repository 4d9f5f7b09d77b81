internal import KubeClient
internal import KubeModel
internal import Scaling

/// The rules for which a ScaledObject's target must be looked at.
///
/// KEDA's rules refuse; that something cannot be found out does not.
struct TargetRules: Sendable {
    /// Looks.
    let targets: any TargetReader

    /// What is wrong with a target.
    ///
    /// - Parameters:
    ///   - object: who has the target.
    ///   - isDryRun: whether nothing will be stored, so that the target may not be there yet.
    /// - Returns: problems and warnings.
    func verdict(on object: ScaledObject, isDryRun: Bool) async -> Verdict {
        let workload = WorkloadIdentity(object.spec.scaleTargetRef)
        do {
            guard try await isKnown(workload) else { return Verdict(problems: [Self.unknownKind(workload)]) }
        } catch {
            return Verdict(warnings: [Self.unchecked("spec.scaleTargetRef.kind", error)])
        }
        guard object.needsRequests, !isDryRun else { return .allowed }
        do {
            return Verdict(problems: try await resourceProblems(of: object, workload))
        } catch {
            return Verdict(warnings: [Self.unchecked("spec.scaleTargetRef", error)])
        }
    }

    /// Whether there is such a kind; two are taken for granted, whatever their group.
    private func isKnown(_ workload: WorkloadIdentity) async throws -> Bool {
        if ["Deployment", "StatefulSet"].contains(workload.kind) { return true }
        return try await targets.serves(workload.kind, in: workload.groupVersion)
    }

    /// What keeps cpu and memory from being measured.
    ///
    /// LimitRanges are read only where a container needs one.
    private func resourceProblems(of object: ScaledObject, _ workload: WorkloadIdentity) async throws -> [SpecProblem] {
        let type = ResourceType(
            workload.groupVersion,
            kind: workload.kind,
            plural: workload.kind == "StatefulSet" ? "statefulsets" : "deployments"
        )
        let namespace = object.key.namespace
        guard let found = try await targets.workload(type, ObjectKey(namespace: namespace, name: workload.name)) else {
            return [Self.missing(workload)]
        }
        let containers = ContainerResources.all(of: found)
        var problems = object.requestProblems(containers, defaults: [])
        if !problems.isEmpty {
            let defaults = ContainerResources.defaults(in: try await targets.limitRanges(in: namespace))
            problems = object.requestProblems(containers, defaults: defaults)
        }
        return problems + object.scaleToZeroProblems
    }

    /// That the API server has no such kind.
    ///
    /// - Source: Kubernetes, `apimachinery/pkg/api/meta/errors.go`, `NoKindMatchError`, for the text.
    private static func unknownKind(_ workload: WorkloadIdentity) -> SpecProblem {
        SpecProblem(
            "spec.scaleTargetRef.kind",
            "no matches for kind \"\(workload.kind)\" in version \"\(workload.groupVersion)\""
        )
    }

    /// That a workload is not there, without which cpu and memory cannot be checked.
    private static func missing(_ workload: WorkloadIdentity) -> SpecProblem {
        SpecProblem(
            "spec.scaleTargetRef.name",
            "\(workload.kind).\(workload.groupVersion.group) \"\(workload.name)\" not found"
        )
    }

    /// That something could not be found out.
    private static func unchecked(_ field: String, _ error: any Error) -> SpecProblem {
        SpecProblem(field, "not checked: \((error as? KubeError)?.description ?? "the cluster does not answer")")
    }
}
