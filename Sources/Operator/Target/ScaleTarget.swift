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

    /// The target's `/scale`.
    ///
    /// - Throws: ``TargetError``, which tells a missing object from one without `/scale`.
    func scale(of target: ScaleTarget) async throws(TargetError) -> Scale {
        do {
            return try await client.scale(of: target.type, target.key)
        } catch  where error.isNotFound {
            throw await isThere(target) ? .hasNoScale : .doesNotExist
        } catch {
            throw .unreadable(error.description)
        }
    }

    /// Sets the target's replicas, if nobody has changed the target since its scale was read.
    ///
    /// - Throws: `KubeError`; `.conflict` when somebody has.
    func set(_ scale: Scale, to replicas: Int, of target: ScaleTarget) async throws(KubeError) {
        var wanted = scale
        wanted.spec.replicas = replicas
        wanted.status = nil
        _ = try await client.replaceScale(of: target.type, target.key, with: wanted)
    }

    /// How many of the target's pods are ready, counted page by page.
    ///
    /// - Throws: `KubeError`; ``TargetError`` for a target that does not say which pods are its own.
    func readyPods(of scale: Scale, in namespace: String) async throws -> Int {
        var ready = 0
        try await eachPage(of: scale, in: namespace) { ready += $0.count(where: \.isReady) }
        return ready
    }

    /// The target's pods as the HPA's algorithm looks at them.
    ///
    /// - Throws: `KubeError`; ``TargetError`` for a target that does not say which pods are its own.
    func pods(of scale: Scale, in namespace: String) async throws -> [AutoscalerPod] {
        var pods: [AutoscalerPod] = []
        try await eachPage(of: scale, in: namespace) { pods += $0.map(AutoscalerPod.init) }
        return pods
    }

    /// Reads the target's pods, page by page.
    private func eachPage(of scale: Scale, in namespace: String, _ take: ([Pod]) -> Void) async throws {
        guard let text = scale.status?.selector, !text.isEmpty, let selector = try? LabelSelector(parsing: text) else {
            // What is wrong with the text is of no use to anybody here: the API server wrote it.
            throw TargetError.unreadable("the scale target does not tell the selector of its pods")
        }
        let selection = Selection(namespace: namespace, labels: selector)
        var token: String?
        repeat {
            let page = try await client.page(Pod.self, selection, limit: client.settings.pageSize, continuing: token)
            take(page.items)
            token = page.next
        } while token != nil
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

extension AutoscalerPod {
    /// A pod as the API has it, without what it requests.
    init(_ pod: Pod) {
        let ready = pod.status?.conditions?.first { $0.type == "Ready" }
        self.init(
            name: pod.metadata.name,
            phase: pod.status?.phase.flatMap(Phase.init) ?? .unknown,
            isTerminating: pod.metadata.deletionTimestamp != nil,
            readiness: ready.map {
                Readiness(
                    isReady: $0.status == "Unknown" ? nil : $0.status == "True",
                    since: $0.lastTransitionTime?.date ?? .distantPast
                )
            },
            startTime: pod.status?.startTime?.date
        )
    }
}
