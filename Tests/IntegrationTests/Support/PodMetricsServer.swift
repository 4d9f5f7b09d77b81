import Certificates
import Foundation
import HTTPTypes
import Hummingbird
import KubeModel
import Logging
import Serving
import Synchronization
import TestKit

/// Measures pods in place of metrics-server: kube-apiserver passes `metrics.k8s.io` on to it, and it says what a test wants.
final class PodMetricsServer: Sendable {
    /// What a pod's containers use, by their names; texts of quantities by resource.
    typealias Usage = [String: [String: String]]

    /// What is answered, and how often it was.
    private struct State {
        /// By pod; `nil` answers that the server is not well.
        var pods: [String: Usage]? = [:]
        /// Questions for each selector.
        var questions: [String: Int] = [:]
    }

    /// What all this is registered as.
    private static let service = "v1beta1.metrics.k8s.io"

    /// Where it listens.
    private let port: Int
    /// Whose pods it measures.
    private let cluster: TestCluster
    /// See ``State``.
    private let state = Mutex(State())

    /// A server that does not listen yet.
    private init(port: Int, _ cluster: TestCluster) {
        self.port = port
        self.cluster = cluster
    }

    /// A server that kube-apiserver knows, for the length of a call.
    static func with(
        _ cluster: TestCluster,
        _ body: @escaping @Sendable (PodMetricsServer) async throws -> Void
    ) async throws {
        let pods = PodMetricsServer(port: try SwellProcess.freePort(), cluster)
        let now = Date()
        let request = CertificateRequest(commonName: "pod metrics", addresses: ["127.0.0.1"])
        let authority = try CertificateAuthority(now: now)
        let own = OwnCertificate(request, signedBy: authority, from: now)
        let certificate = try ServingCertificate(own, logger: TestCluster.silence)
        let router = Router(context: ServingContext.self)
        router.get("apis/metrics.k8s.io/v1beta1") { _, _ in Self.resources }
        router.get("apis/metrics.k8s.io/v1beta1/namespaces/:namespace/pods") { request, context in
            try pods.answer(
                in: context.parameters.get("namespace") ?? "",
                request.uri.queryParameters.get("labelSelector") ?? ""
            )
        }
        let server = WebServer(
            "pod metrics",
            at: .at(host: "127.0.0.1", port: pods.port),
            certificate: certificate,
            handler: router.buildResponder(),
            logger: TestCluster.silence
        )
        try await withServices([certificate, server]) {
            try await pods.register()
            do {
                try await body(pods)
            } catch {
                try await pods.withdraw()
                throw error
            }
            try await pods.withdraw()
        }
    }

    /// Says what pods use from now on; `nil` for a server that is not well.
    func set(_ pods: [String: Usage]?) { state.withLock { $0.pods = pods } }

    /// How often somebody has asked for the pods of a selector.
    func questions(_ selector: String) -> Int { state.withLock { $0.questions[selector] ?? 0 } }

    /// Waits until somebody has asked for the pods of a selector so many times more.
    func wait(for count: Int, of selector: String) async throws {
        let start = questions(selector)
        try await eventually("\(count) questions for \(selector)", within: .seconds(60)) {
            questions(selector) >= start + count
        }
    }

    /// What there is to be asked.
    private static let resources = Response.text(
        """
        {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"metrics.k8s.io/v1beta1",
         "resources":[{"name":"pods","singularName":"","namespaced":true,"kind":"PodMetrics","verbs":["get","list"]}]}
        """,
        contentType: "application/json"
    )

    /// The metrics of the pods that a selector such as `app=web` finds: their names begin with its value.
    private func answer(in namespace: String, _ selector: String) throws -> Response {
        let pods = state.withLock { state in
            if namespace == cluster.namespace { state.questions[selector, default: 0] += 1 }
            return state.pods
        }
        guard let pods else {
            let status = #"{"kind":"Status","apiVersion":"v1","code":503,"message":"metrics are out for a while"}"#
            return .text(status, status: .serviceUnavailable, contentType: "application/json")
        }
        let app = selector.split(separator: "=").last ?? ""
        let found = namespace == cluster.namespace ? pods.filter { $0.key.hasPrefix("\(app)-") } : [:]
        let time = JSONValue.string(RFC3339.seconds(Date()))
        let items = found.sorted { $0.key < $1.key }
            .map { name, usage -> JSONValue in
                [
                    "metadata": ["name": .string(name), "namespace": .string(namespace)], "timestamp": time,
                    "window": "30s",
                    "containers": .array(
                        usage.map { ["name": .string($0), "usage": .object($1.mapValues(JSONValue.string))] }
                    ),
                ]
            }
        let list: JSONValue = [
            "kind": "PodMetricsList", "apiVersion": "metrics.k8s.io/v1beta1", "metadata": [:], "items": .array(items),
        ]
        return .text(String(decoding: try KubeJSON.encode(list), as: UTF8.self), contentType: "application/json")
    }

    /// Makes kube-apiserver pass the API on to this process.
    private func register() async throws {
        try await cluster.apply(
            """
            {"apiVersion":"v1","kind":"List","items":[
              {"apiVersion":"v1","kind":"Service","metadata":{"name":"pod-metrics"},
               "spec":{"type":"ExternalName","externalName":"localhost","ports":[{"port":\(port)}]}},
              {"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService","metadata":{"name":"\(Self.service)"},
               "spec":{"group":"metrics.k8s.io","version":"v1beta1","insecureSkipTLSVerify":true,
                "groupPriorityMinimum":100,"versionPriority":100,
                "service":{"name":"pod-metrics","namespace":"\(cluster.namespace)","port":\(port)}}}]}
            """
        )
        try await eventually("the API of pod metrics", within: .seconds(90)) {
            try await cluster.kubectl("get", "--raw", "/apis/metrics.k8s.io/v1beta1").contains("PodMetrics")
        }
    }

    /// Takes it away again: an API whose server is gone disturbs discovery, and so everybody.
    private func withdraw() async throws {
        try await cluster.kubectl("delete", "apiservice", Self.service, "--ignore-not-found")
    }
}
