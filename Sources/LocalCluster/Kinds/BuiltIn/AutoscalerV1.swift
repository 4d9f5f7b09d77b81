import KubeModel

/// HPAs as `autoscaling/v1` has them: one CPU percentage; everything else in annotations.
///
/// - Source: Kubernetes, `pkg/apis/autoscaling/v1/conversion.go` and `pkg/apis/autoscaling/annotations.go`.
enum AutoscalerV1 {
    /// Where what v1 cannot say is kept.
    private static let prefix = "autoscaling.alpha.kubernetes.io/"

    /// From v2 to v1.
    static func show(_ object: JSONValue) -> JSONValue {
        var hpa = object
        let metrics = hpa[path: "spec", "metrics"]?.array ?? []
        let cpu = metrics.firstIndex(where: isProcessor)
        let target = cpu.flatMap { metrics[$0][path: "resource", "target", "averageUtilization"] }
        hpa[path: "spec", "metrics"] = nil
        hpa[path: "spec", "targetCPUUtilizationPercentage"] = target
        let others = metrics.indices.filter { $0 != cpu }.map { metrics[$0] }
        if !others.isEmpty { keep(.array(others), as: "metrics", in: &hpa) }
        keep(take("spec", "behavior", from: &hpa), as: "behavior", in: &hpa)
        keep(take("status", "conditions", from: &hpa), as: "conditions", in: &hpa)
        keep(take("status", "currentMetrics", from: &hpa), as: "current-metrics", in: &hpa)
        return hpa
    }

    /// From v1 to v2.
    static func store(_ object: JSONValue) -> JSONValue {
        var hpa = object
        var metrics = restored("metrics", from: &hpa)?.array ?? []
        if let percent = take("spec", "targetCPUUtilizationPercentage", from: &hpa) {
            metrics.insert(
                [
                    "type": "Resource",
                    "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": percent]],
                ],
                at: 0
            )
        }
        if !metrics.isEmpty { hpa[path: "spec", "metrics"] = .array(metrics) }
        if let behavior = restored("behavior", from: &hpa) { hpa[path: "spec", "behavior"] = behavior }
        if let conditions = restored("conditions", from: &hpa) { hpa[path: "status", "conditions"] = conditions }
        if let current = restored("current-metrics", from: &hpa) { hpa[path: "status", "currentMetrics"] = current }
        if hpa.annotations.isEmpty { hpa[meta: "annotations"] = nil }
        return hpa
    }

    /// The one metric that v1 has a field for.
    private static func isProcessor(_ metric: JSONValue) -> Bool {
        metric["type"] == "Resource" && metric[path: "resource", "name"] == "cpu"
            && metric[path: "resource", "target", "averageUtilization"] != nil
    }

    /// Takes a member out.
    private static func take(_ part: String, _ field: String, from hpa: inout JSONValue) -> JSONValue? {
        guard let value = hpa[path: part, field] else { return nil }
        hpa[path: part, field] = nil
        return value
    }

    /// Writes a value into an annotation; plain JSON always has a text.
    private static func keep(_ value: JSONValue?, as name: String, in hpa: inout JSONValue) {
        guard let value, let bytes = try? KubeJSON.encode(value) else { return }
        hpa[path: "metadata", "annotations", prefix + name] = .string(String(decoding: bytes, as: UTF8.self))
    }

    /// Takes a value back out of its annotation; one that a user has spoiled is dropped, as the API server does.
    private static func restored(_ name: String, from hpa: inout JSONValue) -> JSONValue? {
        guard let text = hpa[path: "metadata", "annotations", prefix + name]?.string else { return nil }
        hpa[path: "metadata", "annotations", prefix + name] = nil
        return try? KubeJSON.decode(JSONValue.self, from: [UInt8](text.utf8))
    }
}
