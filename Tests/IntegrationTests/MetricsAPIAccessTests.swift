import Certificates
import Foundation
import KubeClient
import KubeModel
import Outbound
import TestKit
import Testing

extension RealServers {
    /// Who may read external metrics on a real cluster, through kube-apiserver and straight at our port.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct MetricsAPIAccess {
        @Test func `kube-apiserver passes on whom RBAC admits, and refuses others`() async throws {
            try await MetricsAPITestServer.with { server in
                try await server.aggregated {
                    let answer = try await server.cluster.kubectl("get", "--raw", server.metricPath)
                    #expect(answer.contains(#""value":"4500m""#))
                    #expect(answer.contains(#""timestamp":"2026-06-16T10:48:17Z""#))
                    try await server.allow("--user=jane")
                    try await eventually("jane's rights", within: .seconds(30)) {
                        try await server.cluster.kubectl("get", "--raw", server.metricPath, "--as=jane")
                            .contains("4500m")
                    }
                    let refusal = await #expect(throws: Command.Failed.self) {
                        try await server.cluster.kubectl("get", "--raw", server.metricPath, "--as=joe")
                    }
                    #expect(refusal?.description.contains("cannot list resource \"s0-cron\"") == true)
                }
            }
        }

        @Test func `discovery and documents are served through kube-apiserver`() async throws {
            try await MetricsAPITestServer.with { server in
                try await server.aggregated {
                    let resources = try await server.cluster
                        .kubectl("api-resources", "--api-group=external.metrics.k8s.io")
                    #expect(resources.contains("externalmetrics"))
                    let groups = try await server.cluster.kubectl("get", "--raw", "/apis/external.metrics.k8s.io")
                    #expect(groups.contains("external.metrics.k8s.io/v1beta1"))
                    let state = "jsonpath={.status.conditions[?(@.type==\"Available\")].status}"
                    let service = "v1beta1.external.metrics.k8s.io"
                    try await eventually("the APIService to be available", within: .seconds(60)) {
                        try await server.cluster.kubectl("get", "apiservice", service, "-o", state) == "True"
                    }
                }
            }
        }

        @Test func `straight at our port, headers count only with kube-apiserver's own certificate`() async throws {
            try await MetricsAPITestServer.with { server in
                let proxy = try MetricsAPITestServer.frontProxy()
                try await server.allow("--user=jane")
                try await eventually("jane's rights", within: .seconds(30)) {
                    try await server.ask(as: proxy, user: "jane").status == 200
                }
                #expect(try await server.ask(as: proxy, user: "joe").status == 403)
                #expect(try await server.ask(user: "jane").status == 403)
                #expect(try await server.ask(user: "root", groups: ["system:masters"]).status == 403)
                let stranger = try CertificateAuthority(commonName: "stranger", now: Date())
                let forged = try stranger.issue(CertificateRequest(commonName: "front-proxy-client"), now: Date())
                #expect(try await server.ask(as: forged, user: "jane").status == 401)
                let otherName = try MetricsAPITestServer.authority("FRONT_PROXY_CA")
                    .issue(CertificateRequest(commonName: "kubelet"), now: Date())
                #expect(try await server.ask(as: otherName, user: "jane").status == 401)
                let user = try MetricsAPITestServer.authority("CLIENT_CA")
                    .issue(CertificateRequest(commonName: "joe"), now: Date())
                let refused = try await server.ask(as: user, user: "jane", groups: ["system:masters"])
                #expect(refused.status == 403)
                #expect(refused.body["message"]?.string?.contains(#"User "joe""#) == true)
            }
        }

        @Test func `straight at our port, a user's certificate and a token count for what they may`() async throws {
            try await MetricsAPITestServer.with { server in
                let users = try MetricsAPITestServer.authority("CLIENT_CA")
                let master = try users.issue(
                    CertificateRequest(commonName: "root", organizations: ["system:masters"]),
                    now: Date()
                )
                #expect(try await server.ask(as: master).status == 200)
                #expect(try await server.ask(token: "not a token").status == 401)
                let poor = try await server.token(of: "poor")
                #expect(try await server.ask(token: poor).status == 403)
                let rich = try await server.token(of: "rich")
                try await server.allow("--serviceaccount=\(server.cluster.namespace):rich")
                try await eventually("the account's rights", within: .seconds(30)) {
                    try await server.ask(token: rich).status == 200
                }
            }
        }

        @Test func `an authority added to the ConfigMap counts without a restart`() async throws {
            try await MetricsAPITestServer.with { server in
                let new = try CertificateAuthority(commonName: "new front-proxy CA", now: Date())
                let proxy = try new.issue(CertificateRequest(commonName: "front-proxy-client"), now: Date())
                let masters = ["system:masters"]
                #expect(try await server.ask(as: proxy, user: "root", groups: masters).status == 401)
                let name = ObjectKey(namespace: "kube-system", name: "extension-apiserver-authentication")
                let key = "requestheader-client-ca-file"
                let old = try await server.cluster.client.get(ConfigMap.self, name)
                let bundle = try #require(old.data?[key])
                let changed: JSONValue = ["data": [key: .string(bundle + new.certificate)]]
                _ = try await server.cluster.client.patch(ConfigMap.self, name, with: changed)
                try await eventually("the new authority to count", within: .seconds(30)) {
                    try await server.ask(as: proxy, user: "root", groups: masters).status == 200
                }
                let own = try MetricsAPITestServer.frontProxy()
                #expect(try await server.ask(as: own, user: "root", groups: masters).status == 200)
                let restored: JSONValue = ["data": [key: .string(bundle)]]
                _ = try await server.cluster.client.patch(ConfigMap.self, name, with: restored)
                try await eventually("the new authority to count no more", within: .seconds(30)) {
                    try await server.ask(as: proxy, user: "root", groups: masters).status == 401
                }
            }
        }
    }
}
