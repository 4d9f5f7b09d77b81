import Certificates
import Foundation
import Hummingbird
import KubeModel
import Outbound
import OutboundCurl
import Scaling
import Serving
import ServiceLifecycle
import Synchronization
import Telemetry
import Testing

@testable import MetricsAPI

/// The whole API over TLS on loopback, with reviews played by the test.
@Suite(.timeLimit(.minutes(2))) struct MetricsAPITests {
    static let metric = "apis/external.metrics.k8s.io/v1beta1/namespaces/shop/s0-cron"
    static let decisions = "apis/decisions.swell.dev/v1alpha1/namespaces/shop/scaledobjects/web"
    static let selector = ("labelSelector", "scaledobject.keda.sh/name=web")

    let cluster: TestCluster
    let map: MovingConfigMap

    init() throws {
        self.cluster = try TestCluster()
        self.map = MovingConfigMap(cluster.data)
    }

    /// Sends one GET and gives the answer.
    func get(
        _ path: String = metric,
        _ query: [(String, String)] = [selector],
        at port: Int,
        as client: CertificatePair? = nil,
        headers: [Outbound.HTTPRequest.Header] = [],
        token: Secret<String>? = nil,
        method: Outbound.HTTPRequest.Method = .get
    ) async throws -> (status: Int, body: JSONValue) {
        var url = WebAddress(scheme: "https", host: "127.0.0.1", port: port)
        url = url.appending(segments: path.split(separator: "/").map(String.init))
        for (name, value) in query { url = url.asking(name, value) }
        let request = Outbound.HTTPRequest(
            method,
            url,
            headers: headers,
            authorization: token.map { .bearer($0) },
            tls: TLSSettings(
                authorities: cluster.users.certificate,
                certificate: client?.certificates,
                privateKey: client?.privateKey
            ),
            deadline: .seconds(30)
        )
        return try await withCurlTransport(environment: [:]) { transport in
            let response = try await transport.collect(request, upTo: 1 << 20)
            #expect(response.head["Content-Type"] == "application/json")
            return (response.status, try KubeJSON.decode(from: response.body))
        }
    }

    /// Runs the API for a test.
    ///
    /// The token `good` is jane's, who may list metrics and get decisions in `shop`; `down` cannot be reviewed.
    func withAPI(
        _ source: any MetricSource = FixedSource.halves,
        decisions: FixedDecisions = FixedDecisions(),
        limits: ServerLimits = ServerLimits(),
        _ test: @escaping @Sendable (_ port: Int, _ reader: AuthenticationConfigurationReader) async throws -> Void
    ) async throws {
        let reader = AuthenticationConfigurationReader(logger: quiet, read: map.read)
        await reader.refresh()
        let api = MetricsAPI(
            source,
            decisions: decisions,
            reviews: Self.reviews,
            configuration: reader,
            version: "v1",
            registry: MetricRegistry(),
            logger: quiet
        )
        let request = CertificateRequest(commonName: "swell", addresses: ["127.0.0.1"])
        let certificate = try ServingCertificate(
            OwnCertificate(request, signedBy: cluster.users, from: Date()),
            asksClients: true,
            logger: quiet
        )
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let server = api.server(
            at: .at(host: "127.0.0.1", port: 0),
            certificate: certificate,
            limits: limits,
            onListening: { told.yield($0) }
        )
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            do {
                try await test(port, reader)
            } catch {
                Issue.record(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Plays the API server.
    static let reviews = Reviews(
        token: { review in
            switch review.spec.token {
            case "good":
                return try KubeJSON.decode(from: ["authenticated": true, "user": ["username": "jane"]])
            case "poor":
                return try KubeJSON.decode(from: ["authenticated": true, "user": ["username": "joe"]])
            case "down": throw OutboundError(.cannotConnect, "the API server is away")
            default: return try KubeJSON.decode(from: ["authenticated": false])
            }
        },
        access: { review in
            if review.spec.user == "hal" { throw OutboundError(.cannotConnect, "the API server is away") }
            let isOwn =
                review.spec.resourceAttributes.map { asked in
                    let verb = asked.group == "decisions.swell.dev" ? "get" : "list"
                    return asked.verb == verb && asked.namespace == "shop"
                } ?? false
            let isKnown = review.spec.groups?.contains("system:authenticated") == true
            let isDiscovery = review.spec.nonResourceAttributes != nil && isKnown
            return try KubeJSON.decode(from: ["allowed": .bool((isOwn && review.spec.user == "jane") || isDiscovery)]
            )
        }
    )

    @Test func `the API server is answered for a user who may`() async throws {
        try await withAPI { port, _ in
            let proxy = try cluster.client("front-proxy-client", of: cluster.frontProxy)
            let (status, body) = try await get(at: port, as: proxy, headers: [.init("X-Remote-User", "jane")])
            #expect(status == 200)
            #expect(body["kind"] == "ExternalMetricValueList")
            #expect(
                body["items"] == [
                    [
                        "metricName": "s0-cron", "metricLabels": nil, "timestamp": "2026-06-16T10:48:17Z",
                        "value": "4500m",
                    ]
                ]
            )
            let accept = [
                Outbound.HTTPRequest.Header("Accept", "application/vnd.kubernetes.protobuf, */*"),
                .init("X-Remote-User", "jane"),
            ]
            #expect(try await get(at: port, as: proxy, headers: accept).status == 200)
        }
    }

    @Test func `decisions are for whoever may get them`() async throws {
        try await withAPI { port, _ in
            let jane = try cluster.client("jane", of: cluster.users)
            let (status, body) = try await get(Self.decisions, [], at: port, as: jane)
            #expect(status == 200)
            let report = FixedDecisions.report(on: ObjectKey(namespace: "shop", name: "web"))
            #expect(try KubeJSON.value(of: report) == body)
            #expect(body["kind"] == "ScaledObjectDecisions")
            #expect(body["apiVersion"] == "decisions.swell.dev/v1alpha1")
            #expect(try await get(Self.decisions, [], at: port, token: "good").status == 200)
            let joe = try await get(Self.decisions, [], at: port, token: "poor")
            #expect(joe.status == 403)
            #expect(joe.body["message"]?.string?.contains(#"cannot get resource "scaledobjects""#) == true)
            #expect(try await get(Self.decisions, [], at: port).status == 403)
            #expect(try await get(Self.decisions, [], at: port, as: jane, method: .delete).status == 403)
            let other = Self.decisions.replacing("shop", with: "bank")
            #expect(try await get(other, [], at: port, as: jane).status == 403)
            let master = try cluster.client("root", ["system:masters"], of: cluster.users)
            #expect(try await get(Self.decisions, [], at: port, as: master, method: .delete).status == 405)
            let list = Self.decisions.replacing("/web", with: "")
            #expect(try await get(list, [], at: port, as: master).status == 405)
        }
    }

    @Test func `an object without decisions is told`() async throws {
        let key = ObjectKey(namespace: "shop", name: "web")
        try await withAPI(decisions: FixedDecisions(failure: .notPolled(key))) { port, _ in
            let jane = try cluster.client("jane", of: cluster.users)
            let answer = try await get(Self.decisions, [], at: port, as: jane)
            #expect(answer.status == 404)
            #expect(answer.body["kind"] == "Status")
            #expect(answer.body["details"]?["name"] == "web")
        }
    }

    @Test func `forged headers are nobody's, whatever certificate comes with them`() async throws {
        try await withAPI { port, _ in
            let forged = [
                Outbound.HTTPRequest.Header("X-Remote-User", "jane"), .init("X-Remote-Group", "system:masters"),
            ]
            let nobody = try await get(at: port, headers: forged)
            #expect(nobody.status == 403)
            #expect(nobody.body["reason"] == "Forbidden")
            #expect(nobody.body["message"]?.string?.contains(#"User "system:anonymous" cannot list"#) == true)
            let stranger = try cluster.client("front-proxy-client", of: cluster.stranger)
            let otherCA = try await get(at: port, as: stranger, headers: forged)
            #expect(otherCA.status == 401)
            #expect(otherCA.body["reason"] == "Unauthorized")
            let kubelet = try cluster.client("kubelet", of: cluster.frontProxy)
            #expect(try await get(at: port, as: kubelet, headers: forged).status == 401)
            let user = try cluster.client("joe", of: cluster.users)
            #expect(try await get(at: port, as: user, headers: forged).status == 403)
        }
    }

    @Test func `users come with certificates and tokens, and may what they may`() async throws {
        try await withAPI { port, _ in
            let jane = try cluster.client("jane", of: cluster.users)
            #expect(try await get(at: port, as: jane).status == 200)
            let master = try cluster.client("root", ["system:masters"], of: cluster.users)
            #expect(try await get(at: port, as: master).status == 200)
            #expect(try await get(at: port, token: "good").status == 200)
            #expect(try await get(at: port, token: "poor").status == 403)
            #expect(try await get(at: port, token: "bad").status == 401)
            let down = try await get(at: port, token: "down")
            #expect(down.status == 500)
            #expect(down.body["reason"] == "InternalError")
            #expect(down.body["message"]?.string?.contains("down") == false)
            let hal = try cluster.client("hal", of: cluster.users)
            #expect(try await get(at: port, as: hal).status == 500)
        }
    }

    @Test func `a changed authority counts at the next reading`() async throws {
        try await withAPI { port, reader in
            let new = try TestCluster()
            let header = [Outbound.HTTPRequest.Header("X-Remote-User", "jane")]
            let (oldProxy, newProxy) = (
                try cluster.client("front-proxy-client", of: cluster.frontProxy),
                try new.client("front-proxy-client", of: new.frontProxy)
            )
            #expect(try await get(at: port, as: oldProxy, headers: header).status == 200)
            #expect(try await get(at: port, as: newProxy, headers: header).status == 401)
            let ca = ["requestheader-client-ca-file": new.frontProxy.certificate]
            map.set(.success(cluster.data.merging(ca) { _, new in new }))
            await reader.refresh()
            #expect(try await get(at: port, as: oldProxy, headers: header).status == 401)
            #expect(try await get(at: port, as: newProxy, headers: header).status == 200)
        }
    }

    @Test func `what does not exist is 404, what is not allowed is 405, for those who may ask`() async throws {
        try await withAPI { port, _ in
            let jane = try cluster.client("jane", of: cluster.users)
            let master = try cluster.client("root", ["system:masters"], of: cluster.users)
            #expect(try await get("apis", [], at: port, as: jane).body["kind"] == "APIGroupList")
            #expect(try await get("apis", [], at: port).status == 403)
            #expect(try await get("apis/external.metrics.k8s.io/v1beta1/s0-cron", at: port, as: jane).status == 404)
            #expect(try await get("nothing", [], at: port, as: jane).status == 404)
            let watch = try await get(query: "true", at: port, as: master)
            #expect(watch.status == 405)
            #expect(watch.body["reason"] == "MethodNotAllowed")
            #expect(try await get(at: port, as: master, method: .post).status == 405)
            #expect(try await get(at: port, as: master, method: .delete).status == 405)
            #expect(try await get(at: port, as: jane, method: .delete).status == 403)
        }
    }

    /// Asks for a watch.
    func get(query watch: String, at port: Int, as client: CertificatePair) async throws -> (
        status: Int, body: JSONValue
    ) {
        try await get(Self.metric, [Self.selector, ("watch", watch)], at: port, as: client)
    }

    @Test func `a bad selector and a failed reading are told`() async throws {
        let failing = FixedSource(answer: .failure(.readFailed(metric: "s0-cron", reason: "the zone is unknown")))
        try await withAPI(failing) { port, _ in
            let jane = try cluster.client("jane", of: cluster.users)
            let failed = try await get(at: port, as: jane)
            #expect(failed.status == 500)
            #expect(failed.body["reason"] == nil)
            #expect(
                failed.body["message"]?.string?.hasSuffix("metric:s0-cron encountered error: the zone is unknown")
                    == true
            )
            #expect(try await get(Self.metric, [], at: port, as: jane).status == 500)
            #expect(try await get(Self.metric, [("labelSelector", "=")], at: port, as: jane).status == 400)
        }
    }

    @Test func `what is at hand is answered on the connection's thread, the rest is not worked out there`() async throws
    {
        let source = ThreadedSource()
        try await withAPI(source) { port, _ in
            for metric in ["s0-known", "s0-asked"] {
                let path = "apis/external.metrics.k8s.io/v1beta1/namespaces/shop/\(metric)"
                let answer = try await get(path, at: port, token: Secret("good"))
                #expect(answer.body["items"]?.array?.first?["metricName"] == .string(metric))
            }
        }
        let threads = source.threads.withLock { $0 }
        #expect(threads["s0-known"]?.hasPrefix("NIO") == true)
        #expect(threads["s0-asked"]?.hasPrefix("NIO") == false)
    }

    @Test func `probes are open to all, readiness waits for the configuration`() async throws {
        try await withAPI { port, _ in
            let url = WebAddress(scheme: "https", host: "127.0.0.1", port: port)
            let tls = TLSSettings(authorities: cluster.users.certificate)
            try await withCurlTransport(environment: [:]) { transport in
                for page in ["healthz", "livez", "readyz"] {
                    let request = Outbound.HTTPRequest(.get, url.appending(page), tls: tls, deadline: .seconds(30))
                    let answer = try await transport.collect(request, upTo: 1000)
                    #expect(answer.status == 200)
                    #expect(String(decoding: answer.body, as: UTF8.self) == "ok")
                }
            }
        }
    }

    @Test func `what the server refuses by itself is a Status too`() async throws {
        var limits = ServerLimits()
        limits.requests = 0
        try await withAPI(limits: limits) { port, _ in
            let answer = try await get(at: port)
            #expect(answer.status == 429)
            #expect(answer.body["kind"] == "Status")
            #expect(answer.body["reason"] == "TooManyRequests")
        }
    }
}
