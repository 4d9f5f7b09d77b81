import Foundation
import KubeModel
import Outbound
import Synchronization
import TestKit

/// A small Vault: tokens, the two KVs, a lease and certificates, answered as Vault's documentation has it.
///
/// - Source: HashiCorp Vault, "HTTP API": token and kubernetes auth methods, KV 1 and 2, database and PKI engines.
final class FakeVault: Sendable {
    /// What a test may change.
    struct State: Sendable {
        /// Tokens that are good.
        var tokens: Set<String> = ["root"]
        /// What a look-up says of every token.
        var life = 100
        /// See ``life``.
        var isRenewable = false
        /// The password in KV.
        var password = "v1"
        /// Numbers logins, leases and certificates.
        var made = 0
        /// The HTTP status of everything, if it is this bad.
        var status: Int?
    }

    let state = Mutex(State())
    let clock: ManualClock

    init(clock: ManualClock) {
        self.clock = clock
    }

    /// Answers requests, and notes them.
    var transport: ScriptedTransport {
        ScriptedTransport { .response(self.answer(to: $0)) }
    }

    /// The answer to one request.
    private func answer(to request: HTTPRequest) -> HTTPResponse {
        let path = request.url.target
        let body: JSONValue? = try? KubeJSON.decode(from: request.body)
        let token = request.secretHeaders["X-Vault-Token"]?.withValue { $0 }
        return state.withLock { state in
            if let status = state.status { return Self.refusal(status) }
            if path == "/v1/auth/team/k8s/login" {
                guard body?["role"] == "reader", let jwt = body?["jwt"]?.string, jwt.hasSuffix("token-1") else {
                    return Self.refusal(400)
                }
                state.made += 1
                state.tokens.insert("login-\(state.made)")
                return Self.json([
                    "auth": ["client_token": .string("login-\(state.made)"), "lease_duration": 100, "renewable": true]
                ])
            }
            guard let token, state.tokens.contains(token) else { return Self.refusal(403) }
            switch path {
            case "/v1/auth/token/lookup-self":
                return Self.json(["data": ["ttl": .integer(Int64(state.life)), "renewable": .bool(state.isRenewable)]])
            case "/v1/auth/token/renew-self": return Self.json(["auth": ["lease_duration": 500]])
            case "/v1/kv1/db":
                return Self.json([
                    "lease_id": "", "lease_duration": 2_764_800,
                    "data": ["password": .string(state.password), "port": 5432, "data": "text"],
                ])
            case "/v1/kv2/data/db":
                return Self.json(["data": ["data": ["password": .string(state.password)], "metadata": ["version": 1]]])
            case "/v1/database/creds/app":
                state.made += 1
                return Self.json([
                    "lease_id": "database/creds/app/x", "lease_duration": 1000,
                    "data": ["username": .string("user-\(state.made)")],
                ])
            case "/v1/pki/issue/app" where request.method == .post:
                state.made += 1
                let ends = Int64(clock.now.timeIntervalSince1970) + 1000
                return Self.json([
                    "data": [
                        "certificate": .string("cert-\(state.made)"), "ca_chain": ["one", "two"],
                        "expiration": .integer(ends), "common_name": body?["common_name"] ?? "none",
                        "fields": .string(body?.object?.keys.sorted().joined(separator: " ") ?? ""),
                    ]
                ])
            case "/v1/denied/x": return Self.refusal(403)
            default: return Self.refusal(404)
            }
        }
    }

    /// A good answer.
    private static func json(_ value: JSONValue) -> HTTPResponse {
        HTTPResponse(status: 200, body: (try? KubeJSON.encode(value)) ?? [])  // Literals can be written as JSON.
    }

    /// A bad one.
    private static func refusal(_ status: Int) -> HTTPResponse {
        HTTPResponse(status: status, body: Array(#"{"errors":["canary"]}"#.utf8))
    }
}
