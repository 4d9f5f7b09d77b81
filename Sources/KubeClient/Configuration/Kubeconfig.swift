import Foundation
import KubeModel

/// A kubeconfig file as it is written; only what we use.
///
/// - Source: Kubernetes, "kubeconfig (v1)" reference.
struct Kubeconfig: Decodable {
    /// The context used when none is asked for.
    var currentContext: String?
    /// Servers by name.
    var clusters: [Entry<Cluster>]?
    /// Identities by name.
    var users: [Entry<User>]?
    /// Pairs of the two by name.
    var contexts: [Entry<Context>]?

    /// The members of the file.
    enum CodingKeys: String, CodingKey {
        case currentContext = "current-context"
        case clusters
        case users
        case contexts
    }

    /// A server.
    struct Cluster: Decodable {
        /// Its URL.
        let server: String?
        /// Who signed its certificate, in base64.
        let certificateAuthorityData: String?
        /// Who signed its certificate, as a file.
        var certificateAuthority: String?
        /// Trust anyone.
        let insecureSkipTLSVerify: Bool?
        /// The name its certificate must have.
        let tlsServerName: String?
        /// A proxy to go through.
        let proxyURL: String?
        /// What plug-ins are told.
        let extensions: [Extension]?

        /// The members of a cluster.
        enum CodingKeys: String, CodingKey {
            case server
            case certificateAuthorityData = "certificate-authority-data"
            case certificateAuthority = "certificate-authority"
            case insecureSkipTLSVerify = "insecure-skip-tls-verify"
            case tlsServerName = "tls-server-name"
            case proxyURL = "proxy-url"
            case extensions
        }
    }

    /// Something for a certain reader.
    struct Extension: Decodable {
        /// The reader.
        let name: String
        /// Anything.
        let `extension`: JSONValue?
    }

    /// Who to be, and where.
    struct Context: Decodable {
        /// The name of a server.
        let cluster: String
        /// The name of an identity.
        let user: String?
        /// The namespace meant where none is said.
        let namespace: String?
    }

    /// An identity.
    struct User: Decodable {
        /// PEM in base64.
        let clientCertificateData: String?
        /// PEM as a file.
        var clientCertificate: String?
        /// PEM in base64.
        let clientKeyData: String?
        /// PEM as a file.
        var clientKey: String?
        /// A bearer token.
        let token: String?
        /// A bearer token as a file.
        var tokenFile: String?
        /// For basic authentication.
        let username: String?
        /// For basic authentication.
        let password: String?
        /// A program that logs in.
        var exec: Exec?
        /// Whom to be after logging in.
        let impersonated: String?
        /// A way to log in that is built into a client.
        let authProvider: AuthProvider?

        /// The members of a user.
        enum CodingKeys: String, CodingKey {
            case clientCertificateData = "client-certificate-data"
            case clientCertificate = "client-certificate"
            case clientKeyData = "client-key-data"
            case clientKey = "client-key"
            case token
            case tokenFile
            case username
            case password
            case exec
            case impersonated = "as"
            case authProvider = "auth-provider"
        }
    }

    /// A way to log in that is built into a client.
    struct AuthProvider: Decodable {
        /// Such as `oidc`.
        let name: String?
    }

    /// A program that logs in.
    struct Exec: Decodable {
        /// The version of the contract with it.
        let apiVersion: String?
        /// A path, or a name to be found in PATH.
        var command: String
        /// What it is called with.
        let args: [String]?
        /// What is added to its environment.
        let env: [Variable]?
        /// Whether it is told about the server.
        let provideClusterInfo: Bool?
        /// `Never`, `IfAvailable` or `Always`.
        let interactiveMode: String?
        /// What to say when it is not there.
        let installHint: String?

        /// One environment variable.
        struct Variable: Decodable {
            /// Its name.
            let name: String
            /// Its value.
            let value: String
        }
    }

    /// A member of one of the lists, whose value stands under a name of its own.
    struct Entry<Value: Decodable>: Decodable {
        /// What contexts, or users, call it.
        let name: String
        /// What it is.
        var value: Value

        /// Reads `name`, and the value under `cluster`, `user` or `context`.
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: EntryKey.self)
            self.name = try container.decode(String.self, forKey: EntryKey("name"))
            self.value = try container.decode(Value.self, forKey: EntryKey("\(Value.self)".lowercased()))
        }
    }

    /// Any member.
    private struct EntryKey: CodingKey {
        /// Its name.
        let stringValue: String
        /// Never a number.
        var intValue: Int? { nil }
        /// A member of this name.
        init(_ name: String) { self.stringValue = name }
        /// A member of this name.
        init?(stringValue: String) { self.stringValue = stringValue }
        /// Never a number.
        init?(intValue: Int) { nil }
    }
}
