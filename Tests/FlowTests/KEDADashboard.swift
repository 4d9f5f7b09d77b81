/// What KEDA's Grafana dashboard asks Prometheus, as facts: the metrics, the labels that it selects and groups by, and
/// the queries themselves.
///
/// A Prometheus that adds a label `namespace` of its own to what it scrapes calls ours `exported_namespace`; the
/// dashboard counts on that.
///
/// - Source: KEDA after 2.20.1, `config/grafana/keda-dashboard.json`.
enum KEDADashboard {
    /// Metrics of the operator with the labels that a query needs of them.
    static let needs: [(metric: String, labels: Set<String>)] = [
        ("keda_scaler_active", ["namespace", "scaledObject", "scaler", "metric"]),
        ("keda_scaler_metrics_value", ["namespace", "scaledObject", "metric"]),
        ("keda_scaler_detail_errors_total", ["namespace", "scaledObject", "scaler"]),
        ("keda_scaled_object_errors_total", ["namespace", "scaledObject"]),
    ]
}
