import Foundation

/// The rules for metrics that each pod has: some pods have no sample, and some samples are not to be trusted.
extension ReplicaCalculator {
    /// What a pod's sample is good for.
    private enum PodState {
        /// The pod is on its way out; it does not count.
        case ignored
        /// The pod is starting; its sample, if any, is not to be trusted.
        case unready
        /// The pod should have a sample and has none.
        case missing
        /// The sample counts.
        case measured(Int64)
    }

    /// A sum over pods.
    private struct Usage {
        /// What they use, measured or assumed, in milli-units.
        var used: Int128 = 0
        /// What they request, in milli-units; 0 unless the target is a percentage.
        var requested: Int128 = 0
        /// How many they are.
        var pods = 0

        /// Adds a pod.
        mutating func add(used: Int64, requested: Int64) {
            self.used += Int128(used)
            self.requested += Int128(requested)
            pods += 1
        }

        /// Adds other pods.
        mutating func add(_ other: Usage) {
            used += other.used
            requested += other.requested
            pods += other.pods
        }

        /// The same pods, using nothing.
        var idle: Usage { Usage(used: 0, requested: requested, pods: pods) }

        /// The average of a pod in whole milli-units, or 0 over no pods.
        var average: Int64 { pods == 0 ? 0 : Int64(clamping: used / Int128(pods)) }

        /// The share of the requests that is used, in whole percent as the status has it.
        var percent: Int32 { requested == 0 ? 0 : Int32(clamping: used * 100 / requested) }
    }

    /// What a metric of single pods asks for.
    ///
    /// A sample of a pod that is not listed (any more) is not thrown away: its value counts in a plain average, and its
    /// pod where missing ones are assumed to be something; both are Kubernetes' way.
    ///
    /// - Parameters:
    ///   - samples: by pod name.
    ///   - resource: the resource's name, or nil for a custom metric.
    ///   - container: the container that is meant, or nil for whole pods.
    ///   - target: what is right.
    /// - Returns: the proposal, relative to the wanted replicas.
    /// - Throws: if no pod has a sample that counts, or one does not say what it requests.
    /// - Complexity: linear in the pods.
    func propose(
        _ samples: [String: AutoscalerSample],
        resource: String?,
        container: String?,
        _ target: AutoscalerMetric.PodTarget
    ) throws(AutoscalerFailure) -> AutoscalerProposal {
        guard !seen.pods.isEmpty else { throw AutoscalerFailure("the selector finds no pods", isOfStart: true) }
        let states = seen.pods.map { state(of: $0, sample: samples[$0.name], isCPU: resource == "cpu") }
        let names = Set(seen.pods.map(\.name))
        let strangers = samples.filter { !names.contains($0.key) }.map(\.value.value)
        let hasSample = states.contains { if case .measured = $0 { true } else { false } }
        guard hasSample || !strangers.isEmpty else {
            throw AutoscalerFailure(
                "no pod that counts has a sample (they may be unready)",
                isOfStart: seen.pods.allSatisfy(isStarting)
            )
        }

        var measured = Usage()
        var missing = Usage()
        var unready = Usage()
        for (pod, state) in zip(seen.pods, states) {
            let requested = try requested(by: pod, resource, container, target)
            switch state {
            case .ignored: break
            case .unready: unready.add(used: 0, requested: requested)
            case .missing: missing.add(used: assumedUsage(requested: requested, target), requested: requested)
            case .measured(let value): measured.add(used: value, requested: requested)
            }
        }
        let ready = measured.pods
        switch target {
        case .averageValue:
            for value in strangers { measured.add(used: value, requested: 0) }
            return propose(measured, ready: ready, strangers: 0, missing: missing, unready: unready, target)
        case .utilization:
            guard measured.requested > 0 else {
                throw AutoscalerFailure("the measured pods request none of the resource")
            }
            let count = strangers.count
            return propose(measured, ready: ready, strangers: count, missing: missing, unready: unready, target)
        }
    }

    /// What the sums ask for.
    ///
    /// Pods without a sample are assumed to be what speaks against a change: busy if the others are idle, idle if
    /// the others are busy. The count must then still move in the direction of the ratio.
    ///
    /// - Parameters:
    ///   - measured: what the ratio is made of.
    ///   - ready: how many listed pods are measured.
    ///   - strangers: how many pods have a sample that is in no sum.
    ///   - missing: the pods without a sample, with what they are assumed to use at most.
    ///   - unready: the pods that are starting.
    ///   - target: what is right.
    /// - Returns: the proposal, relative to the wanted replicas.
    private func propose(
        _ measured: Usage,
        ready: Int,
        strangers: Int,
        missing: Usage,
        unready: Usage,
        _ target: AutoscalerMetric.PodTarget
    ) -> AutoscalerProposal {
        let ratio = ratio(measured, target)
        let current = current(measured, target)
        func answer(_ replicas: Int, _ reason: AutoscalerProposal.Reason) -> AutoscalerProposal {
            AutoscalerProposal(replicas: replicas, ratio: ratio, reason: reason, current: current)
        }
        let growsWithUnready = unready.pods > 0 && ratio > 1
        if missing.pods == 0 && !growsWithUnready {
            if tolerance.holds(ratio) { return answer(seen.replicas, .withinTolerance) }
            return answer(Int(replicasRoundingUp: ratio * Double(ready)), .ratio)
        }
        var assumed = measured
        if ratio < 1 { assumed.add(missing) }
        if ratio > 1 { assumed.add(missing.idle) }
        if growsWithUnready { assumed.add(unready) }
        let newRatio = self.ratio(assumed, target)
        if tolerance.holds(newRatio) { return answer(seen.replicas, .withinTolerance) }
        if (ratio < 1 && newRatio > 1) || (ratio > 1 && newRatio < 1) { return answer(seen.replicas, .uncertain) }
        let replicas = Int(replicasRoundingUp: newRatio * Double(assumed.pods + strangers))
        let isAgainst = newRatio < 1 ? replicas > seen.replicas : newRatio > 1 && replicas < seen.replicas
        return isAgainst ? answer(seen.replicas, .uncertain) : answer(replicas, .ratioWithAssumptions)
    }

    /// Usage over target; first cut to whole percents or milli-units, as the status shows it.
    private func ratio(_ usage: Usage, _ target: AutoscalerMetric.PodTarget) -> Double {
        switch target {
        case .averageValue(let target): Double(usage.average) / Double(target)
        case .utilization(let target): Double(usage.percent) / Double(target)
        }
    }

    /// The measured usage as the status shows it.
    private func current(_ usage: Usage, _ target: AutoscalerMetric.PodTarget) -> AutoscalerProposal.Current {
        switch target {
        case .averageValue: .averageValue(usage.average)
        case .utilization: .utilization(percent: Int(usage.percent), averageValue: usage.average)
        }
    }

    /// What a pod requests, where it matters; a pod that is ignored must say, too.
    private func requested(
        by pod: AutoscalerPod,
        _ resource: String?,
        _ container: String?,
        _ target: AutoscalerMetric.PodTarget
    ) throws(AutoscalerFailure) -> Int64 {
        guard case .utilization = target, let resource else { return 0 }
        return try pod.request(of: resource, container: container)
    }

    /// What a pod without a sample is assumed to use when the others use too little.
    ///
    /// Exactly the target, or its whole request where the target is a lower percentage.
    private func assumedUsage(requested: Int64, _ target: AutoscalerMetric.PodTarget) -> Int64 {
        switch target {
        case .averageValue(let target): target
        case .utilization(let percent): Int64(clamping: Int128(requested) * Int128(max(100, percent)) / 100)
        }
    }

    /// What a pod's sample is good for.
    ///
    /// - Source: `replica_calculator.go`, `groupPods`.
    private func state(of pod: AutoscalerPod, sample: AutoscalerSample?, isCPU: Bool) -> PodState {
        if pod.isTerminating || pod.phase == .failed { return .ignored }
        if pod.phase == .pending { return .unready }
        guard let sample else { return .missing }
        return isCPU && !trusts(sample, of: pod) ? .unready : .measured(sample.value)
    }

    /// Whether a pod need not have a sample yet, or any more.
    private func isStarting(_ pod: AutoscalerPod) -> Bool {
        guard !pod.isTerminating, pod.phase != .failed, let start = pod.startTime else { return true }
        return start.addingTimeInterval(settings.cpuInitializationPeriod) > now
    }

    /// Whether a CPU sample is from a pod past its start, whose burst would otherwise call for more pods.
    private func trusts(_ sample: AutoscalerSample, of pod: AutoscalerPod) -> Bool {
        guard let readiness = pod.readiness, let start = pod.startTime else { return false }
        if start.addingTimeInterval(settings.cpuInitializationPeriod) > now {
            let isWholeWindowReady = sample.time >= readiness.since.addingTimeInterval(sample.window)
            return readiness.isReady != false && isWholeWindowReady
        }
        let hasBeenReady = start.addingTimeInterval(settings.initialReadinessDelay) <= readiness.since
        return readiness.isReady != false || hasBeenReady
    }
}
