internal import KubeClient
internal import KubeModel
internal import Logging
internal import Outbound
internal import Scaling

extension ObjectReconciler {
    /// Does what a poll came to.
    ///
    /// - Returns: how soon to try again; `nil` when it is done.
    @inline(never)
    func act(on poll: Polled, _ pass: ObjectPass) async -> Duration? {
        guard case .scale(let replicas, _) = poll.found.decision else { return nil }
        do {
            try await world.instruments.writing(.scale) { () async throws(KubeError) in
                try await targets.set(poll.scale, to: replicas, of: pass.runtime.target)
            }
        } catch {
            return miss(poll, pass, error)
        }
        pass.runtime.note(outdated: poll.scale)
        tell(ofScaling: poll, pass)
        return nil
    }

    /// Notes that the target could not be scaled.
    ///
    /// - Returns: how soon to try again.
    @inline(never)
    private func miss(_ poll: Polled, _ pass: ObjectPass, _ error: KubeError) -> Duration {
        if error.isConflict { pass.runtime.note(outdated: poll.scale) }
        // Somebody else was faster, or the object is another replica's now: the next pass sees what they did. That is
        // nothing to tell people about.
        if !error.isConflict, !error.isNotLeading, case .scale(let replicas, let cause) = poll.found.decision {
            world.log.warning(
                "cannot scale",
                metadata: ["object": "\(pass.object.key)", "error": "\(String(reflecting: error))"]
            )
            let event = ObjectEvent.notScaled(
                because: cause,
                pass.runtime.target.description,
                from: poll.scale.replicas,
                to: replicas,
                error: error.description
            )
            world.announce(event, pass.object)
        }
        return Self.retryDelay(after: error)
    }

    /// Tells people that the target was scaled.
    @inline(never)
    private func tell(ofScaling poll: Polled, _ pass: ObjectPass) {
        guard case .scale(let replicas, let cause) = poll.found.decision else { return }
        let (target, seen) = (pass.runtime.target.description, poll.found.seen)
        world.log.info(
            "scaled",
            metadata: [
                "object": "\(pass.object.key)", "target": "\(target)", "from": "\(poll.scale.replicas)",
                "to": "\(replicas)", "cause": "\(cause)",
            ]
        )
        let event = ObjectEvent.scaled(
            because: cause,
            target,
            from: poll.scale.replicas,
            to: replicas,
            metrics: seen.composite == nil ? seen.triggers.flatMap(\.activeMetrics) : [Composite.metricName]
        )
        if let event { world.announce(event, pass.object) }
    }
}
