import Foundation
import KubeModel
import Scaling
import TestKit
import Testing

extension RealServers {
    /// The wall clock drives a workload.
    @Suite(.serialized, .swellOperator) struct Cron {
        @Test func `the sample of a user in Seoul follows the clock of the moment`() async throws {
            try await TestCluster.with { cluster in
                try await cluster.deploy("php-apache", replicas: 0)
                try await cluster.apply(TestServers.sample("cron-scaledobject.yaml"))
                let metric = "s0-cron-Asia-Seoul-00Cm15Cm30Cm45xxxx-05Cm20Cm35Cm50xxxx"
                try await eventually("the metric's name", within: .seconds(30)) {
                    try await cluster.object("php-apache-cron-scaled").status?.externalMetricNames == [metric]
                }
                // Seoul is whole hours away from UTC, so the minutes are the same: open in the first five of each quarter.
                let isOpen = { Int(Date().timeIntervalSince1970 / 60) % 15 < 5 }
                try await eventually("the value of this minute", within: .seconds(60)) {
                    let before = isOpen()
                    let answer = try await cluster.kubectl(
                        "get",
                        "--raw",
                        "/apis/external.metrics.k8s.io/v1beta1/namespaces/\(cluster.namespace)/\(metric)"
                            + "?labelSelector=scaledobject.keda.sh/name%3Dphp-apache-cron-scaled"
                    )
                    guard isOpen() == before else { return false }
                    return answer.contains(before ? #""value":"1""# : #""value":"0""#)
                }
            }
        }

        @Test func `a window that opens and closes while we watch wakes a workload and lets it rest`() async throws {
            try await TestCluster.with { cluster in
                let minute = (Int(Date().timeIntervalSince1970) / 60 + 1) % 60
                try await cluster.deploy("web", replicas: 0)
                try await cluster.scale(
                    "web",
                    spec: #""pollingInterval":1,"cooldownPeriod":1"#,
                    triggers: """
                        [{"type":"cron","metadata":{"timezone":"UTC","start":"\(minute) * * * *",
                          "end":"\((minute + 1) % 60) * * * *","desiredReplicas":"3"}}]
                        """
                )
                try await eventually("readiness", within: .seconds(30)) {
                    try await cluster.condition(.ready, of: "web")?.status == .yes
                }
                try await eventually("3 pods inside the window", within: .seconds(110)) {
                    try await cluster.replicas("web") == 3
                }
                try await eventually("none outside", within: .seconds(150)) { try await cluster.replicas("web") == 0 }
            }
        }
    }
}
