/// The metadata that every object has; only the fields we use, `managedFields` above all left out.
public struct ObjectMeta: Codable, Sendable, Hashable {
    /// The object's name.
    public var name: String
    /// Absent for cluster-wide kinds.
    public var namespace: String?
    /// Set by the server, different for each life of a name.
    public var uid: String?
    /// Opaque; equal means the same state.
    public var resourceVersion: String?
    /// Counts changes of the spec.
    public var generation: Int64?
    /// When the server first stored it.
    public var creationTimestamp: Timestamp?
    /// When deletion was asked for; such an object waits for its finalizers.
    public var deletionTimestamp: Timestamp?
    /// Absent is the same as empty.
    public var labels: [String: String]?
    /// Absent is the same as empty.
    public var annotations: [String: String]?
    /// Who must act before the object may vanish.
    public var finalizers: [String]?
    /// With whom it is deleted.
    public var ownerReferences: [OwnerReference]?

    /// Makes metadata.
    public init(
        name: String,
        namespace: String? = nil,
        uid: String? = nil,
        resourceVersion: String? = nil,
        generation: Int64? = nil,
        creationTimestamp: Timestamp? = nil,
        deletionTimestamp: Timestamp? = nil,
        labels: [String: String]? = nil,
        annotations: [String: String]? = nil,
        finalizers: [String]? = nil,
        ownerReferences: [OwnerReference]? = nil
    ) {
        self.name = name
        self.namespace = namespace
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.generation = generation
        self.creationTimestamp = creationTimestamp
        self.deletionTimestamp = deletionTimestamp
        self.labels = labels
        self.annotations = annotations
        self.finalizers = finalizers
        self.ownerReferences = ownerReferences
    }

    /// Which object this is within its kind.
    public var key: ObjectKey { ObjectKey(namespace: namespace ?? "", name: name) }
}

/// An object's place within its kind.
public struct ObjectKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Empty for cluster-wide kinds.
    public var namespace: String
    /// The object's name.
    public var name: String

    /// Makes a key.
    public init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    /// `namespace/name`, or only the name.
    public var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }

    /// By namespace, then by name.
    public static func < (one: ObjectKey, other: ObjectKey) -> Bool {
        (one.namespace, one.name) < (other.namespace, other.name)
    }
}

/// Whose part an object is.
public struct OwnerReference: Codable, Sendable, Hashable {
    /// Group and version of the owner.
    public var apiVersion: String
    /// Kind of the owner.
    public var kind: String
    /// Name of the owner, in the same namespace or cluster-wide.
    public var name: String
    /// The owner's life that is meant.
    public var uid: String
    /// Whether this owner is the one that manages the object.
    public var controller: Bool?
    /// Whether foreground deletion of the owner waits for this object.
    public var blockOwnerDeletion: Bool?

    /// Makes a reference.
    public init(
        apiVersion: String,
        kind: String,
        name: String,
        uid: String,
        controller: Bool? = nil,
        blockOwnerDeletion: Bool? = nil
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
        self.uid = uid
        self.controller = controller
        self.blockOwnerDeletion = blockOwnerDeletion
    }
}
