public import KubeModel

/// The last evaluations of one object, as programs get them.
public struct DecisionReport: Codable, Sendable, Hashable {
    /// Where it is served, under the name of its ScaledObject.
    public static let resourceType = ResourceType(
        GroupVersion("decisions.swell.dev", "v1alpha1"),
        kind: "ScaledObjectDecisions",
        plural: "scaledobjects"
    )

    /// Which object.
    public struct Metadata: Codable, Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its namespace.
        public var namespace: String
    }

    /// Evaluations that came to the same.
    public struct Entry: Codable, Sendable, Hashable {
        /// When the first of them was.
        public var first: MicroTimestamp
        /// When the last of them was.
        public var last: MicroTimestamp
        /// How many they are.
        public var count: Int
        /// The last of them.
        public var decision: DecisionRecord
    }

    /// `decisions.swell.dev/v1alpha1`.
    public var apiVersion: String
    /// `ScaledObjectDecisions`.
    public var kind: String
    /// Which object.
    public var metadata: Metadata
    /// Newest last.
    public var entries: [Entry]

    /// Puts a log into words.
    ///
    /// - Parameters:
    ///   - object: whose it is.
    ///   - log: its evaluations.
    public init(of object: ObjectKey, _ log: DecisionLog) {
        self.apiVersion = Self.resourceType.groupVersion.description
        self.kind = Self.resourceType.kind
        self.metadata = Metadata(name: object.name, namespace: object.namespace)
        self.entries = log.entries.map { entry in
            Entry(
                first: MicroTimestamp(entry.first),
                last: MicroTimestamp(entry.evaluation.time),
                count: entry.count,
                decision: DecisionRecord(entry.evaluation)
            )
        }
    }
}
