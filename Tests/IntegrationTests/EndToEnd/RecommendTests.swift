import Foundation
import KubeClient
import KubeModel
import Outbound
import Scaling
import Synchronization
import TestKit
import Testing

extension RealServers {
    /// Swell beside whoever manages the objects: it looks, decides and tells, and leaves no trace but its Lease.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct Recommend {
        /// How a test of it is called.
        static let flags = ["--mode", "recommend", "--leader-elect"]

        /// An object as KEDA keeps it: held, marked, with a status and an HPA that Swell would write otherwise.
        static func keep(_ name: String, replicas: Int, spec: String, in cluster: TestCluster) async throws {
            try await cluster.deploy(name, replicas: replicas)
            try await cluster.apply(
                LeftByKEDA.held(
                    ScaledObject.resourceType,
                    name,
                    spec: #"{"scaleTargetRef":{"name":"\#(name)"},"pollingInterval":1,\#(spec)}"#
                )
            )
            try await LeftByKEDA.own(cluster, name, upTo: 100)
        }

        /// A trigger that wants so many pods at any time.
        static func always(_ pods: Int) throws -> String {
            String(decoding: try KubeJSON.encode(Neighbours.always(pods)), as: UTF8.self)
        }

        /// The versions of what nobody else writes; the audit log tells of the rest.
        static func versions(_ cluster: TestCluster) async throws -> String {
            let kinds = "so,ta,scaledjobs,secrets"
            let columns = "custom-columns=K:.kind,N:.metadata.name,V:.metadata.resourceVersion"
            return try await cluster.kubectl("get", kinds, "-n", cluster.namespace, "-o", columns)
        }

        /// A namespace full of what KEDA keeps, in every state.
        static func fill(_ cluster: TestCluster) async throws {
            let five = #""triggers":[\#(try always(5))]"#
            try await keep("web", replicas: 3, spec: five, in: cluster)
            try await keep("asleep", replicas: 0, spec: five, in: cluster)
            try await keep("paused", replicas: 2, spec: five, in: cluster)
            try await cluster.annotate("paused", ObjectControls.paused, "true")
            try await keep(
                "broken",
                replicas: 2,
                spec: #""minReplicaCount":9,"maxReplicaCount":2,\#(five)"#,
                in: cluster
            )
            let restore = #""advanced":{"restoreToOriginalReplicaCount":true},"#
            try await keep("leaving", replicas: 2, spec: restore + five, in: cluster)
            try await cluster.apply(Rights.credentials)
            try await cluster.apply(
                """
                {"apiVersion":"keda.sh/v1alpha1","kind":"TriggerAuthentication","metadata":{"name":"token"},
                 "spec":{"boundServiceAccountToken":[{"parameter":"bearerToken","serviceAccountName":"default"}]}}
                """
            )
            for login in ["login", "token"] {
                let trigger = """
                    "triggers":[{"type":"prometheus","authenticationRef":{"name":"\(login)"},"metadata":{"threshold":"1",
                      "serverAddress":"http://127.0.0.1:1","query":"x","authModes":"bearer"}}]
                    """
                try await keep("with-\(login)", replicas: 2, spec: trigger, in: cluster)
            }
            let job = #"{"template":{"spec":{"containers":[{"name":"main","image":"none"}],"restartPolicy":"Never"}}}"#
            let spec = #"{"jobTargetRef":\#(job),\#(five)}"#
            try await cluster.apply(LeftByKEDA.held(ScaledJob.resourceType, "job", spec: spec))
            try await cluster.kubectl("delete", "so/leaving", "scaledjob/job", "--wait=false", "-n", cluster.namespace)
        }

        /// Has everything let go, as KEDA would.
        static func release(_ cluster: TestCluster) async throws {
            for kind in ["so", "scaledjob"] {
                for name in try await cluster.kubectl("get", kind, "-o", "name", "-n", cluster.namespace)
                    .split(separator: "\n")
                {
                    let free = #"{"metadata":{"finalizers":null}}"#
                    let patch = ["patch", String(name), "--type=merge", "-p", free, "-n", cluster.namespace]
                    try await cluster.kubectl(patch)
                }
            }
        }

        /// Runs the process in a namespace full of what KEDA keeps, and checks what it has written and was refused.
        static func beside(_ body: @Sendable (TestCluster, SwellProcess) async throws -> Void) async throws {
            try await TestCluster.with { cluster in
                try await cluster.kubectl("apply", "-f", "\(TestServers.root)/config/crd")
                try await fill(cluster)
                let start = try AuditLog.end
                try await SwellProcess.with(flags, as: .recommends) {
                    let swell = try #require(SwellProcess.current)
                    try await body(cluster, swell)
                    let log = try swell.wholeLog
                    #expect(!log.contains("orbidden"), "\(swell.log)")
                }
                try await release(cluster)
                let asked = try AuditLog.lines(from: start)
                    .filter { $0.user.username == SwellProcess.Role.recommends.user }
                #expect(asked.filter { $0.responseStatus?.code == 403 }.map { "\($0.verb) \($0.requestURI)" } == [])
                let written = asked.filter { !["get", "list", "watch"].contains($0.verb) }
                let leases = "/apis/coordination.k8s.io/v1/namespaces/keda/leases"
                #expect(Set(written.map(\.requestURI)).subtracting([leases, "\(leases)/swell-recommend"]) == [])
                #expect(!written.isEmpty && asked.count > 20)
            }
        }

        /// Waits until the decisions page says something of an object.
        static func expect(_ words: String, about name: String, _ cluster: TestCluster) async throws {
            let swell = try #require(SwellProcess.current)
            let text = Mutex("")
            do {
                try await eventually("word of \(name)", within: .seconds(60)) {
                    let port = swell.healthPort
                    let body = try await swell.page("debug", "decisions", cluster.namespace, name, port: port).body
                    text.withLock { $0 = String(decoding: body, as: UTF8.self) }
                    return text.withLock { $0.contains(words) }
                }
            } catch {
                print("the last word of \(name): \(text.withLock { $0 })")
                throw error
            }
        }

        @Test func `nothing but the Lease is written, and recommendations are seen beside what is in place`()
            async throws
        {
            try await Self.beside { cluster, swell in
                let before = try await Self.versions(cluster)
                let words = [
                    "web": "recommends 5, in place are 3", "asleep": "recommends 1, in place are 0",
                    "paused": "is not polled: an annotation pauses it", "broken": "Min/Max Replica Counts",
                    "with-login": "recommends 2, as are in place",
                    "with-token": "is not sent: here Swell only recommends",
                    "leaving": "is not polled",
                ]
                for (name, words) in words { try await Self.expect(words, about: name, cluster) }
                let text = try await Explain.explain("web", in: cluster.namespace)
                #expect(text.contains("web: recommends 5, in place are 3 (nothing is written)"), "\(text)")
                let labels = ["namespace": cluster.namespace, "scaledObject": "web"]
                try await eventually("both metrics") {
                    let body = try await swell.page("metrics", port: swell.pagePort).body
                    let page = try #require(ScrapedPage(String(decoding: body, as: UTF8.self)))
                    return page["swell_recommended_replicas", labels] == 5
                        && page["swell_present_replicas", labels] == 3
                }
                #expect(try await Self.versions(cluster) == before)
                try await cluster.kubectl("scale", "deploy/web", "--replicas=5", "-n", cluster.namespace)
                try await Self.expect("recommends 5, as are in place", about: "web", cluster)
                await #expect(throws: OutboundError.self, "no metrics API is served") {
                    try await swell.page("apis", port: swell.metricsPort)
                }
            }
        }

        @Test func `one object of a process that manages others is left alone, and loses the HPA that Swell has made`()
            async throws
        {
            try await SwellProcess.with {
                try await TestCluster.with { cluster in
                    let start = try AuditLog.end
                    let annotations: JSONValue = [OperatingMode.annotation: "recommend"]
                    try await cluster.scaled("told", by: [Neighbours.always(3)], annotations: annotations)
                    try await cluster.scaled("managed", by: [Neighbours.always(3)])
                    try await cluster.reach(3, "managed")
                    try await Self.expect("recommends 1, in place are 0", about: "told", cluster)
                    #expect(try await cluster.replicas("told") == 0)
                    #expect(try await cluster.autoscaler("keda-hpa-told") == nil)
                    #expect(try await cluster.object("told").metadata.finalizers == nil)
                    #expect(try await cluster.object("told").status == nil)
                    let written = try AuditLog.lines(from: start)
                        .filter { $0.user.username == SwellProcess.Role.manages.user && $0.requestURI.contains("told") }
                        .filter { !["get", "list", "watch"].contains($0.verb) }
                    #expect(written.map(\.requestURI) == [])
                    let events = ["get", "events", "-o", "name", "--field-selector=involvedObject.name=told"]
                    #expect(try await cluster.kubectl(events + ["-n", cluster.namespace]).isEmpty)

                    try await cluster.annotate("managed", OperatingMode.annotation, "recommend")
                    try await eventually("the end of the HPA", within: .seconds(60)) {
                        try await cluster.autoscaler("keda-hpa-managed") == nil
                    }
                    try await cluster.kubectl("scale", "deploy/managed", "--replicas=1", "-n", cluster.namespace)
                    try await Self.expect("recommends 3, in place are 1", about: "managed", cluster)
                    try await cluster.annotate("managed", OperatingMode.annotation, nil)
                    try await cluster.reach(3, "managed")
                    try await cluster.annotate("managed", OperatingMode.annotation, "recommend")
                    try await cluster.kubectl(
                        "delete",
                        "so",
                        "managed",
                        "told",
                        "--timeout=60s",
                        "-n",
                        cluster.namespace
                    )
                }
            }
        }
    }
}
