/// Something that happened to an object, for people who ask `kubectl describe` or `kubectl events`.
public struct EventObject: KubeResource, Hashable {
    /// `events.k8s.io/v1` Event, as KEDA writes them; served from Kubernetes 1.19 on.
    public static let resourceType = ResourceType(
        GroupVersion("events.k8s.io", "v1"),
        kind: "Event",
        plural: "events"
    )
    /// `events.k8s.io/v1`.
    public var apiVersion: String?
    /// `Event`.
    public var kind: String?
    /// Name, namespace and so on.
    public var metadata: ObjectMeta
    /// When it was first seen.
    public var eventTime: MicroTimestamp?
    /// How often since, if more than once.
    public var series: Series?
    /// Who saw it, such as `keda-operator`.
    public var reportingController: String?
    /// Which process of them.
    public var reportingInstance: String?
    /// What was being done, up to 128 characters.
    public var action: String?
    /// Why, for programs, up to 128 characters.
    public var reason: String?
    /// To what it happened.
    public var regarding: Reference?
    /// For people, up to 1024 bytes.
    public var note: String?
    /// `Normal` or `Warning`.
    public var type: String?

    /// Repetitions of one event.
    public struct Series: Codable, Sendable, Hashable {
        /// How often, the first included.
        public var count: Int
        /// When last.
        public var lastObservedTime: MicroTimestamp

        /// Makes a series.
        public init(count: Int, lastObservedTime: MicroTimestamp) {
            self.count = count
            self.lastObservedTime = lastObservedTime
        }
    }

    /// The object that an event is about.
    public struct Reference: Codable, Sendable, Hashable {
        /// Group and version.
        public var apiVersion: String?
        /// Kind.
        public var kind: String?
        /// Namespace; absent for cluster-wide kinds.
        public var namespace: String?
        /// Name.
        public var name: String?
        /// The life of the name.
        public var uid: String?

        /// Makes a reference.
        public init(apiVersion: String?, kind: String?, namespace: String?, name: String?, uid: String?) {
            self.apiVersion = apiVersion
            self.kind = kind
            self.namespace = namespace
            self.name = name
            self.uid = uid
        }
    }

    /// Makes an event.
    public init(
        metadata: ObjectMeta,
        eventTime: MicroTimestamp,
        series: Series? = nil,
        reportingController: String,
        reportingInstance: String,
        action: String,
        reason: String,
        regarding: Reference,
        note: String,
        type: String
    ) {
        self.apiVersion = "events.k8s.io/v1"
        self.kind = "Event"
        self.metadata = metadata
        self.eventTime = eventTime
        self.series = series
        self.reportingController = reportingController
        self.reportingInstance = reportingInstance
        self.action = action
        self.reason = reason
        self.regarding = regarding
        self.note = note
        self.type = type
    }
}
