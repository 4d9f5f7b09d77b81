import Foundation
import HTTPTypes
public import Hummingbird
public import HummingbirdCore
import KubeModel
import Logging
import Outbound
import Scaling
public import Serving
import Telemetry

/// Answers the calls of the external metrics API and of that of decisions: who, whether they may, what.
public struct MetricsAPIHandler: HTTPResponder {
    /// Carries the client's certificates.
    public typealias Context = ServingContext

    /// Gives the readings.
    let source: any MetricSource
    /// Tells why.
    let decisions: any DecisionSource
    /// Asks the API server.
    let reviews: CachedReviews
    /// Whose certificates count.
    let configuration: AuthenticationConfigurationReader
    /// Of this program.
    let version: String
    /// The clocks.
    let time: TimeSource
    /// Counts and times.
    let instruments: RequestInstruments
    /// Where to log.
    let logger: Logger
    /// Why not to be ready.
    let unready: @Sendable () async -> [String]

    /// Answers one request.
    ///
    /// - Throws: `EncodingError`, which would be a mistake of ours.
    public func respond(to request: Request, context: ServingContext) async throws -> Response {
        let start = time.uptime()
        let call = APICall(request.method.rawValue, request.uri.path, query: request.uri.query ?? "")
        let route = APIRoute(call)
        switch route {
        case .alive: return HealthPages.alive
        case .ready: return HealthPages.readiness(await unready() + (configuration.unready.map { [$0] } ?? []))
        case .document, .metric, .decisions, .wrongMethod, .unknown: break
        }
        let presented = Authenticator.Presented(
            certificates: context.clientCertificates,
            headers: request.headers.map { Header($0.name.rawName, $0.value) }
        )
        let refusal = await refusal(of: call, presented)
        let answer = if let refusal { APIAnswer(refusal) } else { try await answer(route) }
        instruments.record(route, answer.status, took: time.uptime() - start)
        return answer.response
    }

    /// Why the caller gets no answer; `nil` when they get one.
    private func refusal(of call: APICall, _ presented: Authenticator.Presented) async -> KubeStatus? {
        guard let question = AccessQuestion(call) else { return nil }
        let authenticator = Authenticator(configuration: configuration.current, review: reviews.user)
        do {
            let user = try await authenticator.user(of: presented, now: time.now())
            return try await Authorizer(review: reviews.access).refusal(of: question, to: user)
        } catch {
            logger.notice(
                "a call was refused",
                metadata: ["path": "\(call.path)", "error": "\(String(reflecting: error))"]
            )
            switch error.code {
            case .unauthenticated: return KubeStatus(code: 401, reason: .unauthorized, message: error.summary)
            case .reviewFailed, .badConfiguration:
                return KubeStatus(code: 500, reason: .internalError, message: error.summary)
            }
        }
    }

    /// The answer to a caller who may.
    private func answer(_ route: APIRoute) async throws -> APIAnswer {
        switch route {
        case .document(let document):
            return try APIAnswer(document.json(version: version))
        case .metric(let namespace, let name, let selector):
            return try await answer(metric: name, MetricQuestion(in: namespace, selector: selector))
        case .decisions(let key):
            return try await answer(about: key)
        case .wrongMethod:
            return APIAnswer(
                KubeStatus(
                    code: 405,
                    reason: .methodNotAllowed,
                    message: "the server does not allow this method on the requested resource"
                )
            )
        case .unknown, .alive, .ready:
            return APIAnswer(
                KubeStatus(code: 404, reason: .notFound, message: "the server could not find the requested resource")
            )
        }
    }

    /// The readings of a metric: on the event loop only where they are at hand, as they are for all HPAs that ask while
    /// their objects are polled.
    private func answer(metric: String, _ question: MetricQuestion) async throws -> APIAnswer {
        switch question {
        case .refused(let status): return APIAnswer(status)
        case .about(let key):
            if let known = source.knownReadings(of: metric, for: key) {
                return try APIAnswer(ExternalMetricValueList(known).json)
            }
            return try await awayFromEventLoop {
                let readings: [MetricReading]
                do throws(MetricSourceError) {
                    readings = try await source.readings(of: metric, for: key)
                } catch {
                    return APIAnswer(KubeStatus(error))
                }
                return try APIAnswer(ExternalMetricValueList(readings).json)
            }
        }
    }

    /// The decisions about an object.
    private func answer(about key: ObjectKey) async throws -> APIAnswer {
        try await awayFromEventLoop {
            let report: DecisionReport
            do throws(DecisionSourceError) {
                report = try await decisions.report(on: key)
            } catch {
                return APIAnswer(KubeStatus(error))
            }
            return try APIAnswer(report)
        }
    }

    /// Works an answer out that somebody has to be asked for, or that is large, where no other request waits for it, those
    /// of probes among them.
    private func awayFromEventLoop(_ work: () async throws -> APIAnswer) async throws -> APIAnswer {
        try await withTaskExecutorPreference(globalConcurrentExecutor, operation: work)
    }
}
