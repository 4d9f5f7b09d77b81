/// The names under which triggers appear in the HPA and in the metrics API.
///
/// - Source: KEDA, `pkg/scalers/scaler.go`, `GenerateMetricNameWithIndex`, and `pkg/util/normalize_string.go`.
public enum MetricName {
    /// `s<index>-<name>`, with each of `/ . : % ( )` turned into `-`.
    ///
    /// - Parameters:
    ///   - name: what the scaler calls it.
    ///   - index: the trigger's place in `spec.triggers`, from 0, whatever stands before it.
    /// - Returns: the full name.
    public static func make(_ name: String, index: Int) -> String {
        "s\(index)-" + String(name.map { "/.:%()".contains($0) ? "-" : $0 })
    }
}
