import Foundation
import KubeModel
import Logging
import Scaling
import Serving
import Telemetry
import TestKit
import Testing

import class Hummingbird.Router

extension RealServers {
    /// A series that a real Prometheus scrapes drives a workload.
    @Suite(.serialized, .swellOperator) struct Prometheus {
        /// Serves one gauge for Prometheus to scrape, for the length of a call.
        static func withTarget(_ body: @escaping @Sendable (Gauge) async throws -> Void) async throws {
            let registry = MetricRegistry()
            let waiting = registry.gauge("jobs_waiting", help: "Jobs that wait.")
            waiting.set(0)
            let port = try SwellProcess.freePort()
            let router = Router(context: ServingContext.self)
            MetricsPage.add(to: router, of: registry)
            var logger = Logger(label: "target")
            logger.logLevel = .error
            let server = WebServer(
                "target",
                at: .at(host: "127.0.0.1", port: port),
                handler: router.buildResponder(),
                logger: logger
            )
            let targets = try TestServers.variable("PROMETHEUS_TARGETS")
            try #"[{"targets":["127.0.0.1:\#(port)"]}]"#.write(toFile: targets, atomically: false, encoding: .utf8)
            try await withServices([server]) { try await body(waiting) }
            try "[]".write(toFile: targets, atomically: false, encoding: .utf8)
        }

        @Test func `a scraped series takes a workload from zero to many and back`() async throws {
            let address = try TestServers.variable("PROMETHEUS_URL")
            try await Self.withTarget { waiting in
                try await TestCluster.with { cluster in
                    try await cluster.deploy("web", replicas: 0)
                    try await cluster.scale(
                        "web",
                        spec: #""pollingInterval":1,"cooldownPeriod":3,"maxReplicaCount":6"#,
                        triggers: """
                            [{"type":"prometheus","metadata":{"serverAddress":"\(address)","threshold":"10",
                              "activationThreshold":"2","query":"sum(jobs_waiting)"}}]
                            """
                    )
                    try await eventually("readiness", within: .seconds(30)) {
                        try await cluster.condition(.ready, of: "web")?.status == .yes
                    }
                    waiting.set(45)
                    try await eventually("ceil(45/10) = 5 pods", within: .seconds(60)) {
                        try await cluster.replicas("web") == 5
                    }
                    waiting.set(500)
                    try await eventually("the maximum", within: .seconds(60)) { try await cluster.replicas("web") == 6 }
                    waiting.set(2)
                    try await eventually("zero, as 2 does not exceed the activation", within: .seconds(90)) {
                        try await cluster.replicas("web") == 0
                    }
                    try await eventually("an inactive status", within: .seconds(30)) {
                        try await cluster.condition(.active, of: "web")?.reason == "ScalerNotActive"
                    }
                }
            }
        }
    }
}
