public import KubeModel

/// Answers "who else targets this?" from memory.
///
/// - Complexity: of each question O(its answer), however many objects there are.
public protocol ClusterIndex: Sendable {
    /// Whether everything has been seen; until then answers may lack somebody.
    var isComplete: Bool { get }

    /// The names of the ScaledObjects of a namespace that scale a workload, in order.
    func scaledObjects(on workload: WorkloadIdentity, in namespace: String) -> [String]

    /// The names of the ScaledObjects of a namespace whose HPA has a name, in order.
    func scaledObjects(withHPA name: String, in namespace: String) -> [String]

    /// The HPAs of a namespace that scale a workload, by name, whoever made them.
    func autoscalers(on workload: WorkloadIdentity, in namespace: String) -> [AutoscalerFacts]
}

/// Which workload of a namespace is scaled.
///
/// The same object under another version counts as another one, as it does for KEDA.
public struct WorkloadIdentity: Sendable, Hashable, CustomStringConvertible {
    /// Group and version.
    public let groupVersion: GroupVersion
    /// Kind.
    public let kind: String
    /// Name.
    public let name: String

    /// Fills in KEDA's defaults, `apps/v1` and `Deployment`, for what is absent or empty.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/gvkr.go`, `ParseGVKR`.
    public init(apiVersion: String?, kind: String?, name: String) {
        self.groupVersion = GroupVersion(apiVersion: apiVersion.flatMap { $0.isEmpty ? nil : $0 } ?? "apps/v1")
        self.kind = kind.flatMap { $0.isEmpty ? nil : $0 } ?? "Deployment"
        self.name = name
    }

    /// What a ScaledObject scales.
    public init(_ reference: ScaledObject.ScaleTargetRef) {
        self.init(apiVersion: reference.apiVersion, kind: reference.kind, name: reference.name)
    }

    /// What an HPA scales.
    public init(_ reference: CrossVersionObjectReference) {
        self.init(apiVersion: reference.apiVersion, kind: reference.kind, name: reference.name)
    }

    /// `<group>/<version>.<Kind>`, as KEDA names kinds.
    public var qualifiedKind: String { "\(groupVersion.group)/\(groupVersion.version).\(kind)" }

    /// Kind and name, different for different workloads.
    public var description: String { "\(qualifiedKind) \(name)" }
}

/// What of an HPA matters to those who want its workload.
public struct AutoscalerFacts: Sendable, Hashable {
    /// The annotation by which an HPA asks not to be looked at.
    public static let exemption = "validations.keda.sh/hpa-ownership"

    /// Its name.
    public let name: String
    /// The names of the ScaledObjects that own it.
    public let owners: [String]
    /// Whether it asks not to be looked at.
    public let isExempt: Bool

    /// Makes facts.
    public init(name: String, owners: [String] = [], isExempt: Bool = false) {
        self.name = name
        self.owners = owners
        self.isExempt = isExempt
    }

    /// Takes over what matters.
    public init(_ hpa: HorizontalPodAutoscaler) {
        let owners = (hpa.metadata.ownerReferences ?? []).filter { $0.kind == ScaledObject.resourceType.kind }
        self.init(
            name: hpa.metadata.name,
            owners: owners.map(\.name),
            isExempt: hpa.metadata.annotations?[Self.exemption] == "false"
        )
    }
}
