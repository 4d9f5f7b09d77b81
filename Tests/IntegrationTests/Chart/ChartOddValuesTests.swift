import Foundation
import KubeModel
import TestKit
import Testing

/// Values that are null, false, doubled, or at odds with each other.
@Suite struct ChartOddValuesTests {
    @Test(arguments: [
        "{additionalAnnotations: null}", "{podAnnotations: {keda: null}}", "{podLabels: {keda: null}}",
        "{serviceAccount: {operator: {annotations: null}}}", "{crds: {additionalAnnotations: null}}",
        "{networkPolicy: {enabled: true, flavor: kubernetes, kubernetes: {operator: {extraEgressRules: null}}}}",
        "{certificates: {operator: {apiServicePatching: null}}}", "{image: {keda: null}}", "{env: null}",
        "{operator: {livenessProbe: null}}", "{resources: {operator: {limits: {cpu: null}}}}",
        "{extraArgs: {keda: null}}", "{volumes: {keda: {extraVolumes: null}}}", "{service: {annotations: {a: true}}}",
        "{prometheus: {operator: {enabled: true, serviceMonitor: {enabled: true, additionalLabels: {a: 1}}}}}",
        "{customManagedBy: \"1\"}", "{podDisruptionBudget: {operator: {minAvailable: \"\"}}}",
        "{global: {storageClass: gp3}, enabled: true}", "{operator: {name: a234567890123456789012345678901234567890}}",
    ])
    func `null is nothing, and labels and annotations are texts`(values: String) async throws {
        for object in try await RenderedChart.with(values).objects {
            for field in ["labels", "annotations"] {
                for (key, value) in object[path: "metadata", field]?.object ?? [:] {
                    let text = try #require(value.string, "\(field) \(key) is \(value)")
                    #expect(field != "labels" || text.utf8.count <= 63)
                }
            }
        }
    }

    @Test(arguments: [
        "{service: {portHttpsTarget: 9443}}", "{prometheus: {metricServer: {port: 8081}}}", "{webhooks: {port: 9666}}",
        "{prometheus: {metricServer: {portName: health}}}",
    ])
    func `a port that is wanted twice in the one pod is refused`(values: String) async throws {
        #expect(try await RenderedChart.refusal(of: values) != nil)
    }

    @Test func `false and zero are values too, and those of the operator win over those for all`() async throws {
        let loose = try await RenderedChart.with(
            "{securityContext: {readOnlyRootFilesystem: false}, podSecurityContext: {runAsNonRoot: false}}"
        )
        #expect(try loose.container[path: "securityContext", "readOnlyRootFilesystem"] == false)
        #expect(try loose.pod[path: "securityContext", "runAsNonRoot"] == false)
        #expect(try loose.container[path: "securityContext", "allowPrivilegeEscalation"] == false)
        let own = try await RenderedChart.with(
            """
            resources: {limits: {memory: 500Mi}, operator: {limits: {memory: 2Gi}}}
            serviceAccount: {name: old, operator: {name: mine}}
            """
        )
        #expect(try own.container[path: "resources", "limits", "memory"] == "2Gi")
        #expect(try own.pod["serviceAccountName"] == "mine")
        // A request must not meet a default limit that is below it.
        let flat = try await RenderedChart.with("resources: {requests: {memory: 2Gi}}")
        #expect(try flat.container["resources"] == ["requests": ["memory": "2Gi"]])
    }

    @Test func `a variable of the user's goes before ours`() async throws {
        let chart = try await RenderedChart.with("env: [{name: WATCH_LABEL_SELECTOR, value: tier=gold}]")
        let named = try #require(try chart.container["env"]?.array).filter { $0["name"] == "WATCH_LABEL_SELECTOR" }
        #expect(named == [["name": "WATCH_LABEL_SELECTOR", "value": "tier=gold"]])
    }

    @Test func `parts that are off ask for nothing, and the host's network leaves out what cannot be there`()
        async throws
    {
        let off = try await RenderedChart.with("webhooks: {enabled: false, useHostNetwork: true, replicaCount: 3}")
        #expect(try off.pod["hostNetwork"] == nil)
        #expect(try off.the("Deployment")[path: "spec", "replicas"] == 1)
        let three = try await RenderedChart.with("webhooks: {replicaCount: 3}")
        #expect(try three.the("Deployment")[path: "spec", "replicas"] == 3)
        let host = try await RenderedChart.with("{operator: {hostUsers: false}, metricsServer: {useHostNetwork: true}}")
        #expect(try host.pod["hostUsers"] == nil)
        #expect(try host.the("Deployment")[path: "spec", "strategy", "rollingUpdate", "maxSurge"] == 0)
    }

    @Test func `what collects by annotations finds the pod and the Service`() async throws {
        let chart = try await RenderedChart.with("prometheus: {metricServer: {enabled: true, port: 9022}}")
        let pod = try chart.the("Deployment")[path: "spec", "template", "metadata", "annotations"]
        let service = try chart.the("Service", "keda-operator-metrics-apiserver")[path: "metadata", "annotations"]
        for annotations in [pod, service] { #expect(annotations?["prometheus.io/port"] == "9022") }
    }
}
