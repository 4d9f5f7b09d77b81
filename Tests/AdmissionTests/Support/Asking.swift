import KubeModel
import ScalerKit
import Scalers
import Scaling
import Synchronization
import Telemetry

@testable import Admission

/// A cluster in which some others are known.
struct FixedIndex: ClusterIndex {
    var isComplete = true
    /// Who is on every workload.
    var objects: [String] = []
    /// Whose HPA has every name.
    var namesakes: [String] = []
    /// Which HPAs are on every workload.
    var hpas: [AutoscalerFacts] = []

    func scaledObjects(on workload: WorkloadIdentity, in namespace: String) -> [String] { objects }
    func scaledObjects(withHPA name: String, in namespace: String) -> [String] { namesakes }
    func autoscalers(on workload: WorkloadIdentity, in namespace: String) -> [AutoscalerFacts] { hpas }
}

/// A cluster with some kinds, workloads and LimitRanges.
struct FixedTargets: TargetReader {
    /// Nothing can be read.
    struct Away: Error {}

    var kinds: Set<String> = []
    var workloads: [String: JSONValue] = [:]
    var limits: [JSONValue] = []
    var isAway = false
    var hidesLimits = false

    func serves(_ kind: String, in version: GroupVersion) async throws -> Bool {
        if isAway { throw Away() }
        return kinds.contains("\(version).\(kind)")
    }

    func workload(_ type: ResourceType, _ key: ObjectKey) async throws -> JSONValue? {
        if isAway { throw Away() }
        return workloads["\(type.plural) \(key)"]
    }

    func limitRanges(in namespace: String) async throws -> [JSONValue] {
        if isAway || hidesLimits { throw Away() }
        return limits
    }

    /// A workload with one container.
    static func workload(_ resources: JSONValue) -> JSONValue {
        ["spec": ["template": ["spec": ["containers": [["name": "main", "resources": resources]]]]]]
    }
}

/// Asks the webhooks, without a server.
final class Asking: Sendable {
    /// What is counted.
    let metrics = MetricRegistry()
    /// What is told in Events.
    let events = Mutex<[ObjectEvent]>([])
    /// Who else there is.
    let index: FixedIndex
    /// What there is to scale.
    let targets: FixedTargets

    init(_ index: FixedIndex = FixedIndex(), _ targets: FixedTargets = FixedTargets()) {
        (self.index, self.targets) = (index, targets)
    }

    /// Asks the reviewer.
    func review(
        _ object: JSONValue,
        at route: AdmissionRoute = .scaledObject,
        replacing old: JSONValue? = nil,
        operation: String? = nil,
        dryRun: Bool = false
    ) async throws -> AdmissionAnswer.Response {
        let review = Self.question(object, replacing: old, operation: operation, dryRun: dryRun)
        let question = try AdmissionQuestion(parsing: KubeJSON.encode(review))
        let reviewer = ObjectReviewer(
            index: index,
            target: TargetRules(targets: targets),
            triggers: TriggerWarnings(scalers: .builtIn),
            instruments: AdmissionInstruments(metrics),
            announce: { event, _ in self.events.withLock { $0.append(event) } }
        )
        return AdmissionAnswer(to: question, try await reviewer.verdict(on: question, at: route)).response
    }

    /// The lines of the metrics page about the webhooks.
    var counts: [String] {
        metrics.page().split(separator: "\n").map(String.init).filter { $0.hasPrefix("keda_webhook") }.sorted()
    }

    /// A question as the API server writes it.
    static func question(
        _ object: JSONValue,
        replacing old: JSONValue? = nil,
        operation: String? = nil,
        dryRun: Bool = false
    ) -> JSONValue {
        [
            "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
            "request": [
                "uid": "u-1", "operation": .string(operation ?? (old == nil ? "CREATE" : "UPDATE")),
                "namespace": "shop", "name": "web", "object": object, "oldObject": old ?? .null,
                "dryRun": .bool(dryRun), "userInfo": ["username": "jane"],
            ],
        ]
    }

    /// A good ScaledObject, changed by a merge patch.
    static func object(_ changes: JSONValue = [:]) -> JSONValue {
        let good: JSONValue = [
            "apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": ["name": "web", "namespace": "shop"],
            "spec": [
                "scaleTargetRef": ["name": "web"],
                "triggers": [
                    [
                        "type": "cron",
                        "metadata": [
                            "timezone": "Europe/Madrid", "start": "0 9 * * 1-5", "end": "0 18 * * 1-5",
                            "desiredReplicas": "4",
                        ],
                    ]
                ],
            ],
        ]
        return MergePatch.apply(changes, to: good)
    }

    /// A good ScaledObject with a cpu trigger alone.
    static func cpuObject(_ spec: JSONValue = ["minReplicaCount": 1]) -> JSONValue {
        let trigger: JSONValue = ["type": "cpu", "metricType": "Utilization", "metadata": ["value": "50"]]
        return object(["spec": MergePatch.apply(spec, to: ["triggers": [trigger]])])
    }
}
