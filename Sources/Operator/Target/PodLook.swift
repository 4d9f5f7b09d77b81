internal import Foundation
internal import KubeModel
internal import Outbound
internal import ScalerKit
internal import Scaling

/// What a look at a target's pods found.
struct PodLook: Sendable {
    /// The pods; or why they cannot be told.
    var pods: Result<[AutoscalerPod], TriggerFailure> = .success([])
    /// What they use; or why that cannot be told.
    var usage: Result<[PodMetrics], TriggerFailure> = .success([])

    /// The pods that are known.
    var knownPods: [AutoscalerPod] {
        switch pods {
        case .success(let pods): pods
        case .failure: []
        }
    }

    /// What the look says of a metric; `nil` for one that can be told without it.
    func reading(of metric: AutoscalerMetric) -> AutoscalerReading? {
        do throws(TriggerFailure) {
            switch metric {
            case .external(_, .averageValue), .object, .pods: return nil
            case .external(_, .value):
                _ = try pods.get()
                return nil
            case .resource(let name, let container, _):
                _ = try pods.get()
                return .samples(try Self.samples(of: name, in: usage.get(), container: container))
            }
        } catch {
            return .failure(error.description)
        }
    }

    /// How much of a resource each pod uses.
    ///
    /// A pod of which not every container is known, or that does not say over which time it was measured, has none.
    ///
    /// - Parameters:
    ///   - resource: `cpu` or `memory`.
    ///   - usage: what all pods use.
    ///   - container: the only container that counts; `nil` for all.
    /// - Returns: by the pod's name.
    /// - Throws: where a pod that was measured has no such container.
    /// - Source: Kubernetes, `pkg/controller/podautoscaler/metrics/client.go`.
    static func samples(
        of resource: String,
        in usage: [PodMetrics],
        container: String?
    ) throws(TriggerFailure) -> [String: AutoscalerSample] {
        var samples: [String: AutoscalerSample] = [:]
        for pod in usage {
            var containers = pod.containers
            if let container {
                containers = containers.filter { $0.name == container }
                guard !containers.isEmpty else {
                    throw TriggerFailure("container \(container) is not measured in pod \(pod.metadata.name)")
                }
            }
            let values = containers.compactMap { $0.usage[resource]?.milli }
            guard !values.isEmpty, values.count == containers.count, let window = GoDuration.parse(pod.window) else {
                continue
            }
            samples[pod.metadata.name] = AutoscalerSample(
                value: Int64(clamping: values.reduce(Int128(0)) { $0 + Int128($1) }),
                time: pod.timestamp.date,
                window: window / .seconds(1)
            )
        }
        return samples
    }
}

extension AutoscalerPod {
    /// A pod as the API has it.
    init(_ pod: Pod) {
        let ready = pod.status?.conditions?.first { $0.type == "Ready" }
        let sidecars = pod.spec?.initContainers?.filter { $0.restartPolicy == "Always" } ?? []
        self.init(
            name: pod.metadata.name,
            phase: pod.status?.phase.flatMap(Phase.init) ?? .unknown,
            isTerminating: pod.metadata.deletionTimestamp != nil,
            readiness: ready.map {
                Readiness(
                    isReady: $0.status == "Unknown" ? nil : $0.status == "True",
                    since: $0.lastTransitionTime?.date ?? .distantPast
                )
            },
            startTime: pod.status?.startTime?.date,
            containers: ((pod.spec?.containers ?? []) + sidecars)
                .map { Container(name: $0.name, requests: ($0.resources?.requests ?? [:]).mapValues(\.milli)) },
            ownRequests: pod.spec?.ownRequests
        )
    }
}

extension Pod.Spec {
    /// What the pod requests for itself, in milli-units, with what running it costs besides; `nil` where it says nothing.
    ///
    /// - Source: Kubernetes, `component-helpers/resource/helpers.go`, `PodRequests`.
    fileprivate var ownRequests: [String: Int64]? {
        guard let requests = resources?.requests, !requests.isEmpty else { return nil }
        return Dictionary(
            uniqueKeysWithValues: requests.map { name, request in
                let nanos = request.nanos + (overhead?[name]?.nanos ?? 0)
                return (name, Quantity(nanos: nanos).milli)
            }
        )
    }
}
