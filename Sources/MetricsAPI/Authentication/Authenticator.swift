import Certificates
import Foundation
import KubeModel
import Outbound

/// Finds out who calls: the API server for somebody, somebody with a certificate or a token, or nobody known.
///
/// The ways are tried in this order, and the first that succeeds counts. What is presented and not good makes the call
/// 401, unless another way succeeds; a caller that presents nothing is anonymous.
///
/// - Source: Kubernetes, `apiserver/pkg/authentication/authenticatorfactory/delegating.go`.
struct Authenticator: Sendable {
    /// What a caller presents.
    struct Presented: Sendable {
        /// The client's certificates, DER, its own first.
        var certificates: [[UInt8]] = []
        /// All headers, in order.
        var headers: [Header] = []
    }

    /// What one way found out.
    private enum Finding {
        /// This caller.
        case user(UserInfo)
        /// Nothing was presented for this way.
        case nothing
        /// What was presented is not good.
        case refused(String)
    }

    /// Whoever presents nothing.
    ///
    /// - Source: Kubernetes, "Authenticating", anonymous requests.
    static let anonymous = UserInfo(username: "system:anonymous", groups: ["system:unauthenticated"])

    /// Whom to trust.
    let configuration: AuthenticationConfiguration
    /// Asks the API server whose a token is; `nil` for nobody's.
    let review: @Sendable (Secret<String>) async throws(AccessError) -> UserInfo?

    /// Finds out.
    ///
    /// - Throws: ``AccessError``: `.unauthenticated`, or `.reviewFailed` when the API server cannot be asked.
    func user(of presented: Presented, now: Date) async throws(AccessError) -> UserInfo {
        var refusals: [String] = []
        for way in [byRequestHeaders, byCertificate] {
            switch await way(presented, now) {
            case .user(let user): return user
            case .nothing: break
            case .refused(let reason): refusals.append(reason)
            }
        }
        if let token = Self.bearer(in: presented.headers) {
            if let user = try await review(token) { return Self.authenticated(user) }
            refusals.append("the bearer token is not good")
        }
        guard refusals.isEmpty else {
            throw AccessError(.unauthenticated, "Unauthorized", detail: refusals.joined(separator: "; "))
        }
        return Self.anonymous
    }

    /// The API server, which speaks for somebody.
    ///
    /// Without its certificate the headers mean nothing.
    @Sendable private func byRequestHeaders(_ presented: Presented, _ now: Date) async -> Finding {
        guard let rule = configuration.requestHeader, !presented.certificates.isEmpty else { return .nothing }
        do {
            let subject = try await rule.authorities.subject(of: presented.certificates, now: now)
            guard rule.allows(subject.commonName) else {
                return .refused("the common name \(subject.commonName ?? "") may not speak for others")
            }
        } catch {
            return .refused("as the API server: \(String(reflecting: error))")
        }
        return rule.user(in: presented.headers).map { .user($0) } ?? .nothing
    }

    /// Somebody with a certificate of the cluster: CN is the user, Os are the groups.
    @Sendable private func byCertificate(_ presented: Presented, _ now: Date) async -> Finding {
        guard let authorities = configuration.clientAuthorities, !presented.certificates.isEmpty else {
            return .nothing
        }
        do {
            let subject = try await authorities.subject(of: presented.certificates, now: now)
            guard let name = subject.commonName, !name.isEmpty else { return .nothing }
            return .user(Self.authenticated(UserInfo(username: name, groups: subject.organizations)))
        } catch {
            return .refused("as a user: \(String(reflecting: error))")
        }
    }

    /// The token of `Authorization: Bearer …`, if there is one.
    static func bearer(in headers: [Header]) -> Secret<String>? {
        guard let value = headers.first(where: { $0.isCalled("authorization") })?.value else { return nil }
        let parts = value.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count >= 2, parts[0].lowercased() == "bearer" else { return nil }
        return Secret(String(parts[1]))
    }

    /// The user as a member of everybody who is known.
    private static func authenticated(_ user: UserInfo) -> UserInfo {
        var user = user
        var groups = user.groups ?? []
        let everybody = "system:authenticated"
        if !groups.contains(everybody), user.username != anonymous.username { groups.append(everybody) }
        user.groups = groups
        return user
    }
}
