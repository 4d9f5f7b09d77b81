import KubeModel
import Scaling

/// The readings of one metric as the API gives them.
///
/// - Source: Kubernetes, `k8s.io/metrics/pkg/apis/external_metrics/v1beta1/types.go`.
struct ExternalMetricValueList: Sendable {
    /// An HPA adds them up; with none it reports that there is no metric.
    let readings: [MetricReading]

    /// Takes readings.
    init(_ readings: [MetricReading]) {
        self.readings = readings
    }

    /// The list as it is sent.
    ///
    /// Labels are `null`, which is what Go makes of a map that was never made; `window` is left out.
    var json: JSONValue {
        [
            "kind": "ExternalMetricValueList",
            "apiVersion": .string(ServedAPI.metrics.groupVersion.description),
            "metadata": [:],
            "items": .array(
                readings.map { reading in
                    [
                        "metricName": .string(reading.metric), "metricLabels": nil,
                        "timestamp": .string(RFC3339.seconds(reading.time)),
                        "value": .string(reading.value.description),
                    ]
                }
            ),
        ]
    }
}

extension KubeStatus {
    /// What a failed reading is answered.
    ///
    /// KEDA's answers have no reason, so neither have these.
    ///
    /// - Source: KEDA, `pkg/metricsservice/server.go` and `pkg/scaling/scale_handler.go`, for the texts.
    init(_ error: MetricSourceError) {
        switch error {
        case .objectNotFound(let key):
            self.init(
                code: 500,
                reason: nil,
                message:
                    "error when getting metric values error getting scalers ScaledObject.keda.sh \"\(key.name)\" not found"
            )
        case .metricNotFound(let name):
            self.init(
                code: 500,
                reason: nil,
                message: "error when getting metric values no matching metrics found for \(name)"
            )
        case .readFailed(let metric, let reason):
            self.init(
                code: 500,
                reason: nil,
                message: "error when getting metric values metric:\(metric) encountered error: \(reason)"
            )
        case .unavailable(let reason):
            self.init(code: 503, reason: .serviceUnavailable, message: reason)
        }
    }
}
