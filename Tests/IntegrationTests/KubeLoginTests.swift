import Foundation
import KubeClient
import KubeModel
import Outbound
import OutboundCurl
import TestKit
import Testing

extension RealServers {
    @Suite(.timeLimit(.minutes(5))) struct KubeLogin {
        /// What the API says of a token.
        struct TokenRequest: Codable {
            /// How it is.
            struct Status: Codable {
                /// The token.
                let token: String
            }
            /// How it is.
            let status: Status
        }

        /// Asks for the ConfigMaps of a namespace with another way to log in.
        static func list(_ cluster: TestCluster, as identity: KubeConfiguration.Identity) async throws {
            var configuration = try KubeConfiguration.load(
                kubeconfig: TestServers.variable("KUBECONFIG"),
                environment: [:]
            )
            configuration.identity = identity
            try await withCurlTransport(environment: [:]) { transport in
                let client = KubeClient(configuration, over: transport)
                _ = try await client.list(ConfigMap.self, Selection(namespace: cluster.namespace))
            }
        }

        @Test func `a bad token is refused, a good one without rights too, and one with rights is answered`()
            async throws
        {
            try await TestCluster.with { cluster in
                let bad = KubeConfiguration.Identity(token: .text(Secret("canary-token")))
                let refused = await #expect(throws: KubeError.self) { try await Self.list(cluster, as: bad) }
                #expect(refused?.code == .unauthorized)
                #expect(refused?.debugDescription.contains("canary-token") == false)
                try await cluster.kubectl("create", "serviceaccount", "robot", "-n", cluster.namespace)
                let request = KubeRequest(
                    .post,
                    path: ["api", "v1", "namespaces", cluster.namespace, "serviceaccounts", "robot", "token"],
                    body: Array(#"{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}"#.utf8),
                    contentType: "application/json"
                )
                let token = try await cluster.client.answer(to: request, as: TokenRequest.self).status.token
                let file = FileManager.default.temporaryDirectory.appending(path: "swell-token-\(UUID().uuidString)")
                try Data(token.utf8).write(to: file)
                let robot = KubeConfiguration.Identity(token: .file(file.path()))
                let forbidden = await #expect(throws: KubeError.self) { try await Self.list(cluster, as: robot) }
                #expect(forbidden?.code == .forbidden)
                try await cluster.kubectl(
                    "create",
                    "rolebinding",
                    "robot",
                    "-n",
                    cluster.namespace,
                    "--clusterrole=view",
                    "--serviceaccount=\(cluster.namespace):robot"
                )
                try await eventually("the right to list", within: .seconds(30)) {
                    try await Self.list(cluster, as: robot)
                    return true
                }
                try FileManager.default.removeItem(at: file)
            }
        }

        @Test func `a credential plug-in logs in with the certificate that it prints`() async throws {
            try await TestCluster.with { cluster in
                let folder = FileManager.default.temporaryDirectory.appending(path: "swell-login-\(UUID().uuidString)")
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                let view = try await cluster.kubectl("config", "view", "--raw", "--flatten", "-o", "json")
                let config = try KubeJSON.decode(JSONValue.self, from: Array(view.utf8))
                let user = try #require(config["users"]?.array?.first?["user"])
                func pem(_ name: String) throws -> JSONValue {
                    let text = try #require(user[name]?.string)
                    let data = try #require(Data(base64Encoded: text))
                    return .string(String(decoding: data, as: UTF8.self))
                }
                let credential: JSONValue = [
                    "kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1",
                    "status": [
                        "clientCertificateData": try pem("client-certificate-data"),
                        "clientKeyData": try pem("client-key-data"),
                    ],
                ]
                try Data(try KubeJSON.encode(credential)).write(to: folder.appending(path: "credential.json"))
                let server = try #require(config["clusters"]?.array?.first?[path: "cluster", "server"]?.string)
                let authority = try #require(
                    config["clusters"]?.array?.first?[path: "cluster", "certificate-authority-data"]?.string
                )
                let kubeconfig = """
                    current-context: x
                    clusters: [{name: c, cluster: {server: "\(server)", certificate-authority-data: "\(authority)"}}]
                    users:
                    - name: u
                      user:
                        exec: {apiVersion: client.authentication.k8s.io/v1, command: cat, args: ["\(folder.path())/credential.json"]}
                    contexts: [{name: x, context: {cluster: c, user: u}}]
                    """
                let path = folder.appending(path: "config")
                try Data(kubeconfig.utf8).write(to: path)
                let configuration = try KubeConfiguration.load(kubeconfig: path.path(), environment: [:])
                try await withCurlTransport(environment: [:]) { transport in
                    let client = KubeClient(configuration, over: transport)
                    _ = try await client.list(ConfigMap.self, Selection(namespace: cluster.namespace))
                }
                try FileManager.default.removeItem(at: folder)
            }
        }
    }
}
