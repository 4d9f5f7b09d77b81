public import KubeModel

/// Which objects of a kind a list or a watch is about.
public struct Selection: Sendable, Hashable {
    /// `nil` for all namespaces, or for a cluster-wide kind.
    public var namespace: String?
    /// Which labels they have.
    public var labels: LabelSelector
    /// The text of a field selector, such as `metadata.name=x`.
    public var fields: String?

    /// Everything, unless narrowed.
    public init(namespace: String? = nil, labels: LabelSelector = LabelSelector(), fields: String? = nil) {
        self.namespace = namespace
        self.labels = labels
        self.fields = fields
    }
}
