import Certificates
import Foundation
import KubeModel
import Outbound
import OutboundCurl
import Scaling
import Serving
import ServiceLifecycle
import TestKit
import Testing

@testable import MetricsAPI

/// Two replicas and the TLS between them, on loopback.
@Suite(.timeLimit(.minutes(2))) struct PeerRouteTests {
    static let key = ObjectKey(namespace: "shop", name: "web")
    static let name = "keda-operator.keda.svc"

    /// Signs both replicas.
    let authority: CertificateAuthority

    init() throws {
        self.authority = try CertificateAuthority(now: Date())
    }

    /// The identity of a replica.
    func identity(
        named name: String = name,
        of authority: CertificateAuthority? = nil,
        believing believed: CertificateAuthority? = nil
    ) throws -> PeerIdentity {
        let pair = try (authority ?? self.authority)
            .issue(CertificateRequest(commonName: name, names: [name]), now: Date())
        return PeerIdentity(authorities: (believed ?? self.authority).certificate, pair: pair)
    }

    /// Runs a leader's port; the follower asks it for a metric.
    ///
    /// - Parameters:
    ///   - leading: whether the other one leads.
    ///   - source: what it reads.
    ///   - serving: who it is.
    ///   - asking: who the follower is; `nil` for nobody.
    /// - Returns: what the follower is told.
    /// - Throws: what keeps the two from being run.
    func answer(
        leading: Bool = true,
        _ source: FixedSource = .halves,
        serving: PeerIdentity? = nil,
        asking: PeerIdentity?
    ) async throws -> Result<[MetricReading], MetricSourceError> {
        try await ask(leading: leading, source, serving: serving, asking: asking) {
            await Self.result(of: $0.metrics)
        }
    }

    /// Runs a leader's port; the follower asks it for decisions.
    func report(
        leading: Bool = true,
        _ decisions: FixedDecisions = FixedDecisions(),
        asking: PeerIdentity?
    ) async throws -> Result<DecisionReport, DecisionSourceError> {
        try await ask(leading: leading, .halves, decisions, asking: asking) { follower in
            do throws(DecisionSourceError) {
                return .success(try await follower.decisions.report(on: Self.key))
            } catch {
                return .failure(error)
            }
        }
    }

    /// Runs a leader's port, and gives what a follower's route makes of it.
    private func ask<Answer: Sendable>(
        leading: Bool,
        _ source: FixedSource,
        _ decisions: FixedDecisions = FixedDecisions(),
        serving: PeerIdentity? = nil,
        asking: PeerIdentity?,
        _ question: @Sendable (PeerRoute) async -> Answer
    ) async throws -> Answer {
        let serving = try serving ?? identity()
        let certificate = try ServingCertificate(
            FixedPair(pair: serving.pair),
            asksClients: true,
            logger: quiet
        )
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let leader = Self.route(source, decisions, leads: leading, nil, serving, ScriptedTransport())
        let server = leader.server(at: .at(host: "127.0.0.1", port: 0), certificate: certificate) {
            told.yield($0)
        }
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: quiet))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            let known = PollingReplica(name: "one", address: .at(host: "127.0.0.1", port: port))
            let answer = try await withCurlTransport(environment: [:]) { transport in
                let follower = Self.route(FixedSource(answer: .success([])), leads: false, known, asking, transport)
                return await question(follower)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return answer
        }
    }

    /// A certificate that never changes.
    struct FixedPair: CertificateSource {
        /// What is served.
        let pair: CertificatePair
        /// Always the same.
        func stamp(now: Date) -> String { "fixed" }
        /// Always the same.
        func pair(now: Date) -> CertificatePair { pair }
    }

    /// A replica's route.
    static func route(
        _ local: FixedSource,
        _ decisions: FixedDecisions = FixedDecisions(failure: .objectNotFound(key)),
        leads: Bool,
        _ leader: PollingReplica?,
        _ identity: PeerIdentity?,
        _ transport: any HTTPTransport
    ) -> PeerRoute {
        PeerRoute(
            local,
            decisions: decisions,
            place: { _ in leads ? .here : leader.map { .there($0) } ?? .nowhere },
            identity: { identity },
            way: PeerRoute.Way(transport: transport, serverName: name, deadline: .seconds(30)),
            logger: quiet
        )
    }

    /// What a source says.
    static func result(of source: any MetricSource) async -> Result<[MetricReading], MetricSourceError> {
        do {
            return .success(try await source.readings(of: "s0-cron", for: key))
        } catch {
            return .failure(error)
        }
    }

    /// The text of an answer that is unavailable.
    static func reason(_ answer: Result<[MetricReading], MetricSourceError>) -> String? {
        guard case .failure(.unavailable(let reason)) = answer else { return nil }
        return reason
    }

    @Test func `a follower is told what the leader reads`() async throws {
        #expect(try await answer(asking: identity()) == FixedSource.halves.answer)
    }

    @Test(arguments: [
        MetricSourceError.objectNotFound(key), .metricNotFound("s0-cron"),
        .readFailed(metric: "s0-cron", reason: "trigger 0 (cron): down"), .unavailable("not polled yet"),
    ])
    func `a follower is told why the leader cannot read`(error: MetricSourceError) async throws {
        #expect(try await answer(FixedSource(answer: .failure(error)), asking: identity()) == .failure(error))
    }

    @Test func `a follower is told what the leader decided`() async throws {
        #expect(try await report(asking: identity()) == .success(FixedDecisions.report(on: Self.key)))
    }

    @Test(arguments: [DecisionSourceError.objectNotFound(key), .notPolled(key), .unavailable("not listed yet")])
    func `a follower is told why the leader has no decisions`(error: DecisionSourceError) async throws {
        #expect(try await report(FixedDecisions(failure: error), asking: identity()) == .failure(error))
    }

    @Test func `a replica that does not lead tells nobody of decisions`() async throws {
        #expect(
            try await report(leading: false, asking: identity())
                == .failure(
                    .unavailable(
                        "another replica does not answer: this replica does not poll \(Self.key); try again soon"
                    )
                )
        )
    }

    @Test func `a replica that does not lead answers nobody, so no question goes in a circle`() async throws {
        let answer = try await answer(leading: false, asking: identity())
        #expect(
            Self.reason(answer)
                == "another replica does not answer: this replica does not poll \(Self.key); try again soon"
        )
    }

    @Test func `who is not of our authority, or has another name, is told nothing`() async throws {
        let stranger = try CertificateAuthority(now: Date())
        for asking in [try identity(of: stranger), try identity(named: "other.keda.svc")] {
            let answer = try await answer(asking: asking)
            let reason = "the caller presents no certificate of this installation's replicas"
            #expect(Self.reason(answer) == "another replica does not answer: \(reason)")
        }
    }

    @Test func `who is not a leader of our authority, or has another name, is not asked`() async throws {
        let stranger = try CertificateAuthority(now: Date())
        for serving in [try identity(of: stranger), try identity(named: "other.keda.svc")] {
            let reason = Self.reason(try await answer(serving: serving, asking: identity()))
            #expect(reason?.hasPrefix("the replica one cannot be asked: ") == true, "\(reason ?? "answered")")
        }
    }

    @Test func `who leads asks nobody, and who knows no leader says so`() async throws {
        try await withCurlTransport(environment: [:]) { transport in
            let identity = try identity()
            let leader = Self.route(.halves, leads: true, nil, identity, transport)
            #expect(await Self.result(of: leader.metrics) == FixedSource.halves.answer)
            let lost = Self.route(.halves, leads: false, nil, identity, transport)
            #expect(
                Self.reason(await Self.result(of: lost.metrics)) == "no replica polls this object now; try again soon"
            )
            let foreign = PollingReplica(name: "keda", address: nil)
            let other = Self.route(.halves, leads: false, foreign, identity, transport)
            #expect(
                Self.reason(await Self.result(of: other.metrics))
                    == "the replica keda does not say where it can be asked"
            )
            let known = PollingReplica(name: "one", address: .at(host: "127.0.0.1", port: 9))
            let bare = Self.route(.halves, leads: false, known, nil, transport)
            #expect(
                Self.reason(await Self.result(of: bare.metrics))
                    == "the replica one cannot be asked: this replica has no certificate in common with the others yet"
            )
        }
    }
}
