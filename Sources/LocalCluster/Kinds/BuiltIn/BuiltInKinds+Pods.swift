import KubeModel

/// Pods, and the defaults of every pod template.
extension BuiltInKinds {
    /// Pods; ``PodLife`` plays their kubelet.
    static let pods = Kind(
        names: .init(kind: "Pod", plural: "pods", singular: "pod", shortNames: ["po"], categories: ["all"]),
        views: [.init(version: core)],
        hasStatus: true,
        answersDeletedObject: true,
        selectableFields: [
            "status.phase": ["status", "phase"],
            "spec.nodeName": ["spec", "nodeName"],
            "spec.restartPolicy": ["spec", "restartPolicy"],
            "spec.schedulerName": ["spec", "schedulerName"],
            "spec.serviceAccountName": ["spec", "serviceAccountName"],
            "status.podIP": ["status", "podIP"],
        ],
        fill: { object in
            object["spec"] = PodDefaults.filled(object["spec"] ?? [:])
            object.fill("status", with: ["phase": "Pending", "qosClass": "BestEffort"])
        },
        check: { draft in PodDefaults.problems(draft.object["spec"], at: "spec") },
        columns: [
            .name,
            .text("Ready") { pod in
                let states = pod[path: "status", "containerStatuses"]?.array ?? []
                let ready = states.count { $0["ready"] == true }
                return "\(ready)/\(pod[path: "spec", "containers"]?.array?.count ?? 0)"
            },
            .text("Status") { $0.isTerminating ? "Terminating" : $0[path: "status", "phase"]?.string ?? "" },
            Column(name: "Restarts") { _, _ in "0" },
            .age,
            .text("IP", wide: true) { $0[path: "status", "podIP"]?.string ?? "<none>" },
            .text("Node", wide: true) { $0[path: "spec", "nodeName"]?.string ?? "<none>" },
            .text("Nominated Node", wide: true) { _ in "<none>" },
            .text("Readiness Gates", wide: true) { _ in "<none>" },
        ]
    )
}

/// What the API server fills into a pod's spec, and what it refuses.
///
/// - Source: Kubernetes, `pkg/apis/core/v1/defaults.go`.
enum PodDefaults {
    /// A pod's spec with its defaults.
    static func filled(_ spec: JSONValue) -> JSONValue {
        var spec = spec
        spec.fill("restartPolicy", with: "Always")
        spec.fill("terminationGracePeriodSeconds", with: 30)
        spec.fill("dnsPolicy", with: "ClusterFirst")
        spec.fill("securityContext", with: [:])
        spec.fill("schedulerName", with: "default-scheduler")
        if let account = spec["serviceAccountName"] { spec.fill("serviceAccount", with: account) }
        for list in ["initContainers", "containers"] {
            guard let containers = spec[list]?.array else { continue }
            spec[list] = .array(containers.map(filledContainer))
        }
        return spec
    }

    /// One container with its defaults.
    private static func filledContainer(_ container: JSONValue) -> JSONValue {
        var container = container
        container.fill("imagePullPolicy", with: .string(pullPolicy(of: container["image"]?.string ?? "")))
        container.fill("terminationMessagePath", with: "/dev/termination-log")
        container.fill("terminationMessagePolicy", with: "File")
        container.fill("resources", with: [:])
        if let ports = container["ports"]?.array {
            container["ports"] = .array(
                ports.map { port in
                    var port = port
                    port.fill("protocol", with: "TCP")
                    return port
                }
            )
        }
        if let variables = container["env"]?.array {
            container["env"] = .array(
                variables.map { variable in
                    guard variable[path: "valueFrom", "fieldRef"] != nil else { return variable }
                    var variable = variable
                    variable.fill("valueFrom", "fieldRef", "apiVersion", with: "v1")
                    return variable
                }
            )
        }
        return container
    }

    /// Always for `latest`, which is also what an image without a tag means.
    private static func pullPolicy(of image: String) -> String {
        guard !image.contains("@") else { return "IfNotPresent" }
        let last = image.split(separator: "/").last ?? ""
        let tag = last.split(separator: ":", maxSplits: 1).dropFirst().first ?? "latest"
        return tag == "latest" ? "Always" : "IfNotPresent"
    }

    /// What is wrong with a pod's spec.
    static func problems(_ spec: JSONValue?, at field: String) -> [FieldProblem] {
        let containers = spec?["containers"]?.array ?? []
        guard !containers.isEmpty else { return [.required("\(field).containers")] }
        return containers.enumerated()
            .flatMap { index, container in
                ["name", "image"].filter { (container[$0]?.string ?? "").isEmpty }
                    .map {
                        FieldProblem.required("\(field).containers[\(index)].\($0)")
                    }
            }
    }
}
