public import Certificates
import Foundation
import KubeModel
public import Logging
public import Outbound
public import Scaling
public import Serving

/// The way to the replica that polls: here, if we lead, else over HTTPS that both sides verify.
///
/// ``metrics`` is for the API; ``server(at:certificate:onListening:)`` is the port that other replicas ask. What came in
/// by that port is never asked on, so that no question goes in a circle.
public struct PeerRoute: Sendable {
    /// How a replica asks.
    public struct Way: Sendable {
        /// Sends the question; without a proxy, as replicas are neighbours.
        public var transport: any HTTPTransport
        /// The name that the leader's certificate must have, whatever its address.
        public var serverName: String
        /// How long a question may take.
        public var deadline: Duration

        /// Makes a way; 10 s unless said otherwise, longer than a read of the leader's takes as a rule.
        public init(transport: any HTTPTransport, serverName: String, deadline: Duration = .seconds(10)) {
            self.transport = transport
            self.serverName = serverName
            self.deadline = deadline
        }
    }

    /// Our own readings.
    private let local: any MetricSource
    /// Whether we lead now.
    private let isLeading: @Sendable () -> Bool
    /// Who leads, as far as we know; `nil` for nobody.
    private let leader: @Sendable () -> LeadingReplica?
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
    ///   - isLeading: whether we lead now.
    ///   - leader: who leads, as far as we know; `nil` for nobody.
    ///   - identity: who we are to the others; `nil` while we are nobody.
    ///   - way: how to ask.
    ///   - time: the clocks.
    ///   - logger: where to log.
    public init(
        _ local: any MetricSource,
        isLeading: @escaping @Sendable () -> Bool,
        leader: @escaping @Sendable () -> LeadingReplica?,
        identity: @escaping @Sendable () throws -> PeerIdentity?,
        way: Way,
        time: TimeSource = .system,
        logger: Logger
    ) {
        self.local = local
        self.isLeading = isLeading
        self.leader = leader
        self.identity = identity
        self.way = way
        self.time = time
        self.logger = logger
    }

    /// The readings of whoever leads.
    public var metrics: any MetricSource { Routed(route: self) }

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
                isLeading: isLeading,
                trust: PeerTrust(identity),
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
    private struct Routed: MetricSource {
        /// The route.
        let route: PeerRoute

        /// See ``MetricSource``.
        func readings(of metric: String, for object: ObjectKey) async throws(MetricSourceError) -> [MetricReading] {
            if route.isLeading() { return try await route.local.readings(of: metric, for: object) }
            guard let leader = route.leader() else { throw .unavailable("no replica leads now; try again soon") }
            guard case .at(let host, let port) = leader.address else {
                throw .unavailable("the leader \(leader.name) does not say where it can be asked")
            }
            let address = WebAddress(scheme: "https", host: host, port: port)
            return try await route.ask(leader.name, at: address, for: metric, of: object)
        }
    }

    /// Asks the leader.
    private func ask(
        _ name: String,
        at address: WebAddress,
        for metric: String,
        of object: ObjectKey
    ) async throws(MetricSourceError) -> [MetricReading] {
        let answer: PeerAnswer
        do {
            guard let identity = try identity() else {
                throw CertificatesError(.missing, "this replica has no certificate in common with the others yet")
            }
            let question = question(of: metric, of: object, to: address, as: identity)
            answer = try KubeJSON.decode(from: try await body(of: question))
        } catch {
            logger.notice(
                "the leader cannot be asked",
                metadata: ["leader": "\(name)", "address": "\(address)", "error": "\(String(reflecting: error))"]
            )
            let reason = error is DecodingError ? "its answer cannot be read" : "\(error)"
            throw .unavailable("the leader \(name) cannot be asked: \(reason)")
        }
        return try answer.result(for: object)
    }

    /// The answer's body, whatever its status.
    ///
    /// As a stream, which goes over HTTP/1.1: a leader that ends can close such a connection at once while it is idle.
    private func body(of question: HTTPRequest) async throws -> [UInt8] {
        try await way.transport.withResponse(to: question) { _, chunks in
            var body: [UInt8] = []
            for try await chunk in chunks {
                body += chunk
                guard body.count <= 1 << 20 else { throw OutboundError(.tooLarge, "its answer is too large") }
            }
            return body
        }
    }

    /// The question: the external metrics API's own.
    private func question(
        of metric: String,
        of object: ObjectKey,
        to address: WebAddress,
        as identity: PeerIdentity
    ) -> HTTPRequest {
        let api = APIRoute.api
        return HTTPRequest(
            .get,
            address.appending("apis", api.group, api.version, "namespaces", object.namespace, metric)
                .asking("labelSelector", "\(ObjectLabel.name)=\(object.name)"),
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
