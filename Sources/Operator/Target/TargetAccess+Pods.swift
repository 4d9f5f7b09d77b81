internal import KubeClient
internal import KubeModel
internal import Outbound
internal import Scaling

/// What is to be known of a target's pods.
extension TargetAccess {
    /// For how long a decision waits for what pods use.
    private static let patience = Duration.seconds(10)

    /// How many of the target's pods are ready, counted page by page.
    ///
    /// - Throws: `KubeError`; ``TargetError`` for a target that does not say which pods are its own.
    func readyPods(of scale: Scale, _ target: ScaleTarget) async throws -> Int {
        var ready = 0
        try await eachPage(of: selection(of: scale, target)) { ready += $0.count(where: \.isReady) }
        return ready
    }

    /// Looks at the target's pods, and at what they use, as far as metrics ask for it.
    ///
    /// A target at 0 has none worth a look. What cannot be read is a failure of the metrics that need it.
    ///
    /// - Throws: `CancellationError`.
    func look(at scale: Scale, _ target: ScaleTarget, for metrics: [AutoscalerMetric]) async throws -> PodLook {
        guard scale.replicas > 0, metrics.contains(where: \.needsPods) else { return PodLook() }
        let selection: Selection
        do throws(TargetError) {
            selection = try await self.selection(of: scale, target)
        } catch {
            try Task.checkCancellation()
            return PodLook(pods: .failure(TriggerFailure(error)), usage: .failure(TriggerFailure(error)))
        }
        async let used = metrics.contains(where: \.isOfPods) ? usage(of: selection) : .success([])
        let pods = await pods(of: selection)
        let look = PodLook(pods: pods, usage: await used)
        try Task.checkCancellation()
        return look
    }

    /// The target's pods as the HPA's algorithm looks at them.
    private func pods(of selection: Selection) async -> Result<[AutoscalerPod], TriggerFailure> {
        do {
            var pods: [AutoscalerPod] = []
            try await eachPage(of: selection) { pods += $0.map(AutoscalerPod.init) }
            return .success(pods)
        } catch {
            return .failure(TriggerFailure(error))
        }
    }

    /// What the target's pods use; the API knows no pages.
    private func usage(of selection: Selection) async -> Result<[PodMetrics], TriggerFailure> {
        do {
            // A pod whose metrics make no sense is as good as one without.
            return .success(try await client.page(PodMetrics.self, selection, limit: nil, within: Self.patience).items)
        } catch {
            guard error.isNotFound else { return .failure(TriggerFailure(error)) }
            return .failure(
                TriggerFailure("nobody serves metrics.k8s.io; install metrics-server, or whatever else measures pods")
            )
        }
    }

    /// Reads the target's pods, page by page.
    private func eachPage(of selection: Selection, _ take: ([Pod]) -> Void) async throws {
        var token: String?
        repeat {
            let page = try await client.page(Pod.self, selection, limit: client.settings.pageSize, continuing: token)
            take(page.items)
            token = page.next
        } while token != nil
    }

    /// Which pods are the target's; asked for where the scale is one that a watch has shown.
    private func selection(of scale: Scale, _ target: ScaleTarget) async throws(TargetError) -> Selection {
        var shown = scale.status?.selector
        if shown == nil { shown = try await currentScale(of: target).status?.selector }
        guard let text = shown, !text.isEmpty, let selector = try? LabelSelector(parsing: text) else {
            // What is wrong with the text is of no use to anybody here: the API server wrote it.
            throw .unreadable("the scale target does not tell the selector of its pods")
        }
        return Selection(namespace: target.key.namespace, labels: selector)
    }
}

extension AutoscalerMetric {
    /// Whether it means nothing without looking at pods.
    fileprivate var needsPods: Bool {
        switch self {
        case .external(_, .value), .object(_, .value): true
        case .external(_, .averageValue), .object(_, .averageValue): false
        case .pods, .resource: true
        }
    }

    /// Whether it is about what pods use.
    fileprivate var isOfPods: Bool { if case .resource = self { true } else { false } }
}
