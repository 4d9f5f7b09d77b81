/// The `/scale` subresource of anything that has one.
public struct Scale: Codable, Sendable, Hashable {
    /// `autoscaling/v1`, or what the kind's group serves.
    public var apiVersion: String
    /// `Scale`.
    public var kind: String
    /// See ``metadata``.
    @usableFromInline var sharedMetadata: SharedValue<ObjectMeta>
    /// What is wanted.
    public var spec: Spec
    /// What is there.
    public var status: Status?

    /// Of the scaled object; its `resourceVersion` guards a replace.
    @inlinable public var metadata: ObjectMeta {
        get { sharedMetadata.value }
        set { sharedMetadata = SharedValue(newValue) }
    }

    /// As the API server names them.
    private enum CodingKeys: String, CodingKey {
        case apiVersion, kind, spec, status
        case sharedMetadata = "metadata"
    }

    /// What is wanted.
    public struct Spec: Codable, Sendable, Hashable {
        /// Pods; absent means 0, as Go omits it.
        public var replicas: Int?

        /// Makes a wish.
        public init(replicas: Int?) { self.replicas = replicas }
    }

    /// What is there.
    public struct Status: Codable, Sendable, Hashable {
        /// Pods, ready or not.
        public var replicas: Int
        /// Text form of the selector of the pods.
        public var selector: String?

        /// Makes a state.
        public init(replicas: Int, selector: String?) {
            self.replicas = replicas
            self.selector = selector
        }
    }

    /// Makes a scale.
    public init(
        apiVersion: String = "autoscaling/v1",
        kind: String = "Scale",
        metadata: ObjectMeta,
        spec: Spec,
        status: Status?
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.sharedMetadata = SharedValue(metadata)
        self.spec = spec
        self.status = status
    }

    /// The wanted number of pods.
    public var replicas: Int { spec.replicas ?? 0 }
}
