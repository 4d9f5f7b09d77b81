import Foundation
import KubeClient
import KubeModel
import KubeRuntime
import Logging
import MetricsAPI
import Outbound
import ServiceLifecycle
import Serving
import Synchronization
import Telemetry

/// Which of several replicas polls and writes; with one process alone, that one.
struct Leadership: Sendable {
    /// Holds the Lease; `nil` without leader election.
    private let elector: LeaderElector?
    /// Where the others can ask this one.
    private let advertised: AdvertisedAddress

    /// Makes an election as the flags have it; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - configuration: what flags and environment come to.
    ///   - client: writes the Lease.
    ///   - registry: gets a metric.
    ///   - time: the clocks.
    ///   - logger: where changes are told.
    init(
        _ configuration: OperatorConfiguration,
        _ client: KubeClient,
        registry: MetricRegistry,
        time: TimeSource,
        logger: Logger
    ) {
        let advertised = AdvertisedAddress(host: configuration.advertiseAddress)
        self.advertised = advertised
        guard configuration.leaderElect else {
            self.elector = nil
            return
        }
        let elector = LeaderElector(
            client,
            lease: ObjectKey(namespace: configuration.ownNamespace, name: configuration.leaderElectionID),
            // Not the name alone: a container that starts again in the same pod is another process.
            identity: "\(configuration.instance)_\(UUID().uuidString.lowercased())",
            timing: LeaseTiming(
                lease: configuration.leaseDuration,
                renew: configuration.renewDeadline,
                retry: configuration.retryPeriod
            ),
            time: time,
            annotations: { [LeadingReplica.annotation: advertised.text] },
            logger: logger
        )
        elector.tell(registry, as: configuration.leaderElectionID)
        self.elector = elector
    }

    /// Whether we poll and write now.
    var isLeading: Bool { elector?.isLeading ?? true }

    /// Whether there may be others.
    var isElected: Bool { elector != nil }

    /// Who leads, as far as the Lease has told; `nil` for nobody.
    var leader: LeadingReplica? { LeadingReplica(elector?.lease) }

    /// A client that writes only while we lead.
    func guarding(_ client: KubeClient) -> KubeClient {
        guard let elector else { return client }
        return client.guarded { elector.remaining }
    }

    /// Notes that the others can ask us at a port.
    func advertise(port: Int) { advertised.open(port: port) }

    /// What holds the Lease: it goes first, so that it is shut down last.
    var services: [ServiceGroupConfiguration.ServiceConfiguration] {
        elector.map { [Self.gently($0)] } ?? []
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
