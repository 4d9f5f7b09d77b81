internal import Foundation
internal import KubeClient
internal import KubeModel
internal import Scaling

/// What a ScaledObject scales, found on the API server.
struct ScaleTarget: Sendable, Hashable, CustomStringConvertible {
    /// Its kind, and where it is served.
    let type: ResourceType
    /// Which object.
    let key: ObjectKey

    /// As KEDA's events name it: `apps/v1.Deployment default/web`.
    var description: String { "\(type.qualifiedKind) \(key)" }
}

/// Finds scale targets, reads and sets their replicas, reads their pod templates.
struct TargetAccess: Sendable {
    /// The API server.
    let client: KubeClient
    /// What it serves.
    let discovery: Discovery
    /// What watches show of a target's replicas, if any does.
    let watched: @Sendable (ScaleTarget) -> Scale?

    /// Finds the kind of a target; `apps/v1` and `Deployment` where the user says nothing.
    ///
    /// - Throws: ``TargetError``.
    func find(_ reference: ScaledObject.ScaleTargetRef, in namespace: String) async throws(TargetError) -> ScaleTarget {
        let workload = WorkloadIdentity(reference)
        do {
            let served = try await discovery.kind(workload.kind, in: workload.groupVersion)
            guard served.hasScale else { throw TargetError.hasNoScale }
            return ScaleTarget(type: served.type, key: ObjectKey(namespace: namespace, name: reference.name))
        } catch {
            throw error as? TargetError ?? TargetError.unreadable(String(describing: error))
        }
    }

    /// The target's `/scale`, as a watch shows it or else as the API server says now.
    ///
    /// A watch does not tell the selector of the pods.
    ///
    /// - Parameters:
    ///   - target: which.
    ///   - isHistory: whether what a watch shows is known to be so no longer.
    /// - Returns: the replicas, and the version that a write is to name.
    /// - Throws: ``TargetError``, which tells a missing object from one without `/scale`.
    func scale(
        of target: ScaleTarget,
        unless isHistory: (Scale) -> Bool = { _ in false }
    ) async throws(TargetError) -> Scale {
        if let shown = watchedScale(of: target, unless: isHistory) { return shown }
        return try await currentScale(of: target)
    }

    /// The target's `/scale` as a watch shows it, if one does and it is not known to be so no longer.
    func watchedScale(of target: ScaleTarget, unless isHistory: (Scale) -> Bool) -> Scale? {
        watched(target).flatMap { isHistory($0) ? nil : $0 }
    }

    /// The target's `/scale` as the API server says now.
    ///
    /// - Throws: ``TargetError``, which tells a missing object from one without `/scale`.
    func currentScale(of target: ScaleTarget) async throws(TargetError) -> Scale {
        do {
            return try await client.scale(of: target.type, target.key)
        } catch  where error.isNotFound {
            throw await isThere(target) ? .hasNoScale : .doesNotExist
        } catch {
            throw .unreadable(error.description)
        }
    }

    /// Sets the target's replicas, if nobody has changed them since its scale was read.
    ///
    /// A watch may show the target as it was a moment ago, and much of what changes there is not its replicas: after
    /// a conflict the API server is asked, once.
    ///
    /// - Throws: `KubeError`; `.conflict` when somebody has.
    func set(_ scale: Scale, to replicas: Int, of target: ScaleTarget) async throws(KubeError) {
        do {
            try await replace(scale, to: replicas, of: target)
        } catch {
            guard error.isConflict else { throw error }
            let current = try await client.scale(of: target.type, target.key)
            guard current.replicas == scale.replicas else { throw error }
            try await replace(current, to: replicas, of: target)
        }
    }

    /// Sets the target's replicas, if nobody has changed the target since its scale was read.
    private func replace(_ scale: Scale, to replicas: Int, of target: ScaleTarget) async throws(KubeError) {
        var wanted = scale
        wanted.spec.replicas = replicas
        wanted.status = nil
        _ = try await client.replaceScale(of: target.type, target.key, with: wanted)
    }

    /// The template of the target's pods; `nil` for a kind that has none.
    ///
    /// - Throws: `KubeError`.
    func template(of target: ScaleTarget) async throws(KubeError) -> PodTemplate? {
        try await client.answer(to: .get(target.type, target.key), as: ScalableWorkload.self).spec?.template
    }

    /// Whether the object itself is there; taken as not when that cannot be told.
    private func isThere(_ target: ScaleTarget) async -> Bool {
        do {
            _ = try await client.send(.get(target.type, target.key))
            return true
        } catch {
            return false
        }
    }
}

/// Why a target cannot be scaled.
///
/// The text may be shown.
enum TargetError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no such object.
    case doesNotExist
    /// The object's kind has no replicas to set.
    case hasNoScale
    /// The API server does not say.
    case unreadable(String)

    /// In KEDA's words where it has any.
    var description: String {
        switch self {
        case .doesNotExist: "Target resource doesn't exist"
        case .hasNoScale: "Target resource doesn't expose /scale subresource"
        case .unreadable(let reason): reason
        }
    }
}
