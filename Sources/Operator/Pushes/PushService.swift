internal import KubeModel
internal import KubeRuntime
internal import Logging
internal import Outbound
internal import ServiceLifecycle

/// Listens to the sources of triggers that push, and has their objects polled at once.
///
/// ## Guarantees
/// A listener ends when its trigger changes or goes, when leadership is lost and at shutdown; where a trigger changed, the
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
    private func listenAgainAndAgain(to listener: PushTable.Listener) async {
        var failures = 0
        while !Task.isCancelled {
            let start = time.uptime()
            do {
                try await listener.unit.listen(by: listener.scaler) { push(listener.object, listener.unit) }
                failures = 0
            } catch {
                guard !Task.isCancelled else { return }
                if time.uptime() - start > Self.backoff.maximum { failures = 0 }
                tell(of: error, listener, isFirst: failures == 0)
                failures += 1
            }
            // Throws only when cancelled.
            guard (try? await time.sleep(Self.backoff.limit(failures: max(1, failures)))) != nil else { return }
        }
    }

    /// Logs that listening has failed: loudly when that begins, else for who looks closely.
    private func tell(of error: any Error, _ listener: PushTable.Listener, isFirst: Bool) {
        log.log(
            level: isFirst ? .warning : .debug,
            "a trigger is not heard, only polled",
            metadata: [
                "object": "\(listener.object)", "trigger": "\(listener.unit.label)",
                "error": "\(TriggerFailure(error).detail)",
            ]
        )
    }
}
