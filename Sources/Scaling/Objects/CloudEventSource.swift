public import KubeModel

/// An `eventing.keda.sh/v1alpha1` CloudEventSource, of which only the metadata is looked at.
public struct CloudEventSource: KubeResource, Hashable {
    /// `eventing.keda.sh/v1alpha1` CloudEventSource.
    public static let resourceType = ResourceType(
        GroupVersion("eventing.keda.sh", "v1alpha1"),
        kind: "CloudEventSource",
        plural: "cloudeventsources"
    )
    /// Name, namespace and so on.
    public var metadata: ObjectMeta
}

/// An `eventing.keda.sh/v1alpha1` ClusterCloudEventSource, of which only the metadata is looked at.
public struct ClusterCloudEventSource: KubeResource, Hashable {
    /// `eventing.keda.sh/v1alpha1` ClusterCloudEventSource.
    public static let resourceType = ResourceType(
        GroupVersion("eventing.keda.sh", "v1alpha1"),
        kind: "ClusterCloudEventSource",
        plural: "clustercloudeventsources",
        isNamespaced: false
    )
    /// Name and so on.
    public var metadata: ObjectMeta
}
