import Foundation
public import KubeClient
public import KubeModel
public import KubeRuntime
public import Logging
public import Outbound
public import ServiceLifecycle
import Synchronization

/// Keeps the Secret that all replicas share as ``CertificateRotation`` says; the leader's work.
///
/// It looks at every change of the Secret, when a change of authorities is to go on, and every 12 hours. A write that
/// somebody else was faster than is tried again on what they wrote.
public struct CertificateRotator: Service {
    /// How often to look without a change.
    private static let interval = Duration.seconds(12 * 3600)
    /// How often to ask whether everybody has been told.
    private static let patience = Duration.seconds(5)
    /// What a Secret of ours carries.
    ///
    /// - Source: KEDA, `pkg/certificates/certificate_manager.go`, `ensureSecret`.
    private static let labels = [
        "app": "keda-operator", "app.kubernetes.io/name": "keda-operator",
        "app.kubernetes.io/component": "keda-operator", "app.kubernetes.io/part-of": "keda",
    ]

    /// Which Secret.
    private let key: ObjectKey
    /// Drives it.
    private let controller: Controller<ObjectKey>

    /// Makes a rotator; nothing is written before it runs.
    ///
    /// - Parameters:
    ///   - client: who writes.
    ///   - key: which Secret.
    ///   - store: has the Secret, see ``CertificateSecret/reflector(_:of:time:logger:)``.
    ///   - good: knows what was good last.
    ///   - rotation: the rules.
    ///   - told: what the ``BundleKeeper`` has found.
    ///   - time: the clocks.
    ///   - logger: where changes are told.
    public init(
        _ client: KubeClient,
        secret key: ObjectKey,
        in store: Store<CertificateSecret>,
        good: SharedSecret,
        rotation: CertificateRotation,
        told: ToldAuthorities,
        time: TimeSource,
        logger: Logger
    ) {
        self.key = key
        var settings = Controller<ObjectKey>.Settings()
        settings.longestRetry = .seconds(60)
        let former = Mutex<CertificateSecret?>(nil)
        self.controller = Controller(
            "certificates",
            sources: [.store(store)],
            settings: settings,
            time: time,
            logger: logger
        ) { key, _ in
            let (secret, last, now) = (store[key], good.current, time.now())
            let before = former.withLock { former in
                defer { former = last }
                return former
            }
            Self.tell(of: last, after: before, key, logger)
            let action = rotation.action(
                for: secret,
                after: last,
                toldSince: told.since(secret?.authority),
                now: now
            )
            if let new = try rotation.outcome(of: action, over: secret, after: last, now: now) {
                try await Self.write(new, to: key, client)
                Self.tell(of: action, over: secret, key, logger)
            }
            return .requeue(after: Self.pause(after: action, now))
        }
    }

    /// Keeps the Secret until shutdown.
    public func run() async {
        // A Secret that is not there changes nothing, so it would never be looked at.
        controller.enqueue(key)
        await controller.run()
    }

    /// When to look again without a change.
    private static func pause(after action: CertificateRotation.Action, _ now: Date) -> Duration {
        switch action {
        case .settle(nil): patience
        case .settle(let due?): min(max(.seconds(due.timeIntervalSince(now)), .seconds(1)), interval)
        case .keep, .putBack, .renewCertificate, .renewAuthority, .retireAuthorities: interval
        }
    }

    /// Logs that somebody has brought a certificate that who trusted the former ones does not trust.
    private static func tell(
        of new: CertificateSecret?,
        after former: CertificateSecret?,
        _ key: ObjectKey,
        _ logger: Logger
    ) {
        guard let new, let trust = former?.identity, !trust.vouches(for: new.certificate) else { return }
        logger.warning(
            "the authority was replaced at once, so requests may fail until everybody knows the new one",
            metadata: ["secret": "\(key)"]
        )
    }

    /// Logs what was done: loudly where somebody has spoilt something.
    private static func tell(
        of action: CertificateRotation.Action,
        over secret: CertificateSecret?,
        _ key: ObjectKey,
        _ logger: Logger
    ) {
        if case .putBack(let reason) = action {
            logger.warning(
                "put back the certificates that were good last",
                metadata: ["secret": "\(key)", "reason": "\(reason)"]
            )
            return
        }
        // Whoever knew what was good last is gone, so what is there had to be gone on from.
        let isStrange = secret?.identity.map { !$0.vouches(for: $0.pair.certificates) } ?? false
        logger.log(
            level: isStrange ? .warning : .notice,
            "changed the certificates",
            metadata: ["secret": "\(key)", "action": "\(action)"]
        )
    }

    /// Stores a Secret's certificates; what else it holds stays.
    private static func write(_ new: CertificateSecret, to key: ObjectKey, _ client: KubeClient) async throws(KubeError)
    {
        guard let version = new.version else {
            let metadata = ObjectMeta(name: key.name, namespace: key.namespace, labels: labels)
            _ = try await client.create(SecretObject(metadata: metadata, type: "Opaque", data: new.data))
            return
        }
        let data = new.data.mapValues { JSONValue.string($0.base64EncodedString()) }
        let patch: JSONValue = ["metadata": ["resourceVersion": .string(version)], "data": .object(data)]
        _ = try await client.patch(SecretObject.self, key, with: patch)
    }
}
