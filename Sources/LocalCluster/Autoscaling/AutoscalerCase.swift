import Foundation
import KubeModel
import Scaling

/// All that one look at one HPA needs, read at one moment.
struct AutoscalerCase: Sendable {
    /// Where the HPA is.
    let id: ObjectID
    /// The HPA as stored.
    let hpa: JSONValue
    /// What it wants.
    let spec: AutoscalerSpec
    /// What it scales.
    let target: ResourceTarget
    /// The target's scale.
    let scale: JSONValue
    /// Whether the target's pods can be told.
    let selector: AutoscalerObservation.Selector
    /// The target's pods.
    let pods: [AutoscalerPod]

    /// Why a look ends before the metrics.
    enum Failure: Error {
        /// The target is not there or cannot be scaled.
        case noScale(String)
        /// The HPA makes no sense.
        case unreadable(UnreadableMetric)
    }

    /// Whether the metrics are to be asked: not of a target that is at 0, nor of one outside the bounds.
    var needsMetrics: Bool {
        scale.count("spec", "replicas") != 0
            && (spec.minReplicas...max(spec.minReplicas, spec.maxReplicas)).contains(scale.count("spec", "replicas"))
    }

    /// What the controller sees once the metrics have been read.
    func observation(_ readings: [AutoscalerReading]) -> AutoscalerObservation {
        AutoscalerObservation(
            replicas: scale.count("spec", "replicas"),
            existingReplicas: scale.count("status", "replicas"),
            selector: selector,
            pods: pods,
            readings: readings
        )
    }

    /// The external metrics to read, by their place in the spec.
    var externalMetrics: [(index: Int, name: String, selector: LabelSelector)] {
        (hpa[path: "spec", "metrics"]?.array ?? []).enumerated()
            .compactMap { index, metric in
                guard let identifier = metric[path: "external", "metric"] else { return nil }
                let selector = identifier["selector"]
                    .flatMap { selector in
                        // Checked when the HPA was stored; one that cannot be read narrows nothing.
                        try? KubeJSON.decode(LabelSelector.self, from: selector)
                    }
                return (index, identifier["name"]?.string ?? "", selector ?? LabelSelector())
            }
    }
}

extension ClusterState {
    /// The HPAs that are there.
    var autoscalers: [ObjectID] {
        shelf(BuiltInKinds.ID.autoscalers).objects.keys.sorted()
            .map {
                ObjectID(kind: BuiltInKinds.ID.autoscalers, key: $0)
            }
    }

    /// Reads what a look at an HPA needs; `nil` if it is gone or going.
    func autoscalerCase(_ id: ObjectID) -> Result<AutoscalerCase, AutoscalerCase.Failure>? {
        guard let hpa = self[id], !hpa.isTerminating else { return nil }
        do throws(AutoscalerCase.Failure) {
            let (target, scale) = try scaleTarget(of: hpa)
            let spec: AutoscalerSpec
            do { spec = try AutoscalerSpec(stored: hpa) } catch { throw .unreadable(error) }
            let (selector, pods) = scaledPods(scale, of: hpa)
            return .success(
                AutoscalerCase(
                    id: id,
                    hpa: hpa,
                    spec: spec,
                    target: target,
                    scale: scale,
                    selector: selector,
                    pods: pods.map(AutoscalerPod.init)
                )
            )
        } catch {
            return .failure(error)
        }
    }

    /// What an HPA scales, and its scale.
    private func scaleTarget(of hpa: JSONValue) throws(AutoscalerCase.Failure) -> (ResourceTarget, JSONValue) {
        let reference = hpa[path: "spec", "scaleTargetRef"] ?? [:]
        let version = GroupVersion(apiVersion: reference["apiVersion"]?.string ?? "v1")
        let (kindName, name) = (reference["kind"]?.string ?? "", reference["name"]?.string ?? "")
        guard let (kind, view) = kinds.kind(named: kindName, in: version), kind.scale != nil else {
            throw .noScale("no matches for kind \"\(kindName)\" in group \"\(version.group)\"")
        }
        let target = ResourceTarget(kind: kind, view: view, namespace: hpa.namespace, name: name, subresource: "scale")
        do { return (target, try scale(of: find(target), target)) } catch {
            throw .noScale(error.status.message ?? "it cannot be read")
        }
    }

    /// The pods that a scale selects, unless another HPA selects them too.
    private func scaledPods(
        _ scale: JSONValue,
        of hpa: JSONValue
    ) -> (AutoscalerObservation.Selector, [JSONValue]) {
        let text = scale[path: "status", "selector"]?.string ?? ""
        guard !text.isEmpty else { return (.invalid("the HPA target's scale is missing a selector"), []) }
        guard let selector = try? LabelSelector(parsing: text) else {
            return (.invalid("couldn't convert selector into a corresponding internal selector object: \(text)"), [])
        }
        let pods = shelf(BuiltInKinds.ID.pods).objects
            .filter { key, pod in
                key.namespace == hpa.namespace && selector.matches(pod.labels)
            }
            .sorted { $0.key < $1.key }.map(\.value)
        // Nobody has a rival where there is nothing to share, and to look for rivals is to look at every HPA.
        guard !pods.isEmpty else { return (.valid, []) }
        let rivals = autoscalers.filter { id in
            guard id.key.namespace == hpa.namespace, id.key.name != hpa.name, let other = self[id],
                let (_, scale) = try? scaleTarget(of: other),
                let text = scale[path: "status", "selector"]?.string, !text.isEmpty,
                let selector = try? LabelSelector(parsing: text)
            else { return false }
            return pods.contains { selector.matches($0.labels) }
        }
        guard rivals.isEmpty else { return (.ambiguous(([hpa.name] + rivals.map(\.key.name)).sorted()), pods) }
        return (.valid, pods)
    }
}

extension ResourceTarget {
    /// Names an object of a kind.
    init(kind: Kind, view: Kind.View, namespace: String?, name: String?, subresource: String?) {
        self.kind = kind
        self.view = view
        self.namespace = kind.isNamespaced ? namespace : nil
        self.name = name
        self.subresource = subresource
    }
}

extension AutoscalerPod {
    /// A stored pod, as the rules look at it.
    fileprivate init(_ pod: JSONValue) {
        let conditions = pod[path: "status", "conditions"]?.array ?? []
        let ready = conditions.first { $0["type"] == "Ready" }
        self.init(
            name: pod.name,
            phase: Phase(rawValue: pod[path: "status", "phase"]?.string ?? "") ?? .unknown,
            isTerminating: pod.isTerminating,
            readiness: ready.map { condition in
                Readiness(
                    isReady: ["True": true, "False": false][condition["status"]?.string ?? ""],
                    since: condition["lastTransitionTime"]?.string.flatMap(RFC3339.date) ?? .distantPast
                )
            },
            startTime: pod[path: "status", "startTime"]?.string.flatMap(RFC3339.date),
            containers: (pod[path: "spec", "containers"]?.array ?? [])
                .map { container in
                    Container(
                        name: container["name"]?.string ?? "",
                        requests: (container[path: "resources", "requests"]?.object ?? [:])
                            .compactMapValues { AutoscalerMetrics.quantity($0)?.milli }
                    )
                }
        )
    }
}
