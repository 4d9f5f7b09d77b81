internal import Foundation
public import KubeModel

/// The HorizontalPodAutoscaler that a ScaledObject should have.
///
/// - Source: KEDA, `controllers/keda/hpa.go`.
public enum HPAPlan {
    /// What an HPA's name begins with where the ScaledObject gives none.
    public static let defaultPrefix = "keda-hpa-"

    /// The HPA's name: the one that the ScaledObject gives, or `keda-hpa-<name>`.
    public static func name(for object: ScaledObject) -> String {
        let given = object.spec.advanced?.horizontalPodAutoscalerConfig?.name ?? ""
        return given.isEmpty ? defaultPrefix + object.metadata.name : given
    }

    /// The whole HPA.
    ///
    /// - Parameters:
    ///   - object: as stored, with its `uid`.
    ///   - target: the kind of its scale target.
    ///   - metrics: one for each measure, in the order of the triggers.
    ///   - type: where the API server has HPAs, `autoscaling/v2` or `v2beta2`.
    ///   - version: Swell's, for a label.
    /// - Returns: what to create, or to compare with what is there.
    public static func make(
        for object: ScaledObject,
        target: ResourceType,
        metrics: [HPAMetric],
        as type: ResourceType,
        version: String
    ) -> HorizontalPodAutoscaler {
        let owner = OwnerReference(
            apiVersion: ScaledObject.resourceType.groupVersion.description,
            kind: ScaledObject.resourceType.kind,
            name: object.metadata.name,
            uid: object.metadata.uid ?? "",
            controller: true,
            blockOwnerDeletion: true
        )
        return HorizontalPodAutoscaler(
            apiVersion: type.groupVersion.description,
            metadata: ObjectMeta(
                name: name(for: object),
                namespace: object.metadata.namespace,
                labels: labels(for: object, version: version),
                annotations: object.metadata.annotations,
                ownerReferences: [owner]
            ),
            spec: spec(for: object, target: target, metrics: metrics)
        )
    }

    /// The annotation of HPAs that Swell itself has made, which those that it has taken over have not.
    ///
    /// KEDA's own have all else in common with them.
    public static let maker = "autoscaling.swell.dev/made-by"

    /// An HPA as it is created, which says who has made it.
    public static func made(_ hpa: HorizontalPodAutoscaler) -> HorizontalPodAutoscaler {
        var made = hpa
        made.metadata.annotations = (hpa.metadata.annotations ?? [:]).merging([maker: "swell"]) { $1 }
        return made
    }

    /// Whether Swell itself has made an HPA.
    public static func hasMade(_ hpa: HorizontalPodAutoscaler) -> Bool { hpa.metadata.annotations?[maker] != nil }

    /// What the HPA is to do.
    ///
    /// - Parameters:
    ///   - object: whose it is.
    ///   - target: the kind of its scale target.
    ///   - metrics: one for each measure, in the order of the triggers.
    /// - Returns: bounds, metrics and behavior.
    public static func spec(for object: ScaledObject, target: ResourceType, metrics: [HPAMetric]) -> HPASpec {
        let policy = ScalePolicy(object.spec)
        return HPASpec(
            scaleTargetRef: CrossVersionObjectReference(
                apiVersion: target.groupVersion.description,
                kind: target.kind,
                name: object.spec.scaleTargetRef.name
            ),
            minReplicas: policy.awake,
            maxReplicas: policy.maximum,
            metrics: ordered(metrics),
            behavior: behavior(of: object)
        )
    }

    /// How fast the HPA moves: as the user says, and not at all in a direction that is paused.
    ///
    /// - Source: KEDA, `controllers/keda/hpa.go`, `getHPABehavior`.
    private static func behavior(of object: ScaledObject) -> HPABehavior? {
        var behavior = object.spec.advanced?.horizontalPodAutoscalerConfig?.behavior
        let controls = ObjectControls(object.metadata.annotations)
        if controls.pausesScaleIn { disable(\.scaleDown, of: &behavior) }
        if controls.pausesScaleOut { disable(\.scaleUp, of: &behavior) }
        return behavior
    }

    /// Keeps an HPA from moving in one direction.
    private static func disable(
        _ direction: WritableKeyPath<HPABehavior, HPABehavior.ScalingRules?>,
        of behavior: inout HPABehavior?
    ) {
        var changed = behavior ?? HPABehavior()
        var rules = changed[keyPath: direction] ?? HPABehavior.ScalingRules()
        rules.selectPolicy = "Disabled"
        changed[keyPath: direction] = rules
        behavior = changed
    }

    /// An external metric of an object: its full name, and the selector that leads back to the object.
    public static func external(_ name: String, target: MetricTarget, of object: String) -> HPAMetric {
        let selector = LabelSelector([.isIn(ObjectLabel.name, [object])])
        return .external(.init(metric: MetricIdentifier(name: name, selector: selector), target: target))
    }

    /// The merge patch that makes an HPA what it should be; `nil` when it is.
    ///
    /// Compared by value: quantities by number, `behavior` with the API server's defaults filled in. Labels and
    /// annotations that others have added stay.
    ///
    /// - Throws: `EncodingError`.
    public static func repair(
        _ existing: HorizontalPodAutoscaler,
        to wanted: HorizontalPodAutoscaler
    ) throws -> JSONValue? {
        var (old, new) = (comparable(existing), comparable(wanted))
        new.labels = (old.labels ?? [:]).merging(new.labels ?? [:]) { $1 }
        new.annotations = (old.annotations ?? [:]).merging(new.annotations ?? [:]) { $1 }
        if old.annotations == nil, new.annotations?.isEmpty == true { new.annotations = nil }
        if old == new { return nil }
        let changes = MergePatch.difference(
            from: ["metadata": try old.metadata, "spec": try KubeJSON.value(of: existing.spec)],
            to: ["metadata": try new.metadata, "spec": try KubeJSON.value(of: wanted.spec)]
        )
        return changes
    }

    /// What of an HPA is compared.
    private struct Comparable: Equatable {
        /// Absent is the same as empty.
        var labels: [String: String]?
        /// Absent is the same as empty.
        var annotations: [String: String]?
        /// Whose it is.
        var owners: [OwnerReference]
        /// With defaults, without metrics.
        var spec: HPASpec
        /// How often each metric is there.
        ///
        /// API servers that keep HPAs as autoscaling/v1 give cpu back as the last one.
        var metrics: [HPAMetric: Int]

        /// The compared metadata as JSON.
        var metadata: JSONValue {
            get throws {
                var value: JSONValue = ["ownerReferences": try KubeJSON.value(of: owners)]
                if let labels { value["labels"] = try KubeJSON.value(of: labels) }
                if let annotations { value["annotations"] = try KubeJSON.value(of: annotations) }
                return value
            }
        }
    }

    /// What of an HPA is compared, defaults filled in.
    private static func comparable(_ hpa: HorizontalPodAutoscaler) -> Comparable {
        var spec = hpa.spec
        spec.minReplicas = spec.minReplicas ?? 1
        spec.behavior = spec.behavior?.withDefaults
        spec.metrics = nil
        return Comparable(
            labels: hpa.metadata.labels,
            annotations: hpa.metadata.annotations,
            owners: hpa.metadata.ownerReferences ?? [],
            spec: spec,
            metrics: Dictionary(grouping: hpa.spec.metrics ?? [], by: \.self).mapValues(\.count)
        )
    }

    /// Metrics by type, and within a type by trigger.
    private static func ordered(_ metrics: [HPAMetric]) -> [HPAMetric] {
        Dictionary(grouping: metrics, by: \.type).sorted { $0.key < $1.key }.flatMap(\.value)
    }

    /// The HPA's labels; those of the ScaledObject come last and win, but for the ones it excludes.
    private static func labels(for object: ScaledObject, version: String) -> [String: String] {
        let excluded = Set(
            (object.metadata.annotations?["scaledobject.keda.sh/hpa-excluded-labels"] ?? "").split(separator: ",")
                .map(String.init)
        )
        let own = [
            "app.kubernetes.io/name": ObjectLabel.value(from: name(for: object)),
            "app.kubernetes.io/version": version,
            "app.kubernetes.io/part-of": object.metadata.name,
            "app.kubernetes.io/managed-by": "keda-operator",
            ObjectLabel.name: object.metadata.name,
        ]
        return own.merging((object.metadata.labels ?? [:]).filter { !excluded.contains($0.key) }) { $1 }
    }
}

/// The label that leads from an HPA, a metric request or a job back to its ScaledObject.
public enum ObjectLabel {
    /// Its key.
    public static let name = "scaledobject.keda.sh/name"

    /// A text as a label value may have it: at most 63 characters, no mark at the end.
    static func value(from text: String) -> String {
        guard text.utf8.count > 63 else { return text }
        var value = text.prefix(63)
        while let last = value.last, !last.isLetter, !last.isNumber { value.removeLast() }
        return String(value)
    }
}
