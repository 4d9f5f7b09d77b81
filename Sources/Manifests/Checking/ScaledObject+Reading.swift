internal import KubeModel
internal import Scaling

extension ScaledObject {
    /// Takes from a document what has the right type and leaves out the rest, which the schema has reported.
    ///
    /// Triggers keep their places, whatever is wrong with them.
    init(readable document: JSONValue) {
        let metadata = document["metadata"] ?? [:]
        let given = document["spec"] ?? [:]
        let target = given["scaleTargetRef"] ?? [:]
        var spec = Spec(
            scaleTargetRef: ScaleTargetRef(
                apiVersion: target["apiVersion"]?.string,
                kind: target["kind"]?.string,
                name: target["name"]?.string ?? ""
            ),
            triggers: (given["triggers"]?.array ?? []).map(Trigger.init(readable:))
        )
        spec.pollingInterval = given["pollingInterval"]?.integer.map(Int.init)
        spec.cooldownPeriod = given["cooldownPeriod"]?.integer.map(Int.init)
        spec.idleReplicaCount = given["idleReplicaCount"]?.integer.map(Int.init)
        spec.minReplicaCount = given["minReplicaCount"]?.integer.map(Int.init)
        spec.maxReplicaCount = given["maxReplicaCount"]?.integer.map(Int.init)
        spec.fallback = given["fallback"].flatMap(Fallback.init(readable:))
        spec.advanced = given["advanced"].map(Advanced.init(readable:))
        self.init(
            metadata: ObjectMeta(
                name: metadata["name"]?.string ?? "",
                namespace: metadata["namespace"]?.string,
                annotations: metadata["annotations"]?.object?.compactMapValues(\.string)
            ),
            spec: spec
        )
    }
}

extension ScaledObject.Fallback {
    /// Takes a fallback whose counts are numbers.
    fileprivate init?(readable fallback: JSONValue) {
        guard let threshold = fallback["failureThreshold"]?.integer, let replicas = fallback["replicas"]?.integer else {
            return nil
        }
        self.init(
            failureThreshold: Int(threshold),
            replicas: Int(replicas),
            behavior: fallback["behavior"]?.string
        )
    }
}

extension ScaledObject.Advanced {
    /// Takes what rules look at.
    fileprivate init(readable advanced: JSONValue) {
        let modifiers = advanced["scalingModifiers"]
        self.init(
            horizontalPodAutoscalerConfig: advanced[path: "horizontalPodAutoscalerConfig", "name"]?.string
                .map {
                    ScaledObject.HPAConfig(name: $0)
                },
            scalingModifiers: modifiers.map {
                ScaledObject.ScalingModifiers(
                    formula: $0["formula"]?.string,
                    target: $0["target"]?.string,
                    activationTarget: $0["activationTarget"]?.string,
                    metricType: $0["metricType"]?.string
                )
            }
        )
    }
}

extension ScaledObject.Trigger {
    /// Takes from a trigger what has the right type.
    init(readable trigger: JSONValue) {
        self.init(
            type: trigger["type"]?.string ?? "",
            name: trigger["name"]?.string,
            metadata: (trigger["metadata"]?.object ?? [:]).compactMapValues(\.string),
            useCachedMetrics: trigger["useCachedMetrics"]?.bool,
            authenticationRef: (trigger[path: "authenticationRef", "name"]?.string)
                .map { name in
                    ScaledObject.AuthenticationRef(name: name, kind: trigger[path: "authenticationRef", "kind"]?.string)
                },
            metricType: trigger["metricType"]?.string
        )
    }
}
