import KubeModel

/// How the elements of two lists find each other; for built-in kinds, whose types the cluster does not know otherwise.
///
/// Strategic merge patches and server-side apply both go by it.
///
/// - Source: Kubernetes' API types, `patchStrategy`, `patchMergeKey`, `listType`, `listMapKey` and `structType`.
enum ListRule: Sendable, Hashable {
    /// Not at all: the list is one value.
    case atomic
    /// As a set of plain values.
    case set
    /// Objects with the same values of some members; a strategic merge patch looks at the first alone.
    case map(keys: [String])

    /// The rule for a list by its field and the field that it stands under; `""` for the object itself.
    init(_ field: String, under parent: String) {
        switch (field, parent) {
        case ("containers", _), ("initContainers", _), ("ephemeralContainers", _), ("env", _), ("volumes", _),
            ("imagePullSecrets", _), ("secrets", ""), ("webhooks", ""):
            self = .map(keys: ["name"])
        case ("volumeMounts", _): self = .map(keys: ["mountPath"])
        case ("volumeDevices", _): self = .map(keys: ["devicePath"])
        case ("hostAliases", _): self = .map(keys: ["ip"])
        case ("topologySpreadConstraints", _): self = .map(keys: ["topologyKey", "whenUnsatisfiable"])
        case ("ports", "spec"): self = .map(keys: ["port", "protocol"])
        case ("ports", "containers"), ("ports", "initContainers"), ("ports", "ephemeralContainers"):
            self = .map(keys: ["containerPort", "protocol"])
        case ("conditions", "status"): self = .map(keys: ["type"])
        case ("ownerReferences", "metadata"): self = .map(keys: ["uid"])
        case ("finalizers", "metadata"): self = .set
        default: self = .atomic
        }
    }

    /// What stands for a key that an element does not have.
    static func standard(of key: String) -> JSONValue? { key == "protocol" ? "TCP" : nil }

    /// Whether an object is one value to those who share it.
    static func isAtomicObject(_ field: String) -> Bool {
        ["selector", "labelSelector", "namespaceSelector", "objectSelector", "podSelector"].contains(field)
    }
}
