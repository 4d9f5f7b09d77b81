internal import Foundation
internal import KubeModel
internal import Outbound
internal import ScalerKit

/// Asks a cluster of etcd over its JSON gateway.
///
/// One member is asked at a time. While it answers it is stayed with; else the next one's turn comes, for reads within
/// the same call, for a watch the next time.
///
/// - Source: etcd, "gRPC gateway".
struct EtcdClient: Sendable {
    /// How long one question may take, over all members.
    ///
    /// - Source: KEDA, `pkg/scalers/etcd_scaler.go`, `getMetricValue`.
    static let deadline = Duration.seconds(5)
    /// Bytes of an answer, and of a line of a watch, that are read: a key with a number is far smaller.
    static let limit = 1 << 20
    /// How long a token is used: etcd forgets one after five minutes without use.
    private static let tokenLifetime = Duration.seconds(200)
    /// Under what a trigger remembers which member is asked.
    private static let memberKey = "etcd.member"

    /// Where to ask; at least one.
    private let members: [WebAddress]
    /// Of connections with TLS.
    private let tls: TLSSettings
    /// Asks for a token; `nil` where etcd need not know who asks.
    private let login: Secret<[UInt8]>?

    /// Takes a cluster and how to get in.
    ///
    /// - Throws: `EncodingError`, never for what a setting can hold.
    init(of endpoints: [EtcdEndpoint], _ access: EtcdAccess) throws {
        self.members = endpoints.map { $0.address(usesTLS: access.usesTLS) }
        self.tls = access.settings
        self.login = try access.login.map { login in
            let words = JSONValue.object([
                "name": .string(login.user.withValue { $0 }), "password": .string(login.password.withValue { $0 }),
            ])
            return Secret(try KubeJSON.encode(words))
        }
    }

    /// What a key holds; `nil` if it does not exist.
    ///
    /// - Throws: ``ScalerError``, `OutboundError`.
    func value(of key: String, in world: ScalerWorld) async throws -> String? {
        let body = Array("{\"key\":\(Self.quoted(key))}".utf8)
        let token = try await token(in: world)
        var response = try await send(["kv", "range"], body, token?.value, in: world)
        if response.status == 401, let token, token.since < world.seconds {
            forget(token, in: world)
            response = try await send(["kv", "range"], body, self.token(in: world)?.value, in: world)
        }
        return try EtcdAnswer.value(in: EtcdAnswer.object(response))
    }

    /// Tells what happens to a key, until etcd ends that.
    ///
    /// - Parameters:
    ///   - key: what is watched.
    ///   - silence: how long nothing may come before the connection counts as dead.
    ///   - world: the outside.
    ///   - tell: takes the news.
    /// - Throws: ``ScalerError`` when etcd refuses or ends the watch, `OutboundError`.
    func watch(
        _ key: String,
        silence: Duration,
        in world: ScalerWorld,
        _ tell: (EtcdAnswer.News) -> Void
    ) async throws {
        let token = try await token(in: world)
        let place = place(in: world)
        let create = "{\"create_request\":{\"key\":\(Self.quoted(key)),\"progress_notify\":true}}"
        var request = request(to: place, ["watch"], Array(create.utf8), token?.value)
        request.idleLimit = silence
        // A member that has lost its cluster says so instead of keeping silent.
        request.headers.append(.init("Grpc-Metadata-Hasleader", "true"))
        do {
            try await world.http.withResponse(to: request) { head, body in
                guard head.isSuccess else { throw EtcdAnswer.refusal(head.status, nil) }
                var framer = LineFramer(limit: Self.limit)
                for try await chunk in body {
                    for line in try framer.append(chunk) { tell(try EtcdAnswer.news(in: line)) }
                }
                // An error at the end has no end of line.
                for line in try framer.append([UInt8(ascii: "\n")]) { tell(try EtcdAnswer.news(in: line)) }
            }
        } catch {
            moveOn(from: place, in: world)
            if let token, let error = error as? ScalerError, EtcdAnswer.isAboutToken(error) {
                forget(token, in: world)
            }
            throw error
        }
    }

    /// Asks a member, and if it does not answer, or has no cluster, those after it.
    private func send(
        _ path: [String],
        _ body: [UInt8],
        _ token: Secret<String>?,
        in world: ScalerWorld,
        triesLeft: Int? = nil
    ) async throws -> HTTPResponse {
        let (place, others) = (place(in: world), (triesLeft ?? members.count) - 1)
        do {
            let response = try await world.http.collect(request(to: place, path, body, token), upTo: Self.limit)
            guard response.status >= 500, others > 0 else { return response }
        } catch {
            guard let failure = error as? OutboundError, failure.code != .cancelled, others > 0 else { throw error }
        }
        moveOn(from: place, in: world)
        return try await send(path, body, token, in: world, triesLeft: others)
    }

    /// A request to a member, for its share of the time.
    private func request(
        to place: Int,
        _ path: [String],
        _ body: [UInt8],
        _ token: Secret<String>?
    ) -> HTTPRequest {
        let member = members[place]
        var request = HTTPRequest(
            .post,
            member.appending(segments: ["v3"] + path),
            headers: [.init("Content-Type", "application/json")],
            body: body,
            deadline: Self.deadline / members.count
        )
        if member.scheme == "https" { request.tls = tls }
        if let token, !token.withValue(\.isEmpty) { request.secretHeaders["Authorization"] = token }
        return request
    }

    /// Whose turn it is.
    private func place(in world: ScalerWorld) -> Int {
        (world.memory[Self.memberKey].flatMap(Int.init) ?? 0) % members.count
    }

    /// Has the next member's turn come, unless somebody else has done so already.
    private func moveOn(from place: Int, in world: ScalerWorld) {
        guard self.place(in: world) == place else { return }
        world.memory[Self.memberKey] = "\((place + 1) % members.count)"
    }
}

extension EtcdClient {
    /// The token that is kept, or a new one; an empty one where etcd does not ask who we are.
    ///
    /// - Throws: ``ScalerError`` when etcd refuses the login, `OutboundError`.
    private func token(in world: ScalerWorld) async throws -> AccessTokens.Kept? {
        guard let login else { return nil }
        return try await world.tokens.value(for: tokenKey, at: world.seconds) {
            let path = ["auth", "authenticate"]
            let response = try await send(path, login.withValue { $0 }, nil, in: world)
            return (try EtcdAnswer.token(in: response), Self.tokenLifetime)
        }
    }

    /// Drops a token that is refused.
    private func forget(_ token: AccessTokens.Kept, in world: ScalerWorld) {
        world.tokens.forget(tokenKey, token)
    }

    /// Under what a token is kept: equal logins to one cluster share it.
    private var tokenKey: HTTPRequest {
        request(to: 0, ["auth", "authenticate"], login?.withValue { $0 } ?? [], nil)
    }

    /// A key as the gateway takes it.
    private static func quoted(_ key: String) -> String { "\"\(Data(key.utf8).base64EncodedString())\"" }
}
