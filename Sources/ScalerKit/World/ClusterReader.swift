public import KubeModel
public import Outbound

/// What a scaler may read of the cluster that it runs in.
///
/// The operator's client is one; TestKit has one that answers from closures.
public protocol ClusterReader: Sendable {
    /// Counts the pods that have not ended.
    ///
    /// However many there are, no more than a page of them is in memory.
    ///
    /// - Throws: `OutboundError` when the API server gives no answer.
    func count(_ query: PodQuery) async throws -> PodCount

    /// The data of a ConfigMap or a Secret; `nil` if there is no such object.
    ///
    /// - Throws: `OutboundError` when the API server gives no answer.
    func data(_ query: DataQuery) async throws -> [String: Secret<String>]?
}

/// Which pods are counted.
public struct PodQuery: Sendable, Hashable {
    /// Where.
    public var namespace: String
    /// With which labels.
    public var labels: LabelSelector
    /// How long each page of the list may take.
    public var deadline: Duration

    /// Makes a query.
    public init(in namespace: String, _ labels: LabelSelector, deadline: Duration) {
        self.namespace = namespace
        self.labels = labels
        self.deadline = deadline
    }
}

/// How many pods have not ended, and where they are.
///
/// Pods that wait for a node and pods that are being deleted count; those whose phase is Succeeded or Failed do not.
public struct PodCount: Sendable, Hashable {
    /// All of them.
    public var pods: Int
    /// The nodes that they have been given; those that wait for one have none.
    public var nodes: Set<String>

    /// Nothing counted yet, unless said otherwise.
    public init(pods: Int = 0, nodes: Set<String> = []) {
        self.pods = pods
        self.nodes = nodes
    }
}

/// Whose data is read.
public struct DataQuery: Sendable, Hashable {
    /// The kinds of object that hold data.
    public enum Kind: String, Sendable, Hashable {
        case configMap = "ConfigMap"
        case secret = "Secret"
    }

    /// What it is.
    public var kind: Kind
    /// Which one.
    public var object: ObjectKey
    /// How long the read may take.
    public var deadline: Duration

    /// Makes a query.
    public init(_ kind: Kind, _ object: ObjectKey, deadline: Duration) {
        self.kind = kind
        self.object = object
        self.deadline = deadline
    }
}
