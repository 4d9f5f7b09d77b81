internal import KubeClient
internal import KubeModel
internal import KubeRuntime
internal import Logging
internal import Scaling
internal import ServiceLifecycle

/// Says of each ScaledJob that it is not run, and lets go of those that are being deleted.
struct ScaledJobReconciler: Sendable {
    /// All ScaledJobs.
    let jobs: Store<ScaledJob>
    /// Tells people.
    let announce: @Sendable (Occurrence) -> Void
    /// The API server.
    let client: KubeClient

    /// Does one pass.
    ///
    /// The status is written only where it does not say so yet, and then people are told, once.
    func pass(_ key: ObjectKey) async throws -> ReconcileAction {
        guard let job = jobs[key] else { return .awaitChange }
        if Finalizer.holdsUp(job.metadata) {
            _ = try await Finalizer.remove(from: job.metadata, ScaledJob.resourceType, by: client)
        }
        let status = job.statusNotSupported
        guard job.metadata.deletionTimestamp == nil, status != job.status else { return .awaitChange }
        let isWritten = try await client.patchStatus(
            of: ScaledJob.resourceType,
            job.metadata,
            with: ["conditions": try KubeJSON.value(of: status.conditions)]
        )
        guard isWritten, status[.ready] != job.status?[.ready] else { return .awaitChange }
        announce(
            Occurrence(
                .warning,
                reason: "ScaledJobCheckFailed",
                note: ScaledJob.notSupported,
                about: ScaledJob.resourceType,
                job.metadata
            )
        )
        return .awaitChange
    }
}

/// Says once, when the ScaledJobs are known, how many of them are not run.
struct ScaledJobReport: Service {
    /// All ScaledJobs.
    let jobs: Store<ScaledJob>
    /// For people who run the operator.
    let logger: Logger

    /// Waits for the list, then for shutdown.
    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await jobs.waitUntilSynced() }
        } catch {
            // Shutdown came first: there is nothing to say.
            return
        }
        let count = jobs.values.count
        if count > 0 {
            logger.warning(
                "ScaledJobs are not supported yet: no Jobs are created for them",
                metadata: ["count": "\(count)"]
            )
        }
        try await gracefulShutdown()
    }
}
