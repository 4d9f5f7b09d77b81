public import KubeClient
public import KubeModel
public import KubeRuntime
public import Logging
public import Outbound
public import ServiceLifecycle
import Synchronization

/// Tells the API server which authority vouches for us, in every ``BundleHolder``; the leader's work.
///
/// It looks at every change of the Secret and every minute, so that an object that comes later, or is applied again
/// without the bundle, soon has it. A holder that is missing is no error; it is told once, as long as it lasts.
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
    ///   - told: gets to know what all holders have.
    ///   - time: the clocks.
    ///   - logger: where changes are told.
    public init(
        _ client: KubeClient,
        holders: [BundleHolder],
        secret key: ObjectKey,
        in store: Store<CertificateSecret>,
        told: ToldAuthorities,
        time: TimeSource,
        logger: Logger
    ) {
        var settings = Controller<ObjectKey>.Settings()
        settings.longestRetry = Self.interval
        let log = ToldOnce(logger)
        self.controller = Controller(
            "authority bundles",
            sources: [.store(store)],
            settings: settings,
            time: time,
            logger: logger
        ) { changed in
            guard changed == key, let secret = store[key], secret.identity != nil else { return .awaitChange }
            var (failure, isNew) = ((any Error)?.none, false)
            for holder in holders {
                do {
                    let wasWrong = try await Self.look(at: holder, authority: secret.authority, client, log)
                    isNew = isNew || wasWrong
                } catch {
                    // One that cannot be written must not keep the others from being right.
                    failure = error
                }
            }
            if let failure { throw failure }
            told.found(secret.authority, isNew: isNew, now: time.now())
            return .requeue(after: Self.interval)
        }
    }

    /// Keeps the holders until shutdown.
    public func run() async { await controller.run() }

    /// Puts one holder right.
    ///
    /// - Returns: whether it was not right before.
    private static func look(
        at holder: BundleHolder,
        authority: String,
        _ client: KubeClient,
        _ log: ToldOnce
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

/// Logs what is new about a holder, and not what was told last.
private final class ToldOnce: Sendable {
    /// What was told last.
    private let last = Mutex<[BundleHolder: String]>([:])
    /// Where to log.
    private let logger: Logger

    /// Nothing has been told.
    init(_ logger: Logger) {
        self.logger = logger
    }

    /// Logs a text unless it was the last one.
    func tell(_ level: Logger.Level, _ text: String, about holder: BundleHolder) {
        guard last.withLock({ $0.updateValue(text, forKey: holder) }) != text else { return }
        logger.log(level: level, "\(holder): \(text)")
    }

    /// The last text no longer holds.
    func forget(_ holder: BundleHolder) {
        last.withLock { $0[holder] = nil }
    }
}
