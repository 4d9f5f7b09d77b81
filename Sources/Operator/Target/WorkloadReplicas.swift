internal import KubeModel

/// The part of a Deployment or StatefulSet that its `/scale` shows.
struct WorkloadReplicas: KubeResource {
    /// `apps/v1` Deployment; whoever lists or watches says of which kind.
    static let resourceType = ResourceType(GroupVersion("apps", "v1"), kind: "Deployment", plural: "deployments")
    /// The other kind that is watched.
    static let statefulSets = ResourceType(GroupVersion("apps", "v1"), kind: "StatefulSet", plural: "statefulsets")

    /// What is wanted.
    struct Spec: Codable, Sendable {
        /// Pods; the API server always says how many.
        var replicas: Int?
    }

    /// What is there.
    struct Status: Codable, Sendable {
        /// Pods, ready or not; absent means 0, as Go omits it.
        var replicas: Int?
    }

    /// Name, version and so on.
    var metadata: ObjectMeta
    /// What is wanted.
    var spec: Spec
    /// What is there.
    var status: Status?
}

/// What is kept of each Deployment and StatefulSet.
struct KnownReplicas: Sendable, Equatable {
    /// Which state of the object it is of.
    let resourceVersion: String
    /// Pods wanted.
    let wanted: Int
    /// Pods there.
    let existing: Int

    /// What is kept of an object; `nil` for one that says too little.
    init?(_ workload: WorkloadReplicas) {
        guard let version = workload.metadata.resourceVersion, let wanted = workload.spec.replicas else { return nil }
        self.resourceVersion = version
        self.wanted = wanted
        self.existing = workload.status?.replicas ?? 0
    }

    /// The same as a `/scale`, but for the selector of its pods.
    func scale(of key: ObjectKey) -> Scale {
        Scale(
            metadata: ObjectMeta(name: key.name, namespace: key.namespace, resourceVersion: resourceVersion),
            spec: Scale.Spec(replicas: wanted),
            status: Scale.Status(replicas: existing, selector: nil)
        )
    }
}
