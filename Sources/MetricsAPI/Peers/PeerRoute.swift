public import Certificates
import Foundation
public import KubeModel
public import Logging
public import Outbound
public import Scaling
public import Serving

/// The way to the replica that polls an object: here, if it is ours, else over HTTPS that both sides verify.
///
/// ``metrics`` and ``decisions`` are for the API; ``server(at:certificate:onListening:)`` is the port that other replicas ask. What came in
/// by that port is never asked on, so that no question goes in a circle.
public struct PeerRoute: Sendable {
    /// How a replica asks.
    public struct Way: Sendable {
        /// Sends the question; without a proxy, as replicas are neighbours.
        public var transport: any HTTPTransport
        /// The name that the other's certificate must have, whatever its address.
        public var serverName: String
        /// How long a question may take.
        public var deadline: Duration

        /// Makes a way; 10 s unless said otherwise, longer than a read of the other's takes as a rule.
        public init(transport: any HTTPTransport, serverName: String, deadline: Duration = .seconds(10)) {
            self.transport = transport
            self.serverName = serverName
            self.deadline = deadline
        }
    }

    /// Our own readings.
    private let local: any MetricSource
    /// Our own decisions.
    private let localDecisions: any DecisionSource
    /// Where an object is polled.
    private let place: @Sendable (ObjectKey) -> ObjectPlace
    /// Who we are to the others; `nil` while we are nobody.
    private let identity: @Sendable () throws -> PeerIdentity?
    /// How to ask.
    private let way: Way
    /// The clocks.
    private let time: TimeSource
    /// Where to log.
    private let logger: Logger

    /// Makes a route.
    ///
    /// - Parameters:
    ///   - local: our own readings.
    ///   - decisions: our own decisions.
    ///   - place: where an object is polled.
    ///   - identity: who we are to the others; `nil` while we are nobody.
    ///   - way: how to ask.
    ///   - time: the clocks.
    ///   - logger: where to log.
    public init(
        _ local: any MetricSource,
        decisions: any DecisionSource,
        place: @escaping @Sendable (ObjectKey) -> ObjectPlace,
        identity: @escaping @Sendable () throws -> PeerIdentity?,
        way: Way,
        time: TimeSource = .system,
        logger: Logger
    ) {
        self.local = local
        self.localDecisions = decisions
        self.place = place
        self.identity = identity
        self.way = way
        self.time = time
        self.logger = logger
    }

    /// The readings of whoever polls an object.
    public var metrics: any MetricSource { Routed(route: self) }

    /// The decisions of whoever polls an object.
    public var decisions: any DecisionSource { Routed(route: self) }

    /// The port that other replicas ask, as a service.
    ///
    /// - Parameters:
    ///   - address: where to listen.
    ///   - certificate: must ask clients for theirs.
    ///   - onListening: told the port once the server listens.
    /// - Returns: a service.
    public func server(
        at address: ListenAddress,
        certificate: ServingCertificate,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> WebServer<PeerHandler> {
        WebServer(
            "metrics service",
            at: address,
            certificate: certificate,
            handler: PeerHandler(
                local: local,
                decisions: localDecisions,
                isOurs: { place($0) == .here },
                trust: PeerTrust(identity, name: way.serverName),
                time: time,
                logger: logger
            ),
            refusal: .kubernetes,
            time: time,
            logger: logger,
            onListening: onListening
        )
    }

    /// A source that goes the route.
    private struct Routed: MetricSource, DecisionSource {
        /// The route.
        let route: PeerRoute

        /// See ``MetricSource``.
        func knownReadings(of metric: String, for object: ObjectKey) -> [MetricReading]? {
            route.place(object) == .here ? route.local.knownReadings(of: metric, for: object) : nil
        }

        /// See ``MetricSource``.
        func readings(of metric: String, for object: ObjectKey) async throws(MetricSourceError) -> [MetricReading] {
            let place = route.place(object)
            if place == .here { return try await route.local.readings(of: metric, for: object) }
            let segments = ["namespaces", object.namespace, metric]
            let label = "\(ObjectLabel.name)=\(object.name)"
            return
                try await route.answer(of: place, upTo: 1 << 20) {
                    $0.asking(.metrics, segments).asking("labelSelector", label)
                }
                .readings(for: object)
        }

        /// See ``DecisionSource``.
        func report(on object: ObjectKey) async throws(DecisionSourceError) -> DecisionReport {
            let place = route.place(object)
            if place == .here { return try await route.localDecisions.report(on: object) }
            let segments = ["namespaces", object.namespace, DecisionReport.resourceType.plural, object.name]
            return try await route.answer(of: place, upTo: 16 << 20) { $0.asking(.decisions, segments) }
                .report(on: object)
        }
    }

    /// What another replica answers, or why it cannot be asked.
    ///
    /// - Parameters:
    ///   - place: which replica.
    ///   - limit: bytes of the answer.
    ///   - question: the question's address, from the replica's.
    /// - Returns: an answer in any case.
    private func answer(
        of place: ObjectPlace,
        upTo limit: Int,
        _ question: (WebAddress) -> WebAddress
    ) async -> PeerAnswer {
        guard case .there(let replica) = place else {
            return PeerAnswer(.unavailable, "no replica polls this object now; try again soon")
        }
        guard case .at(let host, let port) = replica.address else {
            return PeerAnswer(.unavailable, "the replica \(replica.name) does not say where it can be asked")
        }
        let address = WebAddress(scheme: "https", host: host, port: port)
        do {
            guard let identity = try identity() else {
                throw CertificatesError(.missing, "this replica has no certificate in common with the others yet")
            }
            let response = try await way.transport.collect(request(question(address), as: identity), upTo: limit)
            return try KubeJSON.decode(from: response.body)
        } catch {
            // Whoever asked may have gone, which tells nothing of the other replica.
            logger.log(
                level: Task.isCancelled ? .debug : .notice,
                Task.isCancelled
                    ? "a question for another replica was called off" : "another replica cannot be asked",
                metadata: [
                    "replica": "\(replica.name)", "address": "\(address)", "error": "\(String(reflecting: error))",
                ]
            )
            let reason = error is DecodingError ? "its answer cannot be read" : "\(error)"
            return PeerAnswer(.unavailable, "the replica \(replica.name) cannot be asked: \(reason)")
        }
    }

    /// The question as it is sent: the API's own, from us.
    private func request(_ address: WebAddress, as identity: PeerIdentity) -> HTTPRequest {
        HTTPRequest(
            .get,
            address,
            tls: TLSSettings(
                authorities: identity.authorities,
                certificate: identity.pair.certificates,
                privateKey: identity.pair.privateKey,
                serverName: way.serverName
            ),
            deadline: way.deadline,
            idleLimit: way.deadline
        )
    }
}

extension WebAddress {
    /// The address of something in one of our APIs.
    fileprivate func asking(_ api: ServedAPI, _ segments: [String]) -> WebAddress {
        appending(segments: ["apis", api.groupVersion.group, api.groupVersion.version] + segments)
    }
}
