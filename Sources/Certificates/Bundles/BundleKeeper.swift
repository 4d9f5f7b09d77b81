public import KubeClient
public import KubeModel
public import KubeRuntime
public import Logging
public import Outbound
public import ServiceLifecycle
import Synchronization

/// Tells the API server which authority vouches for us, in every ``BundleHolder``; the leader's work.
///
/// What they get is the authority of the Secret as it was good last: one that has not signed what servers present would
/// have the API server refuse us. It looks at every change of the Secret and every minute, so that an object that comes
/// later, or is applied again without the bundle, soon has it. A holder that is missing is no error. One that cannot be
/// read or written is tried again, and a change of authorities waits for it. Either is told once, as long as it lasts.
public struct BundleKeeper: Service {
    /// How often to look without a change.
    private static let interval = Duration.seconds(60)

    /// Drives it.
    private let controller: Controller<ObjectKey>

    /// Makes a keeper; nothing is read before it runs.
    ///
    /// - Parameters:
    ///   - client: who reads and writes.
    ///   - holders: where the authority goes.
    ///   - key: which Secret has it.
    ///   - store: has the Secret.
    ///   - good: knows what was good last.
    ///   - told: gets to know what all holders have.
    ///   - time: the clocks.
    ///   - logger: where changes are told.
    public init(
        _ client: KubeClient,
        holders: [BundleHolder],
        secret key: ObjectKey,
        in store: Store<CertificateSecret>,
        good: SharedSecret,
        told: ToldAuthorities,
        time: TimeSource,
        logger: Logger
    ) {
        let log = HolderLog(logger)
        let retries = Mutex(RetryDelays<ObjectKey>(limit: Self.interval))
        self.controller = Controller(
            "authority bundles",
            sources: [.store(store)],
            time: time,
            logger: logger
        ) { changed, _ in
            guard changed == key, let authority = good.current?.authority else { return .awaitChange }
            var isComplete = true
            for holder in holders {
                do {
                    if try await Self.putRight(holder, authority: authority, client, log) { told.changed() }
                } catch {
                    guard !Task.isCancelled else { throw error }
                    // One that cannot be written must not keep the others from being right.
                    log.failed(holder, authority: authority, error)
                    isComplete = false
                }
            }
            guard isComplete else { return .requeue(after: retries.withLock { $0.failed(key) }) }
            retries.withLock { $0.succeeded(key) }
            told.found(authority, now: time.now())
            return .requeue(after: Self.interval)
        }
    }

    /// Keeps the holders until shutdown.
    public func run() async { await controller.run() }

    /// Puts one holder right.
    ///
    /// - Returns: whether it was not right before.
    private static func putRight(
        _ holder: BundleHolder,
        authority: String,
        _ client: KubeClient,
        _ log: HolderLog
    ) async throws -> Bool {
        let key = ObjectKey(namespace: "", name: holder.name)
        let object: JSONValue
        do {
            object = try await client.answer(to: .get(holder.type, key))
        } catch {
            guard error.isNotFound else { throw error }
            log.tell(.notice, "it is not there, so nobody learns our authority from it", about: holder)
            return false
        }
        switch holder.finding(object, authority: authority) {
        case .upToDate: log.forget(holder)
        case .notWanted(let reason): log.tell(.warning, "the caBundle is left as it is: \(reason)", about: holder)
        case .patch(let patch):
            _ = try await client.send(.patch(holder.type, key, with: patch))
            log.forget(holder)
            log.tell(.notice, "put our authority into the caBundle", about: holder)
            return true
        }
        return false
    }
}
