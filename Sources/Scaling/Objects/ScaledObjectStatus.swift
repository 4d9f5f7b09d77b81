public import KubeModel

/// What the operator says of a ScaledObject.
public struct ScaledObjectStatus: Codable, Sendable, Hashable {
    /// `<group>/<version>.<Kind>` of the target.
    public var scaleTargetKind: String?
    /// The target's type as the API server serves it.
    public var scaleTargetGVKR: TargetType?
    /// The target's replicas when it was first seen; never changed after.
    public var originalReplicaCount: Int?
    /// When activity last began or ended; see ``ActivityState``.
    public var lastActiveTime: Timestamp?
    /// Names of the external metrics, in the order of the triggers.
    public var externalMetricNames: [String]?
    /// `cpu` and `memory`, where they are used.
    public var resourceMetricNames: [String]?
    /// Ready, Active, Fallback, Paused.
    public var conditions: [Condition]?
    /// Name of the HPA in use.
    public var hpaName: String?
    /// Distinct trigger types, joined by commas.
    public var triggersTypes: String?
    /// Distinct names of authentications, joined by commas.
    public var authenticationsTypes: String?
    /// Whether each external metric is active.
    public var triggersActivity: [String: Activity]?
    /// `composite-metric` where a formula makes one metric of all.
    public var compositeScalerName: String?
    /// Failures in a row of each external metric, where there is a fallback.
    public var health: [String: Health]?
    /// The replicas that `autoscaling.keda.sh/paused-replicas` asks for, while it does.
    public var pausedReplicaCount: Int?

    /// An empty status.
    public init() {}

    /// The type of the scale target; every part is always written.
    public struct TargetType: Codable, Sendable, Hashable {
        /// Empty for the core group.
        public var group: String
        /// API version.
        public var version: String
        /// Kind.
        public var kind: String
        /// Plural, as in URLs.
        public var resource: String

        /// Takes over a type.
        public init(_ type: ResourceType) {
            self.group = type.groupVersion.group
            self.version = type.groupVersion.version
            self.kind = type.kind
            self.resource = type.plural
        }
    }

    /// Whether one metric is active.
    public struct Activity: Codable, Sendable, Hashable {
        /// At the last poll.
        public var isActive: Bool

        /// Makes an entry.
        public init(isActive: Bool) { self.isActive = isActive }
    }

    /// Whether one metric can be read.
    public struct Health: Codable, Sendable, Hashable {
        /// Failures in a row.
        public var numberOfFailures: Int?
        /// Whether the last read went well.
        public var status: State?

        /// Makes an entry.
        public init(numberOfFailures: Int, status: State) {
            self.numberOfFailures = numberOfFailures
            self.status = status
        }

        /// Whether the last read went well.
        public enum State: String, Codable, Sendable, Hashable {
            case happy = "Happy"
            case failing = "Failing"
        }
    }

    /// One condition; without times, so that an unchanged object is never written.
    public struct Condition: Codable, Sendable, Hashable {
        /// `Ready`, `Active`, `Fallback` or `Paused`.
        public var type: Kind
        /// `True`, `False` or `Unknown`.
        public var status: Truth
        /// For programs.
        public var reason: String?
        /// For people.
        public var message: String?

        /// Makes a condition.
        public init(_ type: Kind, _ status: Truth, reason: String? = nil, message: String? = nil) {
            self.type = type
            self.status = status
            self.reason = reason
            self.message = message
        }

        /// Which condition; unknown ones, written by others, are kept as they are.
        public struct Kind: RawRepresentable, Codable, Sendable, Hashable, ExpressibleByStringLiteral {
            /// As it stands in the status.
            public var rawValue: String
            /// Takes any text.
            public init(rawValue: String) { self.rawValue = rawValue }
            /// Takes any text.
            public init(stringLiteral value: String) { self.rawValue = value }
            /// Defined correctly, and its triggers can be read.
            public static let ready: Kind = "Ready"
            /// Some trigger is active.
            public static let active: Kind = "Active"
            /// Some trigger's value is made up from `fallback`.
            public static let fallback: Kind = "Fallback"
            /// Scaling is paused by an annotation.
            public static let paused: Kind = "Paused"
            /// The HPA can read its metrics.
            public static let hpaActive: Kind = "HPAActive"
        }

        /// What Kubernetes takes for a truth value.
        public enum Truth: String, Codable, Sendable, Hashable {
            case yes = "True"
            case no = "False"
            case unknown = "Unknown"
        }
    }

    /// One condition, if it is there; setting replaces it in its place or appends it.
    public subscript(kind: Condition.Kind) -> Condition? {
        get { conditions?.first { $0.type == kind } }
        set {
            var conditions = self.conditions ?? []
            let place = conditions.firstIndex { $0.type == kind }
            switch (newValue, place) {
            case (let condition?, let place?): conditions[place] = condition
            case (let condition?, nil): conditions.append(condition)
            case (nil, let place?): conditions.remove(at: place)
            case (nil, nil): break
            }
            self.conditions = conditions
        }
    }

    /// Adds the four conditions that are missing, in KEDA's order.
    public mutating func initialiseConditions() {
        let initial: [Condition] = [
            Condition(.ready, .unknown), Condition(.active, .unknown), Condition(.fallback, .unknown),
            Condition(.paused, .no),
        ]
        for condition in initial where self[condition.type] == nil { self[condition.type] = condition }
    }
}
