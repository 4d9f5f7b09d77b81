import Certificates
import Foundation
import HTTPTypes
public import Hummingbird
public import HummingbirdCore
import KubeModel
import Logging
import Outbound
import Scaling
public import Serving
import Synchronization

/// Answers the other replicas from this one's own readings and decisions, and never asks on.
///
/// A client must present a certificate of our authority that has the name of replicas; nobody else is told anything.
public struct PeerHandler: HTTPResponder {
    /// Carries the client's certificates.
    public typealias Context = ServingContext

    /// Our own readings.
    let local: any MetricSource
    /// Our own decisions.
    let decisions: any DecisionSource
    /// Whether an object is polled here.
    let isOurs: @Sendable (ObjectKey) -> Bool
    /// Who vouches for replicas.
    let trust: PeerTrust
    /// The clocks.
    let time: TimeSource
    /// Where to log.
    let logger: Logger

    /// Answers one question.
    ///
    /// - Throws: `EncodingError`, which would be a mistake of ours.
    public func respond(to request: Request, context: ServingContext) async throws -> Response {
        let call = APICall(request.method.rawValue, request.uri.path, query: request.uri.query ?? "")
        let answer = await answer(to: call, from: context.clientCertificates)
        var reply = try APIAnswer(answer)
        reply.status = answer.status
        return reply.response
    }

    /// The answer to a call.
    func answer(to call: APICall, from certificates: [[UInt8]]) async -> PeerAnswer {
        do {
            try await trust.check(certificates, now: time.now())
        } catch {
            logger.notice("a caller is no replica of ours", metadata: ["error": "\(String(reflecting: error))"])
            return PeerAnswer(.notTrusted, "the caller presents no certificate of this installation's replicas")
        }
        switch APIRoute(call) {
        case .metric(let namespace, let name, let selector):
            guard case .about(let key) = MetricQuestion(in: namespace, selector: selector) else { break }
            return isOurs(key) ? await answer(to: name, of: key) : notOurs(key)
        case .decisions(let key): return isOurs(key) ? await answer(about: key) : notOurs(key)
        case .alive, .ready, .document, .wrongMethod, .unknown: break
        }
        return PeerAnswer(.unavailable, "this is no question about a metric or decisions")
    }

    /// Who asks has an old view of the replicas.
    private func notOurs(_ key: ObjectKey) -> PeerAnswer {
        PeerAnswer(.notPolling, "this replica does not poll \(key); try again soon")
    }

    /// The readings of a metric.
    private func answer(to metric: String, of key: ObjectKey) async -> PeerAnswer {
        do {
            return PeerAnswer(try await local.readings(of: metric, for: key))
        } catch {
            return PeerAnswer(error)
        }
    }

    /// The decisions about an object.
    private func answer(about key: ObjectKey) async -> PeerAnswer {
        do {
            return PeerAnswer(try await decisions.report(on: key))
        } catch {
            return PeerAnswer(error)
        }
    }
}

/// Tells whether a caller is a replica of ours.
final class PeerTrust: Sendable {
    /// Who we are and whom we believe, as it is now; `nil` when nobody has said.
    private let identity: @Sendable () throws -> PeerIdentity?
    /// The name that every replica's certificate has.
    private let name: String
    /// The authorities that were used last, decoded.
    private let last = Mutex<(authorities: String, verifier: ClientCertificateVerifier)?>(nil)

    /// Believes whom the identity of the moment believes, if it is called by a name.
    init(_ identity: @escaping @Sendable () throws -> PeerIdentity?, name: String) {
        self.identity = identity
        self.name = name
    }

    /// Checks what a client presented.
    ///
    /// The authority alone does not tell: a cluster's may vouch for many who are no replicas.
    ///
    /// - Throws: why it is not trusted.
    func check(_ certificates: [[UInt8]], now: Date) async throws {
        guard let authorities = try identity()?.authorities else {
            throw CertificatesError(.missing, "there is no authority yet")
        }
        let subject = try await verifier(authorities).subject(of: certificates, now: now)
        guard subject.isCalled(name) else {
            throw CertificatesError(.untrusted, "the client's certificate is for \(subject.names), and not for \(name)")
        }
    }

    /// The verifier for a bundle.
    private func verifier(_ authorities: String) throws(CertificatesError) -> ClientCertificateVerifier {
        if let last = last.withLock({ $0 }), last.authorities == authorities { return last.verifier }
        let verifier = try ClientCertificateVerifier(trusting: authorities)
        last.withLock { $0 = (authorities, verifier) }
        return verifier
    }
}
