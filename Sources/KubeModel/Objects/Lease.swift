/// A claim that expires: who leads, and since when.
public struct Lease: KubeResource, Hashable {
    /// `coordination.k8s.io/v1` Lease.
    public static let resourceType = ResourceType(
        GroupVersion("coordination.k8s.io", "v1"),
        kind: "Lease",
        plural: "leases"
    )
    /// `coordination.k8s.io/v1`.
    public var apiVersion: String?
    /// `Lease`.
    public var kind: String?
    /// Name, namespace and so on.
    public var metadata: ObjectMeta
    /// Who holds it.
    public var spec: Spec

    /// Who holds a lease.
    public struct Spec: Codable, Sendable, Hashable {
        /// Empty or absent when nobody does.
        public var holderIdentity: String?
        /// Seconds after `renewTime` at which others may take it.
        public var leaseDurationSeconds: Int?
        /// When the holder got it.
        public var acquireTime: MicroTimestamp?
        /// When the holder last said that it lives, by its own clock.
        public var renewTime: MicroTimestamp?
        /// How often the holder has changed.
        public var leaseTransitions: Int?

        /// Makes a claim.
        public init(
            holderIdentity: String?,
            leaseDurationSeconds: Int?,
            acquireTime: MicroTimestamp?,
            renewTime: MicroTimestamp?,
            leaseTransitions: Int?
        ) {
            self.holderIdentity = holderIdentity
            self.leaseDurationSeconds = leaseDurationSeconds
            self.acquireTime = acquireTime
            self.renewTime = renewTime
            self.leaseTransitions = leaseTransitions
        }
    }

    /// Makes a lease.
    public init(metadata: ObjectMeta, spec: Spec) {
        self.apiVersion = "coordination.k8s.io/v1"
        self.kind = "Lease"
        self.metadata = metadata
        self.spec = spec
    }
}
