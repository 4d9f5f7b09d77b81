internal import KubeModel

/// Something on the API server that a trigger's settings come from.
enum Reference: Sendable, Hashable {
    /// A Secret.
    case secret(ObjectKey)
    /// A ConfigMap.
    case configMap(ObjectKey)
    /// An authentication of either kind.
    case authentication(AuthenticationReference)
}

/// Names an authentication wherever it lives.
enum AuthenticationReference: Sendable, Hashable, CustomStringConvertible {
    /// Of the ScaledObject's namespace.
    case namespaced(ObjectKey)
    /// Of the whole cluster.
    case cluster(String)

    /// As a message names it.
    var description: String {
        switch self {
        case .namespaced(let key): "TriggerAuthentication \(key)"
        case .cluster(let name): "ClusterTriggerAuthentication \(name)"
        }
    }
}

/// A value, and a text that is another one when the value is.
struct Versioned<Value: Sendable>: Sendable {
    /// The value.
    let value: Value
    /// Compared for equality only.
    let version: String
}

extension Versioned where Value: Sendable {
    /// The version of what is not there.
    static var absent: String { "" }
}
