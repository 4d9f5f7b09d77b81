public import KubeModel
public import Outbound
import Synchronization

/// Speaks to one Kubernetes API server over any transport.
///
/// It writes down the address, the credentials and the deadline, renews credentials that are refused, waits where the
/// server asks for it, keeps to a rate, and turns refusals into ``KubeError``. It starts no task that outlives a call, and may be shared.
public final class KubeClient: Sendable {
    /// The bounds of a client.
    public struct Settings: Sendable {
        /// Requests a second, on average; Leases do not count, and writes to `/scale` do not wait.
        ///
        /// KEDA's `--kube-api-qps`.
        public var requestsPerSecond: Double = 20
        /// Requests at once.
        ///
        /// KEDA's `--kube-api-burst`.
        public var burst: Double = 30
        /// From the first byte sent to the last byte of the answer, for each attempt.
        public var deadline: Duration = .seconds(30)
        /// The longest wait for a turn under the rate limit, and the longest `Retry-After` honoured.
        public var longestWait: Duration = .seconds(30)
        /// How often one call waits because the server asks for it.
        public var waits: Int = 3
        /// Bytes of one answer; a page of a list is the largest.
        public var answerLimit: Int = 64 << 20
        /// Bytes of one event of a watch.
        public var eventLimit: Int = LineFramer.defaultLimit
        /// Objects in one page of a list.
        public var pageSize: Int = 500
        /// How we are called in the server's audit log.
        public var userAgent: String = "swell"

        /// The defaults.
        public init() {}
    }

    /// The namespace that kubeconfig or the pod names, else `default`.
    public let namespace: String
    /// The bounds.
    public let settings: Settings
    /// Where the server is and how to log in.
    let access: Access
    /// The wire.
    let transport: any HTTPTransport
    /// The clocks.
    let time: TimeSource
    /// The rate limit, shared with the clients made of this one.
    private let turns: Turns
    /// Which write goes first, shared with the clients made of this one.
    let line: WriteLine
    /// When it may write.
    private let permission: Permission

    /// When a client may write.
    private enum Permission: Sendable {
        /// Always.
        case always
        /// For as long as is told before each attempt; `nil` for not at all.
        case remaining(@Sendable () -> Duration?)
        /// Never.
        case never
    }

    /// Makes a client; nothing is sent yet.
    public init(
        _ configuration: KubeConfiguration,
        over transport: any HTTPTransport,
        time: TimeSource = .system,
        settings: Settings = Settings()
    ) {
        self.namespace = configuration.namespace
        self.settings = settings
        self.access = Access(configuration, time: time)
        self.transport = transport
        self.time = time
        self.turns = Turns(
            TokenBucket(rate: settings.requestsPerSecond, burst: settings.burst, now: time.uptime())
        )
        // What waits for the rate limit keeps others, reads among them, from it: no more than a few seconds' worth may. Each that
        // is under way takes more memory than one that waits here, and more at once are not done sooner.
        self.line = WriteLine(limit: Int(min(64, max(4, settings.requestsPerSecond * 5))), time: time)
        self.permission = .always
    }

    /// The same client under another permission.
    private init(_ client: KubeClient, permission: Permission) {
        self.namespace = client.namespace
        self.settings = client.settings
        self.access = client.access
        self.transport = client.transport
        self.time = client.time
        self.turns = client.turns
        self.line = client.line
        self.permission = permission
    }

    /// A client that shares everything with this one, and writes only while it is allowed to.
    ///
    /// Whatever is no GET is asked about just before each attempt, after all waiting, and is given up when the
    /// allowance ends, so that nothing is on its way when somebody else may begin to write.
    ///
    /// - Parameter remaining: how long writing is still allowed; `nil` for not at all.
    /// - Returns: a client whose writes fail with ``KubeError/Code/notLeading`` when they are not allowed.
    public func guarded(by remaining: @escaping @Sendable () -> Duration?) -> KubeClient {
        KubeClient(self, permission: .remaining(remaining))
    }

    /// A client that shares everything with this one, and never writes.
    ///
    /// Whatever is no GET fails with ``KubeError/Code/readOnly`` and is not sent. Questions that are asked by POST, and
    /// tokens, which are handed out by POST, are no exception.
    public var readOnly: KubeClient { KubeClient(self, permission: .never) }

    /// Sends a request and gives the body of a good answer.
    ///
    /// - Parameters:
    ///   - request: is sent again after 401 (once) and after 429 or 5xx with `Retry-After`.
    ///   - deadline: of each attempt; the settings' own where `nil`.
    /// - Returns: JSON, as a rule.
    /// - Throws: ``KubeError`` for everything, refusals included.
    public func send(_ request: KubeRequest, within deadline: Duration? = nil) async throws(KubeError) -> [UInt8] {
        if !request.isOfStatus { try await takeTurn(request) }
        // Nobody waits for a Lease: who renews one has little time, and asks again by himself.
        let waits = isForLease(request) ? 0 : settings.waits
        var rule = AttemptRule(waits: waits, longestWait: settings.longestWait)
        while true {
            let pass = try await access.current()
            let response = try await inLine(request) { () async throws(KubeError) in
                if request.isOfStatus { try await takeTurn(request) }
                return try await attempt(request, pass, within: deadline ?? settings.deadline)
            }
            guard try await isFinal(response.head, under: &rule, pass) else { continue }
            guard response.head.isSuccess else {
                throw KubeError(refusing: request, head: response.head, body: response.body)
            }
            return response.body
        }
    }

    /// One attempt, if it is allowed now.
    private func attempt(
        _ request: KubeRequest,
        _ pass: Access.Pass,
        within deadline: Duration
    ) async throws(KubeError) -> HTTPResponse {
        // Read before the allowance is asked for: whatever stops us from here on counts against it.
        let begun = ContinuousClock.now
        let limit = try allowed(request, within: deadline)
        do {
            return try await transport.collect(
                http(request, pass, deadline: limit, begun: begun),
                upTo: settings.answerLimit
            )
        } catch {
            throw KubeError(error, doing: request.line)
        }
    }

    /// Has the write of a status wait for those to `/scale`.
    private func inLine(
        _ request: KubeRequest,
        _ attempt: () async throws(KubeError) -> HTTPResponse
    ) async throws(KubeError) -> HTTPResponse {
        if request.isForScale { return try await line.scaling(attempt) }
        if request.isOfStatus { return try await line.status(attempt) }
        return try await attempt()
    }

    /// Whether a request is about leadership.
    private func isForLease(_ request: KubeRequest) -> Bool {
        request.path.contains(Lease.resourceType.groupVersion.group)
    }

    /// How long an attempt may take.
    ///
    /// - Throws: ``KubeError`` `.notLeading` or `.readOnly` for a write that is not allowed now.
    private func allowed(_ request: KubeRequest, within deadline: Duration) throws(KubeError) -> Duration {
        guard request.method != .get else { return deadline }
        switch permission {
        case .always: return deadline
        case .remaining(let remaining):
            guard let remaining = remaining(), remaining > .zero else {
                throw KubeError(.notLeading, "\(request.line): another replica may lead now, so nothing is written")
            }
            return min(deadline, remaining)
        case .never:
            throw KubeError(.readOnly, "\(request.line) is not sent: here Swell only recommends, and so only reads")
        }
    }

    /// Waits for a turn under the rate limit.
    ///
    /// Leases are exempt: leadership must not be lost to our own traffic. A write to `/scale` goes before all that waits,
    /// which then waits longer: nothing else is as urgent as a workload that is to wake.
    func takeTurn(_ request: KubeRequest) async throws(KubeError) {
        if isForLease(request) { return }
        if request.isForScale {
            return turns.bucket.withLock { $0.draw(at: time.uptime()) }
        }
        let wait = turns.bucket.withLock { $0.reserve(at: time.uptime(), waitingUpTo: settings.longestWait) }
        guard let wait else {
            throw KubeError(.overloaded, "\(request.line): too many requests wait already; raise --kube-api-qps")
        }
        if wait > .zero { try await pause(wait, before: request) }
    }

    /// Does what the rule says of an answer.
    ///
    /// - Returns: whether the answer stands; else ask again.
    func isFinal(
        _ head: HTTPResponseHead,
        under rule: inout AttemptRule,
        _ pass: Access.Pass
    ) async throws(KubeError) -> Bool {
        switch rule.next(after: head) {
        case .accept: return true
        case .logInAgain: return !access.refused(pass)
        case .wait(let wait):
            do {
                try await time.sleep(wait)
            } catch {
                throw KubeError(.cancelled, "waiting to ask the API server again was cancelled")
            }
            return false
        }
    }

    /// Sleeps, in this room's error type.
    private func pause(_ wait: Duration, before request: KubeRequest) async throws(KubeError) {
        do {
            try await time.sleep(wait)
        } catch {
            throw KubeError(.cancelled, "\(request.line) was cancelled")
        }
    }

    /// The request as it goes over the wire.
    func http(
        _ request: KubeRequest,
        _ pass: Access.Pass,
        deadline: Duration,
        begun: ContinuousClock.Instant? = nil,
        idle: Duration? = nil
    ) -> HTTPRequest {
        var url = pass.server.appending(segments: request.path)
        for item in request.query { url = url.asking(item.name, item.value) }
        var headers = [
            HTTPRequest.Header("Accept", request.accept), HTTPRequest.Header("User-Agent", settings.userAgent),
        ]
        if let type = request.contentType { headers.append(HTTPRequest.Header("Content-Type", type)) }
        return HTTPRequest(
            request.method.http,
            url,
            headers: headers,
            authorization: pass.authorization,
            body: request.body,
            tls: pass.tls,
            deadline: deadline,
            begun: begun,
            idleLimit: idle
        )
    }
}

/// The rate limit of a client and of those made of it.
private final class Turns: Sendable {
    /// The tokens.
    let bucket: Mutex<TokenBucket>

    /// Starts with a bucket.
    init(_ bucket: TokenBucket) {
        self.bucket = Mutex(bucket)
    }
}

extension KubeRequest {
    /// `GET /api/v1/pods`, for messages.
    var line: String { "\(method.rawValue) \(pathText)" }

    /// Whether it sets how many pods an object wants.
    fileprivate var isForScale: Bool { method != .get && subresource == "scale" }

    /// Whether it writes a status.
    fileprivate var isOfStatus: Bool { method != .get && subresource == "status" }

    /// What of an object in a namespace it is about; `nil` for the object itself.
    private var subresource: String? {
        // …/namespaces/NAMESPACE/PLURAL/NAME/SUBRESOURCE
        guard let place = path.firstIndex(of: "namespaces"), path.count == place + 5 else { return nil }
        return path.last
    }
}

extension KubeRequest.Method {
    /// The same method on the wire.
    fileprivate var http: HTTPRequest.Method {
        switch self {
        case .get: .get
        case .post: .post
        case .put: .put
        case .patch: .patch
        case .delete: .delete
        }
    }
}
