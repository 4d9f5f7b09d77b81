internal import Foundation
internal import KubeClient
internal import KubeModel
internal import Outbound
internal import Scaling

/// Reads Secrets, ConfigMaps, authentications and tokens from the API server, each time anew.
struct ClientConfigReader: ConfigReader {
    /// Who asks.
    let client: KubeClient
    /// Which authentications there are for us.
    var authentications = LabelSelector()
    /// The clocks.
    let time: TimeSource

    /// See ``ConfigReader``.
    ///
    /// Bytes that are no UTF-8 are mended: no setting is binary.
    func secret(_ key: ObjectKey) async throws -> Versioned<[String: Secret<String>]>? {
        try await client.find(SecretObject.self, key)
            .map { object in
                Versioned(
                    value: (object.data ?? [:]).mapValues { Secret(String(decoding: $0, as: UTF8.self)) },
                    version: object.metadata.resourceVersion ?? ""
                )
            }
    }

    /// See ``ConfigReader``.
    func configMap(_ key: ObjectKey) async throws -> Versioned<[String: Secret<String>]>? {
        try await client.find(ConfigMap.self, key)
            .map { object in
                Versioned(
                    value: (object.data ?? [:]).mapValues { Secret($0) },
                    version: object.metadata.resourceVersion ?? ""
                )
            }
    }

    /// See ``ConfigReader``.
    func authentication(_ reference: AuthenticationReference) async throws -> Versioned<AuthenticationSpec>? {
        switch reference {
        case .namespaced(let key):
            try await client.find(TriggerAuthentication.self, key).flatMap { seen($0.spec, $0.metadata) }
        case .cluster(let name):
            try await client.find(ClusterTriggerAuthentication.self, ObjectKey(namespace: "", name: name))
                .flatMap { seen($0.spec, $0.metadata) }
        }
    }

    /// A spec, if it is one for us.
    private func seen(_ spec: AuthenticationSpec, _ metadata: ObjectMeta) -> Versioned<AuthenticationSpec>? {
        guard authentications.matches(metadata.labels ?? [:]) else { return nil }
        return Versioned(value: spec, version: metadata.specVersion)
    }

    /// What a request for a token answers.
    private struct TokenAnswer: Decodable {
        /// What was made.
        let status: Status

        /// A token and its end.
        struct Status: Decodable {
            /// The token.
            let token: String
            /// Its end.
            let expirationTimestamp: Timestamp
        }
    }

    /// See ``ConfigReader``.
    ///
    /// - Source: Kubernetes, `authentication.k8s.io/v1` TokenRequest.
    func token(of account: ObjectKey, lasting lifetime: Duration) async throws -> IssuedToken? {
        let wish: JSONValue = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
            "spec": ["expirationSeconds": .integer(lifetime.components.seconds)],
        ]
        let request = KubeRequest(
            .post,
            path: ["api", "v1", "namespaces", account.namespace, "serviceaccounts", account.name, "token"],
            body: try KubeJSON.encode(wish),
            contentType: "application/json"
        )
        do {
            let made = try await client.answer(to: request, as: TokenAnswer.self).status
            let left = made.expirationTimestamp.date.timeIntervalSince(time.now())
            return IssuedToken(token: Secret(made.token), lifetime: .seconds(left))
        } catch {
            guard error.isNotFound else { throw error }
            return nil
        }
    }
}

extension ObjectMeta {
    /// Another one when the spec is, and the same when only the status is another.
    var specVersion: String { "\(uid ?? "")/\(generation.map { "\($0)" } ?? resourceVersion ?? "")" }
}
