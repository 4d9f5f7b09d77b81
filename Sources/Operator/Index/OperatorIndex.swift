internal import KubeModel
internal import KubeRuntime
internal import Scaling

/// Answers "who else targets this?" from what the operator watches.
///
/// The stores keep the names under which each object is found, so an answer costs what it holds. The HPAs are all of
/// the watched namespaces, of which those of others are kept only as far as this needs.
struct OperatorIndex: ClusterIndex {
    /// All ScaledObjects, under ``names(of:_:)-(_,ScaledObject)``.
    let objects: Store<ScaledObject>
    /// All HPAs, under ``names(of:_:)-(_,HorizontalPodAutoscaler)``.
    let hpas: Store<HorizontalPodAutoscaler>

    /// Whether both have been listed.
    var isComplete: Bool { objects.isSynced && hpas.isSynced }

    /// A number that grows with each change of what is known.
    var revision: Int { objects.revision + hpas.revision }

    /// See ``ClusterIndex``.
    func scaledObjects(on workload: WorkloadIdentity, in namespace: String) -> [String] {
        objects.keys(under: Self.name(of: workload, in: namespace)).map(\.name)
    }

    /// See ``ClusterIndex``.
    func scaledObjects(withHPA name: String, in namespace: String) -> [String] {
        objects.keys(under: Self.name(ofHPA: name, in: namespace)).map(\.name)
    }

    /// See ``ClusterIndex``.
    func autoscalers(on workload: WorkloadIdentity, in namespace: String) -> [AutoscalerFacts] {
        hpas.keys(under: Self.name(of: workload, in: namespace)).compactMap { hpas[$0] }.map(AutoscalerFacts.init)
    }

    /// The ScaledObjects to look at when an HPA has changed: its owner, else those who want an HPA of its name.
    ///
    /// One that is gone has no owner any more.
    func users(ofHPA key: ObjectKey) -> [ObjectKey] {
        let owner = hpas[key]?.metadata.ownerReferences?.first { $0.kind == ScaledObject.resourceType.kind }
        let names = owner.map { [$0.name] } ?? scaledObjects(withHPA: key.name, in: key.namespace)
        return names.map { ObjectKey(namespace: key.namespace, name: $0) }
    }

    /// Under which names a ScaledObject is found: its workload's and its HPA's.
    static func names(of key: ObjectKey, _ object: ScaledObject) -> [String] {
        [
            name(of: WorkloadIdentity(object.spec.scaleTargetRef), in: key.namespace),
            name(ofHPA: HPAPlan.name(for: object), in: key.namespace),
        ]
    }

    /// Under which name an HPA is found: its workload's.
    static func names(of key: ObjectKey, _ hpa: HorizontalPodAutoscaler) -> [String] {
        [name(of: WorkloadIdentity(hpa.spec.scaleTargetRef), in: key.namespace)]
    }

    /// What a workload is found under; no part but the last may hold a space.
    private static func name(of workload: WorkloadIdentity, in namespace: String) -> String {
        "workload \(namespace) \(workload)"
    }

    /// What the name of an HPA is found under.
    private static func name(ofHPA name: String, in namespace: String) -> String { "hpa \(namespace) \(name)" }
}

extension HorizontalPodAutoscaler {
    /// Whether it is an HPA of a ScaledObject, which KEDA and we mark with a label.
    var isMarked: Bool { metadata.labels?[ObjectLabel.name] != nil }

    /// What is kept of an HPA of others: no more than ``OperatorIndex`` needs.
    var forIndex: HorizontalPodAutoscaler {
        let exemption = metadata.annotations?[AutoscalerFacts.exemption]
        return HorizontalPodAutoscaler(
            apiVersion: apiVersion ?? Self.resourceType.groupVersion.description,
            metadata: ObjectMeta(
                name: metadata.name,
                namespace: metadata.namespace,
                annotations: exemption.map { [AutoscalerFacts.exemption: $0] },
                ownerReferences: metadata.ownerReferences
            ),
            spec: HPASpec(
                scaleTargetRef: spec.scaleTargetRef,
                minReplicas: nil,
                maxReplicas: spec.maxReplicas,
                metrics: []
            )
        )
    }
}
