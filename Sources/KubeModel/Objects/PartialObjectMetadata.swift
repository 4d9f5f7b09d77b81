/// The metadata of an object of any kind, for who wants to know only that it has changed.
public struct PartialObjectMetadata: KubeResource, Hashable {
    /// `meta.k8s.io/v1` PartialObjectMetadata; whoever lists or watches says of which kind.
    public static let resourceType = ResourceType(
        GroupVersion("meta.k8s.io", "v1"),
        kind: "PartialObjectMetadata",
        plural: ""
    )
    /// Metadata only.
    public static let shape = ObjectShape.metadata
    /// Name, namespace, version and so on.
    public var metadata: ObjectMeta
}
