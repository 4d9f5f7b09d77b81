public import Foundation

/// Decides what a HorizontalPodAutoscaler does on one pass.
///
/// Pure: same arguments, same answer, no clock, no IO.
///
/// The order is Kubernetes': a target at 0 turns the autoscaler off; a count outside the bounds is put right without
/// asking the metrics and without any limit on speed; otherwise the largest proposal of the metrics is recorded,
/// stabilised and limited.
///
/// - Parameters:
///   - spec: bounds, metrics and behavior.
///   - seen: the target's scale and pods, and one reading for each metric in the spec's order.
///   - history: what the last outcome said to remember.
///   - settings: the controller's flags.
///   - now: the time of this pass.
/// - Returns: the replicas to set, with reasons. Call `succeeded()` or `failed(_:)` on it after writing the scale.
/// - Complexity: linear in pods times metrics, and in the history.
/// - Source: Kubernetes, `pkg/controller/podautoscaler/horizontal.go`, `reconcileAutoscaler`.
public func autoscale(
    _ spec: AutoscalerSpec,
    _ seen: AutoscalerObservation,
    history: AutoscalerHistory,
    settings: AutoscalerSettings = AutoscalerSettings(),
    now: Date
) -> AutoscalerOutcome {
    var pass = AutoscalerPass(spec: spec, seen: seen, history: history, settings: settings, now: now)
    return pass.run()
}

/// One pass of one autoscaler: the state that its steps share.
private struct AutoscalerPass {
    /// What is wanted.
    let spec: AutoscalerSpec
    /// What is seen.
    let seen: AutoscalerObservation
    /// What is remembered.
    var history: AutoscalerHistory
    /// The controller's flags.
    let settings: AutoscalerSettings
    /// The time of the pass.
    let now: Date
    /// The conditions set so far.
    var conditions = AutoscalerConditions()
    /// What the metrics ask for, once they were asked.
    var proposals: [Result<AutoscalerProposal, AutoscalerFailure>] = []

    /// Runs all steps.
    mutating func run() -> AutoscalerOutcome {
        let current = seen.replicas
        conditions.set(AutoscalerCondition(.ableToScale, true, "SucceededGetScale", "the target's scale was read"))
        history.noteFirstSight(of: current, at: now)
        guard current != 0 || wakes else {
            let message = "the target is at 0 replicas, which turns scaling off"
            conditions.set(AutoscalerCondition(.scalingActive, false, "ScalingDisabled", message))
            return outcome(0, .disabled)
        }
        if current > spec.maxReplicas { return outcome(spec.maxReplicas, .aboveMaximum) }
        if current < spec.minReplicas, current != 0 { return outcome(spec.minReplicas, .belowMinimum) }
        guard hasSelector() else { return outcome(current, .noSelector) }
        guard let (desired, metric) = askMetrics() else { return outcome(current, .metricsFailed) }
        let normalized = normalize(desired)
        return outcome(current == 0 ? max(normalized, spec.minReplicas) : normalized, .metric(metric))
    }

    /// Whether a target at 0 may be woken: only if this autoscaler put it to sleep, and something can be measured.
    ///
    /// - Source: Kubernetes 1.36 with the feature gate `HPAScaleToZero`.
    private var wakes: Bool {
        guard settings.scalesToZero, history.hasScaledToZero else { return false }
        return spec.minReplicas > 0 || spec.metrics.contains(where: \.existsWithoutPods)
    }

    /// Whether the target's pods can be told; sets the condition if not.
    private mutating func hasSelector() -> Bool {
        switch seen.selector {
        case .valid:
            return true
        case .invalid(let message):
            conditions.set(AutoscalerCondition(.scalingActive, false, "InvalidSelector", message))
        case .ambiguous(let names):
            let message = "the target's pods are selected by several autoscalers: \(names.joined(separator: ", "))"
            conditions.set(AutoscalerCondition(.scalingActive, false, "AmbiguousSelector", message))
        }
        return false
    }

    /// Asks all metrics; the largest proposal wins.
    ///
    /// A failed metric might have asked for more, so the others may add replicas but not remove any. Of several that ask
    /// for the same the first wins, or the last if they ask for 0.
    ///
    /// - Returns: the replicas, not below 0, and the metric that asked for them; nil if nothing is to be done.
    private mutating func askMetrics() -> (replicas: Int, metric: String)? {
        let tolerance = AutoscalerTolerance(
            up: spec.behavior?.scaleUp.tolerance ?? settings.tolerance,
            down: spec.behavior?.scaleDown.tolerance ?? settings.tolerance
        )
        let calculator = ReplicaCalculator(seen: seen, tolerance: tolerance, settings: settings, now: now)
        var best: (replicas: Int, metric: String)?
        var firstFailure = AutoscalerCondition(
            .scalingActive,
            false,
            "FailedComputeMetricsReplicas",
            "the autoscaler has no metrics"
        )
        for (index, metric) in spec.metrics.enumerated() {
            let reading = index < seen.readings.count ? seen.readings[index] : .failure("the metric was not read")
            let proposal = Result { () throws(AutoscalerFailure) in try calculator.propose(metric, reading) }
            switch proposal {
            case .success(let proposal) where proposal.replicas > best?.replicas ?? .min || best?.replicas == 0:
                best = (proposal.replicas, metric.label)
            case .success:
                break
            case .failure(let failure):
                guard proposals.allSatisfy(\.isSuccess) else { break }
                let message = "\(metric.label): \(failure)"
                firstFailure = AutoscalerCondition(.scalingActive, false, metric.failureReason, message)
            }
            proposals.append(proposal)
        }
        let someFailed = !proposals.allSatisfy(\.isSuccess)
        guard let best, !someFailed || best.replicas >= seen.replicas else {
            conditions.set(firstFailure)
            return nil
        }
        let message = "the recommendation comes from \(best.metric)"
        conditions.set(AutoscalerCondition(.scalingActive, true, "ValidMetricFound", message))
        return (max(best.replicas, 0), best.metric)
    }

    /// Stabilises and limits what the metrics ask for, and records it as it was before.
    private mutating func normalize(_ desired: Int) -> Int {
        let current = seen.replicas
        let stabilized: Int
        let limitation: AutoscalerLimitation
        let memory: TimeInterval
        if let behavior = spec.behavior {
            let upWindow = behavior.scaleUp.stabilization ?? 0
            let downWindow =
                behavior.scaleDown.stabilization ?? settings.downscaleStabilization.rounded(.towardZero)
            stabilized = history.stabilized(
                desired,
                from: current,
                upWindow: upWindow,
                downWindow: downWindow,
                now: now
            )
            limitation = spec.limited(stabilized, from: current, by: behavior, history, now: now)
            memory = max(upWindow, downWindow)
        } else {
            stabilized = history.stabilized(desired, window: settings.downscaleStabilization, now: now)
            let start = current - history.change(within: settings.upscaleLimitPeriod, before: now)
            limitation = spec.limited(stabilized, from: current, rateFrom: start)
            memory = settings.downscaleStabilization
        }
        let isUp = spec.behavior != nil && desired >= current
        conditions.set(.stabilized(stabilized, from: desired, isUp: isUp))
        conditions.set(limitation.condition)
        history.note(recommendation: desired, at: now, keepingFor: memory)
        return limitation.replicas
    }

    /// The outcome of the pass.
    private func outcome(_ desired: Int, _ cause: AutoscalerOutcome.Cause) -> AutoscalerOutcome {
        AutoscalerOutcome(
            currentReplicas: seen.replicas,
            desiredReplicas: desired,
            cause: cause,
            proposals: proposals,
            conditions: conditions.all,
            history: history,
            spec: spec,
            settings: settings,
            now: now
        )
    }
}

extension Result {
    /// Whether there is a value.
    fileprivate var isSuccess: Bool { if case .success = self { true } else { false } }
}
