import KubeModel
import Scaling

/// The readings of one metric as the API gives them.
///
/// - Source: Kubernetes, `k8s.io/metrics/pkg/apis/external_metrics/v1beta1/types.go`.
struct ExternalMetricValueList: Encodable, Sendable {
    /// One reading.
    struct Item: Encodable, Sendable {
        /// The reading.
        let reading: MetricReading

        /// The members, in the API's spelling; `window` is always left out.
        private enum CodingKeys: String, CodingKey {
            case metricName
            case metricLabels
            case timestamp
            case value
        }

        /// Writes the labels as `null`, which is what Go makes of a map that was never made.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(reading.metric, forKey: .metricName)
            try container.encodeNil(forKey: .metricLabels)
            try container.encode(Timestamp(reading.time), forKey: .timestamp)
            try container.encode(reading.value, forKey: .value)
        }
    }

    /// `ExternalMetricValueList`.
    let kind = "ExternalMetricValueList"
    /// `external.metrics.k8s.io/v1beta1`.
    let apiVersion = ServedAPI.metrics.groupVersion.description
    /// An empty object.
    let metadata = ListMeta()
    /// An HPA adds them up; with none it reports that there is no metric.
    let items: [Item]

    /// Makes a list.
    init(_ readings: [MetricReading]) {
        self.items = readings.map(Item.init)
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
