/// The part of a pod that scaling rules look at.
public struct Pod: KubeResource, Hashable {
    /// `v1` Pod.
    public static let resourceType = ResourceType(GroupVersion("", "v1"), kind: "Pod", plural: "pods")
    /// Name, labels, deletion and so on.
    public var metadata: ObjectMeta
    /// Where it runs and what it asks for.
    public var spec: Spec?
    /// How it is.
    public var status: Status?

    /// The part of the spec that we use.
    public struct Spec: Codable, Sendable, Hashable {
        /// Absent until scheduled.
        public var nodeName: String?
        /// Those that run for the pod's whole life.
        public var containers: [Container]?
        /// Those that run before them, and those that restart always beside them.
        public var initContainers: [Container]?
        /// What the pod as a whole asks for.
        public var resources: Resources?
        /// What running the pod costs besides, by resource.
        public var overhead: [String: Quantity]?
    }

    /// The part of a container that we use.
    public struct Container: Codable, Sendable, Hashable {
        /// Its name.
        public var name: String
        /// What it asks for.
        public var resources: Resources?
        /// `Always` makes an init container one that runs for the pod's whole life.
        public var restartPolicy: String?
    }

    /// What somebody asks for.
    public struct Resources: Codable, Sendable, Hashable {
        /// By resource: `cpu` in cores, `memory` in bytes.
        public var requests: [String: Quantity]?
    }

    /// The part of the status that we use.
    public struct Status: Codable, Sendable, Hashable {
        /// `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`.
        public var phase: String?
        /// When the kubelet took it.
        public var startTime: Timestamp?
        /// `Ready` among them.
        public var conditions: [Condition]?
    }

    /// One condition.
    public struct Condition: Codable, Sendable, Hashable {
        /// Such as `Ready`.
        public var type: String
        /// `True`, `False` or `Unknown`.
        public var status: String
        /// When `status` last changed.
        public var lastTransitionTime: Timestamp?
    }

    /// Whether it runs and says that it is ready.
    public var isReady: Bool {
        status?.phase == "Running"
            && status?.conditions?.contains { $0.type == "Ready" && $0.status == "True" } == true
    }
}
