public import KubeModel
import Outbound

/// Watches.
extension KubeClient {
    /// Watches objects of one kind from a state on, for the length of a call.
    ///
    /// - Parameters:
    ///   - kind: what is watched.
    ///   - selection: which of them.
    ///   - version: ``Listing/resourceVersion`` of a list, or what the latest event or bookmark said.
    ///   - duration: after how long the server is to end the watch in good order; silence for 5 s more is an error.
    ///   - type: where the kind is served.
    ///   - use: reads the events; the connection is closed when it returns.
    /// - Returns: what `use` returns.
    /// - Throws: ``KubeError`` when the watch cannot begin (`.gone` for a version too old), and what `use` throws.
    public func withWatch<R: KubeResource, Answer: Sendable>(
        _ kind: R.Type = R.self,
        _ selection: Selection = Selection(),
        from version: String,
        for duration: Duration = .seconds(290),
        as type: ResourceType = R.resourceType,
        _ use: (WatchEvents<R>) async throws -> Answer
    ) async throws -> Answer {
        let request = KubeRequest.watch(
            type,
            in: selection.namespace,
            labels: selection.labels,
            fields: selection.fields,
            from: version,
            seconds: Int(duration.components.seconds),
            shape: R.shape
        )
        try await takeTurn(request)
        var rule = AttemptRule(waits: settings.waits, longestWait: settings.longestWait)
        while true {
            let pass = try await access.current()
            let opening: Opening<Answer>
            do {
                opening = try await open(request, pass, idle: duration + .seconds(5), use)
            } catch let error as OutboundError {
                throw KubeError(error, doing: request.line)
            }
            switch opening {
            case .used(let answer): return answer
            case .refused(let head, let body):
                guard try await isFinal(head, under: &rule, pass) else { continue }
                throw KubeError(refusing: request, head: head, body: body)
            }
        }
    }

    /// How one attempt went.
    private enum Opening<Answer: Sendable> {
        /// The watch was open and has been used.
        case used(Answer)
        /// The server said no.
        case refused(HTTPResponseHead, [UInt8])
    }

    /// One attempt.
    private func open<R: KubeResource, Answer: Sendable>(
        _ request: KubeRequest,
        _ pass: Access.Pass,
        idle: Duration,
        _ use: (WatchEvents<R>) async throws -> Answer
    ) async throws -> Opening<Answer> {
        let request = http(request, pass, deadline: settings.deadline, idle: idle)
        return try await transport.withResponse(to: request) { head, body in
            guard head.isSuccess else { return .refused(head, try await Self.beginning(of: body)) }
            return .used(try await use(WatchEvents(body: body, limit: settings.eventLimit)))
        }
    }

    /// Enough of a refusal to read its Status.
    private static func beginning(of body: HTTPBody) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await chunk in body {
            bytes += chunk
            if bytes.count > 64 << 10 { break }
        }
        return bytes
    }
}
