internal import HTTPTypes
public import Hummingbird
public import HummingbirdCore
internal import KubeModel
internal import Logging
internal import NIOCore
internal import Scaling
public import Serving

/// Answers the API server's questions.
public struct AdmissionHandler: HTTPResponder {
    /// Knows the bound of bodies.
    public typealias Context = ServingContext

    /// Comes to verdicts.
    let reviewer: ObjectReviewer
    /// Where refusals are told.
    let logger: Logger

    /// Answers one request.
    ///
    /// - Throws: `EncodingError`, which would be a mistake of ours.
    public func respond(to request: Request, context: ServingContext) async throws -> Response {
        guard let route = AdmissionRoute(rawValue: request.uri.path) else {
            return .text("there is no such webhook\n", status: .notFound)
        }
        guard request.method == .post else {
            return .text("webhooks are asked with POST\n", status: .methodNotAllowed)
        }
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        do {
            return try await answer([UInt8](body.readableBytesView), at: route)
        } catch let error as AdmissionQuestion.Malformed {
            logger.notice("a question cannot be read", metadata: ["path": "\(route.rawValue)", "error": "\(error)"])
            return .text("\(error)\n", status: .badRequest)
        } catch let error as NotReady {
            return .text("not ready: \(error.reason)\n", status: .serviceUnavailable)
        }
    }

    /// Answers one body.
    ///
    /// - Throws: `AdmissionQuestion.Malformed`, ``NotReady`` or `EncodingError`.
    private func answer(_ body: [UInt8], at route: AdmissionRoute) async throws -> Response {
        let question = try AdmissionQuestion(parsing: body)
        let verdict = try await reviewer.verdict(on: question, at: route)
        if let first = verdict.problems.first {
            logger.info(
                "refused",
                metadata: [
                    "webhook": "\(route)", "namespace": "\(question.namespace)",
                    "name": "\(question.object[path: "metadata", "name"]?.string ?? "")",
                    "reason": "\(first.reason?.rawValue ?? "")", "message": "\(AnswerText.message(verdict.problems))",
                ]
            )
        }
        return Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody(
                byteBuffer: ByteBuffer(bytes: try KubeJSON.encode(AdmissionAnswer(to: question, verdict)))
            )
        )
    }
}
