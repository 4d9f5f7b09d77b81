internal import KubeModel
internal import KubeRuntime
internal import Logging
internal import Outbound
internal import ServiceLifecycle
internal import Synchronization

/// Listens to the sources of triggers that push, and has their objects polled at once.
///
/// ## Guarantees
/// A listener ends when its trigger changes, cannot be built any more, or goes, when leadership is lost and at shutdown; where a trigger changed, the
/// new listener may begin before the old one is gone. A source that fails is tried again after 2 s, doubling to 60 s; one
/// that ends in good order, or has been heard for longer than that, after 2 s. Polls go on meanwhile.
///
/// - Source: KEDA, `pkg/scalers/etcd_scaler.go`, `Run`, for the rests.
struct PushService: Service {
    /// Whom to listen to.
    let table: PushTable
    /// The clocks.
    let time: TimeSource
    /// For operators.
    let log: Logger
    /// Has an object polled because one of its triggers pushes.
    let push: @Sendable (ObjectKey, TriggerUnit) -> Void

    /// The rests after failures.
    private static let backoff = Backoff(initial: .seconds(2), maximum: .seconds(60))

    /// Listens until shutdown.
    func run() async {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for await listener in table.listeners {
                    group.addTask { await listen(to: listener) }
                }
            }
        }
    }

    /// Listens to one trigger until it changes or goes.
    private func listen(to listener: PushTable.Listener) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await listenAgainAndAgain(to: listener) }
            for await _ in listener.end {}
            group.cancelAll()
        }
    }

    /// Listens to one trigger until cancelled.
    ///
    /// A push says that listening has begun. One that has, and is cut, as proxies cut what is idle, is worth a warning only
    /// when it cannot be begun again.
    private func listenAgainAndAgain(to listener: PushTable.Listener) async {
        var (failures, isDeaf) = (0, false)
        while !Task.isCancelled {
            let start = time.uptime()
            let hasPushed = Atomic(false)
            do {
                try await listener.unit.listen(by: listener.scaler) {
                    hasPushed.store(true, ordering: .relaxed)
                    push(listener.object, listener.unit)
                }
                (failures, isDeaf) = (0, false)
            } catch {
                guard !Task.isCancelled else { return }
                let isLong = time.uptime() - start > Self.backoff.maximum
                if isLong { failures = 0 }
                failures += 1
                let wasHeard = isLong || hasPushed.load(ordering: .relaxed)
                tell(of: error, listener, isNew: !wasHeard && !isDeaf)
                isDeaf = !wasHeard
            }
            // Throws only when cancelled.
            guard (try? await time.sleep(Self.backoff.limit(failures: max(1, failures)))) != nil else { return }
        }
    }

    /// Logs that listening has failed: loudly when it is new that it cannot be begun, else for who looks closely.
    private func tell(of error: any Error, _ listener: PushTable.Listener, isNew: Bool) {
        log.log(
            level: isNew ? .warning : .debug,
            "a trigger is not heard, only polled",
            metadata: [
                "object": "\(listener.object)", "trigger": "\(listener.unit.label)",
                "error": "\(TriggerFailure(error).detail)",
            ]
        )
    }
}
