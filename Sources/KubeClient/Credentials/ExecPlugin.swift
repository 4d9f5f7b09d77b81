import Foundation
public import KubeModel
import Outbound

/// A program that logs in for us, such as `aws eks get-token` or `gke-gcloud-auth-plugin`.
///
/// - Source: Kubernetes, "client-go credential plugins"; `client.authentication.k8s.io` v1 and v1beta1.
public struct ExecPlugin: Sendable, Hashable {
    /// The versions of the contract.
    public enum Version: String, Sendable, Hashable, CaseIterable {
        case v1 = "client.authentication.k8s.io/v1"
        case v1beta1 = "client.authentication.k8s.io/v1beta1"

        /// All of them, for messages.
        static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
    }

    /// What a plug-in is told of the server, if it asks for it.
    public struct ClusterInfo: Sendable, Hashable {
        /// The URL.
        public var server: String
        /// The name in its certificate.
        public var serverName: String?
        /// Whether any certificate will do.
        public var skipsVerification: Bool
        /// Who signed its certificate.
        public var authorities: KubeConfiguration.Material?
        /// Whatever the kubeconfig holds for the plug-in.
        public var settings: JSONValue?
    }

    /// The version of the contract.
    public var version: Version
    /// An absolute path, or a name to be found in PATH.
    public var command: String
    /// What it is called with.
    public var arguments: [String]
    /// What is added to our own environment.
    public var environment: [String: String]
    /// What it is told of the server; `nil` for nothing.
    public var cluster: ClusterInfo?
    /// What to say when it is not there.
    public var installHint: String?

    /// What the plug-in finds in `KUBERNETES_EXEC_INFO`.
    ///
    /// It is never given a terminal. The authorities are the PEM text of ``ClusterInfo/authorities``, read for the
    /// occasion.
    func info(authorities: String?) throws -> String {
        var spec: JSONValue = ["interactive": false]
        if let cluster {
            var told: JSONValue = ["server": .string(cluster.server)]
            if let name = cluster.serverName, !name.isEmpty { told["tls-server-name"] = .string(name) }
            if cluster.skipsVerification { told["insecure-skip-tls-verify"] = true }
            if let authorities {
                told["certificate-authority-data"] = .string(Data(authorities.utf8).base64EncodedString())
            }
            told["config"] = cluster.settings
            spec["cluster"] = told
        }
        let info: JSONValue = ["kind": "ExecCredential", "apiVersion": .string(version.rawValue), "spec": spec]
        return String(decoding: try KubeJSON.encode(info), as: UTF8.self)
    }
}

// Arguments, environment and settings of a plug-in may hold credentials.
extension ExecPlugin: CustomStringConvertible, CustomReflectable {
    /// What is run.
    public var description: String { "plugin \(command)" }

    /// No children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
