import Foundation
import KubeClient
import KubeModel
import KubeRuntime
import Logging
import MetricsAPI
import Operator
import Outbound
import ServiceLifecycle
import Serving
import Synchronization
import Telemetry

/// Which of several replicas polls and writes what; with one process alone, that one.
///
/// One leads: it polls and writes all, or, with `--shards`, what one replica does for all, while each has shards of its own.
struct Leadership: Sendable {
    /// On the leader's Lease: who it was that wrote so, and among how many shards its installation deals the objects out.
    private static let signature = "swell.dev/shards"

    /// Holds the Lease; `nil` without leader election.
    private let elector: LeaderElector?
    /// Holds shards; `nil` where the leader has them all.
    private let holder: ShardHolder?
    /// Where the others can ask this one.
    private let advertised: AdvertisedAddress

    /// Makes an election as the flags have it; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - configuration: what flags and environment come to.
    ///   - client: writes the Lease.
    ///   - registry: gets a metric.
    ///   - isReady: whether we know all that working takes.
    ///   - time: the clocks.
    ///   - logger: where changes are told.
    init(
        _ configuration: OperatorConfiguration,
        _ client: KubeClient,
        registry: MetricRegistry,
        isReady: @escaping @Sendable () -> Bool,
        time: TimeSource,
        logger: Logger
    ) {
        let advertised = AdvertisedAddress(host: configuration.advertiseAddress)
        self.advertised = advertised
        guard configuration.leaderElect else {
            (self.elector, self.holder) = (nil, nil)
            return
        }
        // Not the name alone: a container that starts again in the same pod is another process.
        let identity = "\(configuration.instance)_\(UUID().uuidString.lowercased())"
        let lease = ObjectKey(namespace: configuration.ownNamespace, name: configuration.leaderElectionID)
        let timing = LeaseTiming(
            lease: configuration.leaseDuration,
            renew: configuration.renewDeadline,
            retry: configuration.retryPeriod
        )
        let signature = "\(configuration.shards) \(identity)"
        let elector = LeaderElector(
            client,
            lease: lease,
            identity: identity,
            timing: timing,
            time: time,
            annotations: { [PollingReplica.annotation: advertised.text, Self.signature: signature] },
            logger: logger
        )
        elector.tell(registry, as: configuration.leaderElectionID)
        self.elector = elector
        guard configuration.shards > 1 else {
            self.holder = nil
            return
        }
        let holder = ShardHolder(
            client,
            layout: ShardLayout(of: lease, count: configuration.shards),
            identity: identity,
            timing: timing,
            time: time,
            mayJoin: isReady,
            leader: { Self.leader(by: elector.lease, shards: configuration.shards) },
            annotations: { [PollingReplica.annotation: advertised.text] },
            logger: logger
        )
        holder.tell(registry)
        self.holder = holder
    }

    /// Whether the leader knows of our shards.
    ///
    /// - Parameters:
    ///   - lease: the leader's; `nil` before it was read, and while there is none.
    ///   - shards: how many there are of ours.
    /// - Returns: whose it is.
    static func leader(by lease: Lease?, shards: Int) -> ShardLeader {
        guard let lease, let name = lease.spec.holderIdentity, !name.isEmpty else { return .unknown }
        return lease.metadata.annotations?[signature] == "\(shards) \(name)" ? .ours : .foreign
    }

    /// Whether there may be others.
    var isElected: Bool { elector != nil }

    /// Which replica polls an object, as far as the Leases have told.
    func place(of key: ObjectKey) -> ObjectPlace {
        if let holder {
            return holder.isOwned(key) ? .here : PollingReplica(holder.lease(of: key)).map { .there($0) } ?? .nowhere
        }
        guard let elector, !elector.isLeading else { return .here }
        return PollingReplica(elector.lease).map { .there($0) } ?? .nowhere
    }

    /// A client that writes only while we lead.
    func guarding(_ client: KubeClient) -> KubeClient {
        guard let elector else { return client }
        return client.guarded { elector.remaining }
    }

    /// A client that writes only while any object may be ours.
    func guardingAny(_ client: KubeClient) -> KubeClient {
        guard let elector, let holder else { return guarding(client) }
        return client.guarded { [elector.remaining, holder.remaining].compactMap { $0 }.max() }
    }

    /// Which objects we may poll and write.
    ///
    /// - Parameters:
    ///   - client: writes, as far as objects are ours.
    ///   - isReadOnly: whether it writes nothing in any case, which no guard may change.
    /// - Returns: all of them while we lead, or those of our shards.
    func ownership(_ client: KubeClient, isReadOnly: Bool) -> Ownership {
        if let holder {
            return .shards(of: holder) { shard in
                isReadOnly ? client : client.guarded { holder.remaining(shard) }
            }
        }
        return .all(by: isReadOnly ? client : guarding(client)) { elector?.isLeading ?? true }
    }

    /// Notes that the others can ask us at a port.
    func advertise(port: Int) { advertised.open(port: port) }

    /// Services with what holds the Leases: it goes first, so that it is shut down last, and hears of that from the last.
    func holding(
        _ services: [ServiceGroupConfiguration.ServiceConfiguration]
    ) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        (elector.map { [Self.gently($0)] } ?? []) + (holder.map { [.init(service: $0)] } ?? []) + services
            + (holder.map { [.init(service: $0.departure)] } ?? [])
    }

    /// Services as they are run by whoever may poll and write objects: by all replicas where there are shards.
    func working(_ services: [any Service]) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        holder == nil ? leading(services) : services.map { .init(service: $0) }
    }

    /// Services as only the leader runs them.
    func leading(_ services: [any Service]) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        guard let elector else { return services.map { .init(service: $0) } }
        return services.map { Self.gently(elector.whileLeading($0)) }
    }

    /// A service whose failure, which is that we no longer lead, lets the servers end what they have begun.
    private static func gently(_ service: some Service) -> ServiceGroupConfiguration.ServiceConfiguration {
        .init(service: service, failureTerminationBehavior: .gracefullyShutdownGroup)
    }
}

/// Where other replicas reach this one; known once its port listens.
private final class AdvertisedAddress: Sendable {
    /// What we are told to give out; `nil` where nobody has said.
    private let host: String?
    /// The port, once it listens.
    private let port = Mutex<Int?>(nil)

    /// Nothing listens yet.
    init(host: String?) {
        self.host = host
    }

    /// The port listens.
    func open(port number: Int) {
        port.withLock { $0 = number }
    }

    /// `HOST:PORT`, IPv6 in brackets.
    var text: String? {
        guard let host, let port = port.withLock({ $0 }) else { return nil }
        return ListenAddress.at(host: host, port: port).description
    }
}
