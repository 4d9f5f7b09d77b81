public import HTTPTypes
import Hummingbird
public import HummingbirdCore
import Logging
import NIOCore
import Outbound

/// Keeps every request within ``ServerLimits`` before and around the handler.
///
/// The body is read whole before the handler runs, so the handler meets neither slow nor endless ones. A handler must
/// end soon after its task is cancelled. A body that the answer streams is not under the deadline.
struct BoundedResponder<Handler: HTTPResponder>: HTTPResponder where Handler.Context == ServingContext {
    /// Answers within bounds.
    let handler: Handler
    /// The bounds.
    let limits: ServerLimits
    /// Words a refusal of our own.
    let refusal: Refusal
    /// Reports handlers that fail.
    let logger: Logger
    /// Requests in work.
    let occupancy: Occupancy
    /// Calls off what takes too long.
    let deadlines: Deadlines

    /// Answers one request.
    ///
    /// - Throws: `CancellationError` alone, when the server is torn down.
    func respond(to request: Request, context: ServingContext) async throws -> Response {
        if HealthPages.paths.contains(request.uri.path) {
            return try await answer(request, context)
        }
        if let response = try await occupancy.enter({ try await answer(request, context) }) { return response }
        var response = refusal.response(.tooManyRequests, "too many requests at once, try again")
        response.headers[.retryAfter] = "1"
        return response
    }

    /// Answers one request that has been let in.
    private func answer(_ request: Request, _ context: ServingContext) async throws -> Response {
        do {
            if let answer = try await withinDeadline({ try await handle(request, context) }) { return answer }
            context.hangUpSoon()
            return refusal.response(.gatewayTimeout, "the request took longer than \(limits.deadline)")
        } catch is NIOTooManyBytesError {
            context.hangUpSoon()
            return refusal.response(.contentTooLarge, "the body is larger than \(limits.body) bytes")
        } catch let error as any HTTPResponseError {
            return try error.response(from: request, context: context)
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.error("a request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            return refusal.response(.internalServerError, "internal error")
        }
    }

    /// Reads the body, then asks the handler.
    private func handle(_ request: Request, _ context: ServingContext) async throws -> Response {
        var (request, context) = (request, context)
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limits.body {
            throw NIOTooManyBytesError(maxBytes: limits.body)
        }
        _ = try await request.collectBody(upTo: limits.body)
        context.maxUploadSize = limits.body
        return try await handler.respond(to: request, context: context)
    }

    /// What the work gives, or `nil` when the deadline comes first; the work is then cancelled.
    private func withinDeadline(_ work: @escaping @Sendable () async throws -> Response) async throws -> Response? {
        let outcome: Result<Response, any Error>
        do {
            outcome = try await deadlines.limit(limits.deadline) {
                // Apart, since a handler may have met a deadline of its own.
                do { return .success(try await work()) } catch { return .failure(error) }
            }
        } catch is DeadlinePassed {
            return nil
        }
        return try outcome.get()
    }
}

/// How a server words what it refuses by itself: plain text, or what its API speaks.
public struct Refusal: Sendable {
    /// Makes the response.
    let response: @Sendable (HTTPResponse.Status, String) -> Response

    /// Words refusals by a function from a status and a message that may be shown.
    public init(_ response: @escaping @Sendable (HTTPResponse.Status, String) -> Response) {
        self.response = response
    }

    /// One line of text.
    public static let plain = Refusal { status, message in .text(message + "\n", status: status) }
}

extension Response {
    /// A text.
    public static func text(
        _ text: String,
        status: HTTPResponse.Status = .ok,
        contentType: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(
            status: status,
            headers: [.contentType: contentType, .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
