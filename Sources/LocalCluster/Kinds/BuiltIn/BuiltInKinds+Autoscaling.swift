import KubeModel

/// HorizontalPodAutoscalers: stored as `autoscaling/v2`, seen as `v2beta2` and `v1` too.
extension BuiltInKinds {
    /// HPAs; ``AutoscalerLoop`` runs them.
    static let horizontalPodAutoscalers = Kind(
        names: .init(
            kind: "HorizontalPodAutoscaler",
            plural: "horizontalpodautoscalers",
            singular: "horizontalpodautoscaler",
            shortNames: ["hpa"],
            categories: ["all"]
        ),
        views: [
            .init(version: GroupVersion("autoscaling", "v2")),
            .init(
                version: GroupVersion("autoscaling", "v1"),
                show: AutoscalerV1.show,
                store: AutoscalerV1.store,
                converts: true
            ),
            .init(version: GroupVersion("autoscaling", "v2beta2")),
        ],
        hasStatus: true,
        fill: { object in
            object.fill("spec", "minReplicas", with: 1)
            if object[path: "spec", "metrics"]?.array?.isEmpty ?? true {
                object[path: "spec", "metrics"] = [defaultMetric]
            }
            if object[path: "spec", "behavior"] != nil { fillBehavior(&object) }
            object.fill("status", with: ["desiredReplicas": 0])
        },
        check: autoscalerProblems,
        columns: [
            .name,
            .text("Reference") { hpa in
                let target = hpa[path: "spec", "scaleTargetRef"]
                return "\(target?["kind"]?.string ?? "")/\(target?["name"]?.string ?? "")"
            },
            .text("Targets", AutoscalerTargets.text),
            .text("MinPods") { "\($0.count("spec", "minReplicas"))" },
            .count("MaxPods", "spec", "maxReplicas"),
            .count("Replicas", "status", "currentReplicas"),
            .age,
        ]
    )

    /// What an HPA without metrics follows.
    ///
    /// - Source: Kubernetes, `pkg/apis/autoscaling/v2/defaults.go`.
    private static let defaultMetric: JSONValue = [
        "type": "Resource",
        "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 80]],
    ]

    /// Fills what a given `behavior` leaves out.
    private static func fillBehavior(_ object: inout JSONValue) {
        let pods: JSONValue = ["type": "Pods", "value": 4, "periodSeconds": 15]
        let percent: JSONValue = ["type": "Percent", "value": 100, "periodSeconds": 15]
        object.fill("spec", "behavior", "scaleUp", "stabilizationWindowSeconds", with: 0)
        object.fill("spec", "behavior", "scaleUp", "selectPolicy", with: "Max")
        object.fill("spec", "behavior", "scaleUp", "policies", with: [pods, percent])
        object.fill("spec", "behavior", "scaleDown", "selectPolicy", with: "Max")
        object.fill("spec", "behavior", "scaleDown", "policies", with: [percent])
    }

    /// What is wrong with an HPA.
    ///
    /// - Source: Kubernetes, `pkg/apis/autoscaling/validation/validation.go`.
    private static func autoscalerProblems(_ draft: Kind.Draft) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        let spec = draft.object["spec"] ?? [:]
        let (least, most) = (spec["minReplicas"]?.integer ?? 1, spec["maxReplicas"]?.integer ?? 0)
        if least < 1 {
            problems.append(.invalid("spec.minReplicas", .integer(least), "must be greater than or equal to 1"))
        }
        if most < 1 { problems.append(.invalid("spec.maxReplicas", .integer(most), "must be greater than 0")) }
        if most < least {
            problems.append(
                .invalid("spec.maxReplicas", .integer(most), "must be greater than or equal to `minReplicas`")
            )
        }
        for part in ["kind", "name"] where (spec[path: "scaleTargetRef", part]?.string ?? "").isEmpty {
            problems.append(.required("spec.scaleTargetRef.\(part)"))
        }
        for (index, metric) in (spec["metrics"]?.array ?? []).enumerated() {
            let type = metric["type"]?.string ?? ""
            let member = AutoscalerMetrics.member(of: type)
            if type.isEmpty {
                problems.append(.required("spec.metrics[\(index)].type", "must specify a metric source type"))
            } else if let source = metric[member] {
                problems += targetProblems(source["target"] ?? [:], at: "spec.metrics[\(index)].\(member).target")
            } else {
                problems.append(
                    .required(
                        "spec.metrics[\(index)].\(member)",
                        "must populate information for the given metric source"
                    )
                )
            }
        }
        return problems
    }

    /// What is wrong with how much of a metric is right.
    private static func targetProblems(_ target: JSONValue, at field: String) -> [FieldProblem] {
        if (target["type"]?.string ?? "").isEmpty {
            return [.required("\(field).type", "must specify a metric target type")]
        }
        let values = ["value", "averageValue"].compactMap { name in target[name].map { (name, $0) } }
        for (name, value) in values {
            guard let quantity = AutoscalerMetrics.quantity(value) else {
                return [
                    .invalid(
                        "\(field).\(name)",
                        value,
                        "quantities must match the regular expression '\(quantityForm)'"
                    )
                ]
            }
            if quantity.nanos <= 0 { return [.invalid("\(field).\(name)", value, "must be positive")] }
        }
        if let percent = target["averageUtilization"]?.integer, percent < 1 {
            return [.invalid("\(field).averageUtilization", .integer(percent), "must be greater than 0")]
        }
        guard values.isEmpty, target["averageUtilization"] == nil else { return [] }
        return [.required("\(field).averageValue", "must specify a value for the target")]
    }

    /// What quantities look like, in the server's words.
    private static let quantityForm = "^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$"
}

/// The TARGETS column of HPAs.
///
/// - Source: Kubernetes, `pkg/printers/internalversion/printers.go`, `formatHPAMetrics`.
enum AutoscalerTargets {
    /// The first two metrics as `now/wanted`, and how many more there are.
    static func text(_ hpa: JSONValue) -> String {
        let wanted = hpa[path: "spec", "metrics"]?.array ?? []
        let current = hpa[path: "status", "currentMetrics"]?.array ?? []
        guard !wanted.isEmpty else { return "<none>" }
        let texts = wanted.indices.prefix(2).map { one(wanted[$0], current.indices.contains($0) ? current[$0] : [:]) }
        let rest = wanted.count - texts.count
        return texts.joined(separator: ", ") + (rest > 0 ? " + \(rest) more..." : "")
    }

    /// One metric.
    private static func one(_ metric: JSONValue, _ status: JSONValue) -> String {
        let type = metric["type"]?.string ?? ""
        let member = AutoscalerMetrics.member(of: type)
        let (target, current) = (metric[member]?["target"] ?? [:], status[member]?["current"] ?? [:])
        let isResource = type == "Resource" || type == "ContainerResource"
        let prefix = isResource ? "\(metric[member]?["name"]?.string ?? ""): " : ""
        if let percent = target["averageUtilization"]?.integer {
            let now = current["averageUtilization"]?.integer.map { "\($0)%" } ?? "<unknown>"
            return "\(prefix)\(now)/\(percent)%"
        }
        if let wanted = target["averageValue"]?.string {
            return "\(prefix)\(current["averageValue"]?.string ?? "<unknown>")/\(wanted)\(isResource ? "" : " (avg)")"
        }
        return "\(prefix)\(current["value"]?.string ?? "<unknown>")/\(target["value"]?.string ?? "<unknown>")"
    }
}
