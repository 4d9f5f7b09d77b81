import Foundation
import KubeModel
import Scaling

/// What the HPA controller writes after a look.
///
/// - Source: Kubernetes, `pkg/controller/podautoscaler/horizontal.go`, `reconcileAutoscaler` and `setStatus`.
extension ClusterState {
    /// Carries out what a look has decided: the target's scale, the HPA's status, and the events that tell of it.
    ///
    /// - Returns: what the controller is to remember.
    mutating func carryOut(_ outcome: AutoscalerOutcome, for look: AutoscalerCase, now: Date) -> AutoscalerHistory {
        var outcome = outcome
        var isRescaled = false
        if outcome.isRescale {
            var wish = look.scale
            wish[path: "spec", "replicas"] = .integer(Int64(outcome.desiredReplicas))
            do {
                _ = try rescale(wish, look.target, by: "kube-controller-manager", now: now)
                isRescaled = true
                outcome = outcome.succeeded()
                tell("Normal", "SuccessfulRescale", Self.words(for: outcome), look.hpa, now: now)
            } catch {
                outcome = outcome.failed(error.status.message ?? "the scale was refused")
            }
        }
        complain(outcome.conditions, about: look.hpa, now: now)
        writeStatus(outcome, look, isRescaled: isRescaled, now: now)
        settle(now: now)
        return outcome.history
    }

    /// Writes why a look came to nothing.
    mutating func carryOut(_ failure: AutoscalerCase.Failure, for id: ObjectID, now: Date) {
        guard var hpa = self[id] else { return }
        let condition: AutoscalerCondition
        switch failure {
        case .noScale(let message): condition = .failedGetScale(message)
        case .unreadable(let metric):
            condition = AutoscalerCondition(.scalingActive, false, "InvalidMetricSourceType", metric.description)
        }
        complain([condition], about: hpa, now: now)
        hpa[path: "status", "conditions"] = Self.conditions([condition], over: hpa, now: now)
        setStatus(hpa["status"] ?? [:], of: id)
        settle(now: now)
    }

    /// Writes the HPA's status; what the look did not find out stays as it was.
    private mutating func writeStatus(
        _ outcome: AutoscalerOutcome,
        _ look: AutoscalerCase,
        isRescaled: Bool,
        now: Date
    ) {
        guard let hpa = self[look.id], hpa.uid == look.hpa.uid else { return }
        var status = hpa["status"] ?? [:]
        status["currentReplicas"] = .integer(Int64(outcome.currentReplicas))
        switch outcome.cause {
        case .noSelector, .metricsFailed: break
        case .disabled, .aboveMaximum, .belowMinimum, .metric:
            status["desiredReplicas"] = .integer(Int64(outcome.desiredReplicas))
            status["currentMetrics"] = Self.currentMetrics(outcome, look)
        }
        if isRescaled { status["lastScaleTime"] = .string(RFC3339.seconds(now)) }
        status["conditions"] = Self.conditions(outcome.conditions, over: hpa, now: now)
        setStatus(status, of: look.id)
    }

    /// The conditions after a look: each keeps its time while its status stays.
    private static func conditions(_ new: [AutoscalerCondition], over hpa: JSONValue, now: Date) -> JSONValue {
        var all = hpa[path: "status", "conditions"]?.array ?? []
        for condition in new {
            let status: JSONValue = condition.isTrue ? "True" : "False"
            let place = all.firstIndex { $0["type"] == .string(condition.kind.rawValue) }
            let old = place.map { all[$0] }
            let now = JSONValue.string(RFC3339.seconds(now))
            let entry: JSONValue = [
                "type": .string(condition.kind.rawValue), "status": status, "reason": .string(condition.reason),
                "message": .string(condition.message),
                "lastTransitionTime": old?["status"] == status ? old?["lastTransitionTime"] ?? now : now,
            ]
            if let place { all[place] = entry } else { all.append(entry) }
        }
        return .array(all)
    }

    /// What each metric was, in the spec's order; one that failed is only an empty type, as the controller writes it.
    private static func currentMetrics(_ outcome: AutoscalerOutcome, _ look: AutoscalerCase) -> JSONValue? {
        let metrics = look.hpa[path: "spec", "metrics"]?.array ?? []
        guard !outcome.proposals.isEmpty else { return nil }
        return .array(
            zip(metrics, outcome.proposals)
                .map { metric, proposal in
                    guard case .success(let proposal) = proposal, let type = metric["type"]?.string else {
                        return ["type": ""]
                    }
                    let member = AutoscalerMetrics.member(of: type)
                    var body = metric[member] ?? [:]
                    body["target"] = nil
                    body["current"] = current(proposal.current)
                    return ["type": .string(type), member: body]
                }
        )
    }

    /// One measured value.
    private static func current(_ value: AutoscalerProposal.Current?) -> JSONValue {
        switch value {
        case .value(let milli): ["value": .string(Quantity(milli: milli).description)]
        case .averageValue(let milli): ["averageValue": .string(Quantity(milli: milli).description)]
        case .utilization(let percent, let milli):
            [
                "averageUtilization": .integer(Int64(percent)),
                "averageValue": .string(Quantity(milli: milli).description),
            ]
        case nil: [:]
        }
    }

    /// Why the target was scaled, for people.
    private static func words(for outcome: AutoscalerOutcome) -> String {
        let reason =
            switch outcome.cause {
            case .aboveMaximum: "Current number of replicas above Spec.MaxReplicas"
            case .belowMinimum: "Current number of replicas below Spec.MinReplicas"
            case .metric(let name) where outcome.desiredReplicas > outcome.currentReplicas: "\(name) above target"
            case .metric, .disabled, .noSelector, .metricsFailed: "All metrics below target"
            }
        return "New size: \(outcome.desiredReplicas); reason: \(reason)"
    }

    /// Tells of conditions that say that something does not work.
    private mutating func complain(_ conditions: [AutoscalerCondition], about hpa: JSONValue, now: Date) {
        for condition in conditions where !condition.isTrue {
            guard condition.kind != .scalingLimited, condition.reason != "ScalingDisabled" else { continue }
            tell("Warning", condition.reason, condition.message, hpa, now: now)
        }
    }

    /// Writes an event about an HPA.
    private mutating func tell(_ type: String, _ reason: String, _ message: String, _ hpa: JSONValue, now: Date) {
        let event = RecordedEvent(
            type: type,
            reason: reason,
            message: message,
            component: "horizontal-pod-autoscaler"
        )
        record(event, about: hpa, now: now)
    }
}
