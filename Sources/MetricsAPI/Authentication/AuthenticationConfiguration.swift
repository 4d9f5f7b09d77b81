public import Certificates
import Foundation
public import KubeModel

/// What `kube-system/extension-apiserver-authentication` says of how callers prove who they are.
///
/// - Source: Kubernetes, "Configure the Aggregation Layer".
public struct AuthenticationConfiguration: Sendable, Hashable {
    /// Where every cluster has it; the role `extension-apiserver-authentication-reader` gives access.
    public static let key = ObjectKey(namespace: "kube-system", name: "extension-apiserver-authentication")

    /// How the API server speaks for others; `nil` where the cluster has no aggregation.
    public var requestHeader: RequestHeaderConfiguration?
    /// Vouches for users that call by themselves; `nil` where the cluster knows no client certificates.
    public var clientAuthorities: ClientCertificateVerifier?

    /// Trusts nobody.
    public init() {}

    /// Reads the ConfigMap's data.
    ///
    /// - Throws: ``AccessError`` `.badConfiguration`, naming the key.
    public init(_ data: [String: String]) throws(AccessError) {
        self.clientAuthorities = try Self.authorities("client-ca-file", in: data)
        guard let authorities = try Self.authorities("requestheader-client-ca-file", in: data) else { return }
        let usernames = try Self.list("requestheader-username-headers", in: data)
        guard !usernames.isEmpty else {
            throw Self.error("requestheader-username-headers", "names no header, but there is a request-header CA")
        }
        self.requestHeader = RequestHeaderConfiguration(
            authorities: authorities,
            allowedNames: try Self.list("requestheader-allowed-names", in: data),
            usernameHeaders: usernames,
            groupHeaders: try Self.list("requestheader-group-headers", in: data),
            extraPrefixes: try Self.list("requestheader-extra-headers-prefix", in: data),
            uidHeaders: try Self.list("requestheader-uid-headers", in: data)
        )
    }

    /// A bundle of authorities; absent and empty mean none.
    private static func authorities(
        _ key: String,
        in data: [String: String]
    ) throws(AccessError) -> ClientCertificateVerifier? {
        guard let bundle = data[key], !bundle.isEmpty else { return nil }
        do {
            return try ClientCertificateVerifier(trusting: bundle)
        } catch {
            throw Self.error(key, error.summary, cause: error)
        }
    }

    /// A JSON list of texts; absent and empty mean none.
    private static func list(_ key: String, in data: [String: String]) throws(AccessError) -> [String] {
        guard let text = data[key], !text.isEmpty else { return [] }
        do {
            return try KubeJSON.decode(from: Array(text.utf8))
        } catch {
            throw Self.error(key, "is not a JSON list of texts", cause: error)
        }
    }

    /// Names what is wrong, and where.
    private static func error(_ key: String, _ problem: String, cause: (any Error)? = nil) -> AccessError {
        AccessError(.badConfiguration, "ConfigMap \(Self.key): \(key): \(problem)", cause: cause)
    }
}
