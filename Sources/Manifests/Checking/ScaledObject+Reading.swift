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
        spec.idleReplicaCount = given["idleReplicaCount"]?.integer.map(Int.init)
        spec.minReplicaCount = given["minReplicaCount"]?.integer.map(Int.init)
        spec.maxReplicaCount = given["maxReplicaCount"]?.integer.map(Int.init)
        if let name = given[path: "advanced", "horizontalPodAutoscalerConfig", "name"]?.string {
            spec.advanced = Advanced(horizontalPodAutoscalerConfig: HPAConfig(name: name))
        }
        self.init(
            metadata: ObjectMeta(
                name: metadata["name"]?.string ?? "",
                namespace: metadata["namespace"]?.string
            ),
            spec: spec
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
