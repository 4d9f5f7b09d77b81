import Foundation
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers.BadInput {
    /// A Prometheus that is not well.
    @Suite struct Prometheus {
        /// What is said of each path.
        static let causes: [BadSource.Path: String] = [
            .silence: "no complete answer before the deadline",
            .failure: "Prometheus answered with status 500",
            .complaint: "Prometheus answered with status 400: parse error: no",
            .stranger: "Prometheus answered with status 401",
            .html: "the answer is not Prometheus's: is serverAddress its base URL?",
            .two: "the Prometheus query gave 2 elements and must give one",
            .huge: "the answer is larger than 1048576 bytes",
            .nan: "the Prometheus query gave nan; set ignoreNullValues",
            .infinity: "the Prometheus query gave inf; set ignoreNullValues",
            .empty: "the Prometheus query gave no value; set ignoreNullValues",
            .null: "the Prometheus query gave no value; set ignoreNullValues",
        ]

        /// A trigger that asks a path.
        static func trigger(
            _ address: String,
            ignoresNull: Bool = false,
            authentication: String? = nil
        ) -> JSONValue {
            var metadata: JSONValue = ["serverAddress": .string(address), "query": "up", "threshold": "2"]
            metadata["ignoreNullValues"] = .string("\(ignoresNull)")
            if authentication != nil { metadata["authModes"] = "bearer" }
            return Settings.trigger("prometheus", metadata, authentication: authentication)
        }

        @Test func `a Prometheus that is down, slow or answers nonsense is told and waited for`() async throws {
            let canary = "canary-\(UUID().uuidString)"
            let source = BadSource(port: try SwellProcess.freePort())
            let late = BadSource(port: try SwellProcess.freePort())
            late.mend()
            let paths = BadSource.Path.allCases.map { path in
                // The name and password of the address go into a header, and nowhere else.
                let address = "http://reader:\(canary)@127.0.0.1:\(source.port)/\(path)"
                return BadObject(
                    "\(path)",
                    saying: "trigger 0 (prometheus): " + (Self.causes[path] ?? ""),
                    path == .stranger
                        ? Self.trigger("http://127.0.0.1:\(source.port)/\(path)", authentication: "stranger")
                        : Self.trigger(address)
                )
            }
            let down = BadObject(
                "down",
                saying: "trigger 0 (prometheus): nothing accepts connections at the address",
                Self.trigger("http://127.0.0.1:\(late.port)/down")
            )
            try await source.listen {
                try await TestCluster.with { cluster in
                    let neighbours = Neighbours(in: cluster, paths + [down], hiding: [canary])
                    try await cluster.apply(
                        Settings.secret("stranger", "token", canary) + "\n---\n"
                            + Settings.authentication("stranger", "bearerToken", from: "stranger", "token")
                    )
                    try await neighbours.moveIn()
                    try await neighbours.areTold()
                    // A source that was down from the start keeps nobody from an HPA.
                    #expect(try await cluster.object("down").status?.hpaName == "keda-hpa-down")
                    #expect(try await cluster.hpa("down").spec.metrics?.count == 1)
                    try await neighbours.disturbNobody()
                    source.mend()
                    try await late.listen { try await neighbours.recover() }
                }
            }
        }

        @Test func `no value counts as 0 where the user says so`() async throws {
            let source = BadSource(port: try SwellProcess.freePort())
            let names = ["nan", "infinity", "empty", "null"]
            try await source.listen {
                try await TestCluster.with { cluster in
                    let neighbours = Neighbours(in: cluster, [])
                    for name in names {
                        try await Neighbours.deploy(name, replicas: 2, in: cluster)
                        let address = "http://127.0.0.1:\(source.port)/\(name)"
                        try await Neighbours.create(name, [Self.trigger(address, ignoresNull: true)], in: cluster)
                    }
                    try await neighbours.recover(names, to: 0)
                    source.mend()
                    try await neighbours.recover(names)
                }
            }
        }

        @Test func `beside a trigger that fails, another one still wakes the workload`() async throws {
            let closed = try SwellProcess.freePort()
            try await TestCluster.with { cluster in
                try await Neighbours.deploy("web", replicas: 0, in: cluster)
                try await Neighbours.create(
                    "web",
                    [
                        Neighbours.always(3), Self.trigger("http://127.0.0.1:\(closed)"),
                        Settings.trigger("postgresql", ["query": "SELECT 1", "targetQueryValue": "many"]),
                    ],
                    in: cluster
                )
                try await eventually("3 pods", within: .seconds(60)) { try await cluster.replicas("web") == 3 }
                // One that cannot be built is never ready, whatever the others do.
                try await eventually("both failures", within: .seconds(30)) {
                    let ready = try await cluster.condition(.ready, of: "web")
                    return ready?.status == .no && ready?.reason == "TriggerError"
                        && ready?.message?.contains("nothing accepts connections at the address") == true
                        && ready?.message?.contains("parameter \"targetQueryValue\" must be a number") == true
                }
                #expect(try await cluster.condition(.active, of: "web")?.status == .yes)
                #expect(try await cluster.hpa("web").spec.metrics?.count == 3)
                for (metric, reason) in [
                    ("s1-prometheus", "nothing accepts connections"), ("s2-postgresql", "targetQueryValue"),
                ] {
                    let path = "/apis/external.metrics.k8s.io/v1beta1/namespaces/\(cluster.namespace)/\(metric)"
                    let error = await #expect(throws: Command.Failed.self) {
                        try await cluster.kubectl(
                            "get",
                            "--raw",
                            "\(path)?labelSelector=scaledobject.keda.sh%2Fname%3Dweb"
                        )
                    }
                    #expect(error?.output.contains(reason) == true, "\(metric): \(error?.output ?? "")")
                }
            }
        }
    }
}
