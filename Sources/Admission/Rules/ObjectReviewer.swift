internal import KubeModel
internal import Outbound
internal import ScalerKit
internal import Scaling

/// Comes to a verdict on each object that the API server asks about.
struct ObjectReviewer: Sendable {
    /// Who else targets a workload.
    let index: any ClusterIndex
    /// What the target is like.
    let target: TargetRules
    /// What KEDA does not look at.
    let triggers: TriggerWarnings
    /// Counts.
    let instruments: AdmissionInstruments
    /// Tells settings without effect to those who look at the object's Events.
    let announce: @Sendable (ObjectEvent, ScaledObject) -> Void

    /// Looks at an object.
    ///
    /// - Throws: ``NotReady``.
    func verdict(on question: AdmissionQuestion, at route: AdmissionRoute) async throws(NotReady) -> Verdict {
        guard let action = question.operation.action else { return .allowed }
        if action == "update", FinalizerRemoval.isAll(from: question.oldObject, to: question.object) { return .allowed }
        switch route {
        case .scaledObject: return try await scaledObject(question, action)
        case .scaledJob: return scaledJob(question, action)
        case .triggerAuthentication, .clusterTriggerAuthentication: return authentication(question)
        case .cloudEventSource, .clusterCloudEventSource: return .allowed
        }
    }

    /// Looks at a ScaledObject.
    private func scaledObject(_ question: AdmissionQuestion, _ action: String) async throws(NotReady) -> Verdict {
        guard index.isComplete else { throw NotReady(reason: "the ScaledObjects and HPAs have not been listed yet") }
        var object: ScaledObject
        switch ObjectReader.scaledObject(question.object) {
        case .success(let read): object = read
        case .failure(let unreadable): return Verdict(warnings: [unreadable.warning])
        }
        object.metadata.namespace = question.namespace
        instruments.validated(in: question.namespace, action)
        var verdict = Verdict(
            problems: object.admissionProblems + object.neighbourProblems(in: index),
            warnings: object.ineffectiveSettings
        )
        if verdict.isAllowed {
            let more = await target.verdict(on: object, isDryRun: question.isDryRun)
            verdict.problems = more.problems
            verdict.warnings += more.warnings
        }
        if let first = verdict.problems.first {
            instruments.refused(in: question.namespace, action, first.reason)
        } else if !question.isDryRun {
            for setting in object.ineffectiveSettings {
                announce(ObjectEvent(.normal, .scalerInfo, setting.message), object)
            }
        }
        verdict.warnings += object.annotationProblems + object.annotationWarnings + object.metricTypeProblems
        verdict.warnings += object.modifierWarnings
        verdict.warnings += triggers.warnings(
            for: object.spec.triggers,
            feedFormula: object.modifiers?.formula?.isEmpty == false
        )
        return verdict
    }

    /// Looks at a ScaledJob: at its triggers only.
    private func scaledJob(_ question: AdmissionQuestion, _ action: String) -> Verdict {
        switch ObjectReader.scaledJobTriggers(question.object) {
        case .success(let list):
            let problems = ScaledObject.problems(of: list)
            if let first = problems.first { instruments.refused(in: question.namespace, action, first.reason) }
            return Verdict(problems: problems, warnings: triggers.warnings(for: list, feedFormula: false))
        case .failure(let unreadable): return Verdict(warnings: [unreadable.warning])
        }
    }

    /// Looks at an authentication of either kind.
    private func authentication(_ question: AdmissionQuestion) -> Verdict {
        switch ObjectReader.authentication(question.object) {
        case .success(let spec): Verdict(problems: spec.admissionProblems)
        case .failure(let unreadable): Verdict(warnings: [unreadable.warning])
        }
    }
}

extension AdmissionQuestion.Operation {
    /// As KEDA's counters name it; `nil` for what is never refused.
    fileprivate var action: String? {
        switch self {
        case .create: "create"
        case .update: "update"
        case .delete, .connect: nil
        }
    }
}
