import Foundation
import Hummingbird
import KubeModel
import Logging
import Outbound
import ServiceLifecycle
import Serving

/// A source of load for the demo: answers Prometheus's query API with a number that rises and falls with time.
struct DemoSource: Sendable {
    /// From so many seconds on, so many jobs wait; 0 before the first.
    static let wave: [(from: Double, jobs: Int)] = [(5, 20), (15, 60), (27, 10), (33, 0)]

    /// How many jobs wait, so many seconds after the start.
    static func jobs(after seconds: Double) -> Int {
        wave.last { $0.from <= seconds }?.jobs ?? 0
    }

    /// The server.
    ///
    /// - Parameters:
    ///   - time: the clocks; the wave begins now.
    ///   - logger: where to log.
    ///   - onListening: told the port.
    /// - Returns: a service.
    static func server(
        time: TimeSource,
        logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void
    ) -> some Service {
        let start = time.uptime()
        let router = Router(context: ServingContext.self)
        router.get("api/v1/query") { _, _ in
            let now = time.uptime() - start
            let jobs = jobs(after: Double(now.components.seconds) + Double(now.components.attoseconds) / 1e18)
            let body: JSONValue = [
                "status": "success",
                "data": ["resultType": "vector", "result": [["metric": [:], "value": [0, .string(String(jobs))]]]],
            ]
            return Response(
                status: .ok,
                headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(bytes: try KubeJSON.encode(body)))
            )
        }
        return WebServer(
            "demo source",
            at: .at(host: "127.0.0.1", port: 0),
            handler: router.buildResponder(),
            time: time,
            logger: logger,
            onListening: onListening
        )
    }

    /// The demo's workloads: one that follows the source's jobs, one that follows the clock.
    static func manifests(source port: Int) -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: jobs}
        spec:
          replicas: 0
          selector: {matchLabels: {app: jobs}}
          template:
            metadata: {labels: {app: jobs}}
            spec: {containers: [{name: main, image: example/worker}]}
        ---
        apiVersion: keda.sh/v1alpha1
        kind: ScaledObject
        metadata: {name: jobs}
        spec:
          scaleTargetRef: {name: jobs}
          pollingInterval: 1
          cooldownPeriod: 5
          maxReplicaCount: 8
          advanced:
            horizontalPodAutoscalerConfig:
              behavior: {scaleDown: {stabilizationWindowSeconds: 3}}
          triggers:
          - type: prometheus
            metadata:
              serverAddress: http://127.0.0.1:\(port)
              query: sum(jobs_waiting)
              threshold: "10"
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: even-minutes}
        spec:
          replicas: 0
          selector: {matchLabels: {app: even-minutes}}
          template:
            metadata: {labels: {app: even-minutes}}
            spec: {containers: [{name: main, image: example/worker}]}
        ---
        apiVersion: keda.sh/v1alpha1
        kind: ScaledObject
        metadata: {name: even-minutes}
        spec:
          scaleTargetRef: {name: even-minutes}
          pollingInterval: 1
          cooldownPeriod: 5
          triggers:
          - type: cron
            metadata: {timezone: UTC, start: "*/2 * * * *", end: "1-59/2 * * * *", desiredReplicas: "3"}
        """
    }
}
