public import Foundation

/// A ConfigMap; its binary data is not read.
public struct ConfigMap: KubeResource, Hashable {
    /// `v1` ConfigMap.
    public static let resourceType = ResourceType(GroupVersion("", "v1"), kind: "ConfigMap", plural: "configmaps")
    /// `v1`.
    public var apiVersion: String?
    /// `ConfigMap`.
    public var kind: String?
    /// Name, namespace and so on.
    public var metadata: ObjectMeta
    /// Absent is the same as empty.
    public var data: [String: String]?

    /// Makes a ConfigMap.
    public init(metadata: ObjectMeta, data: [String: String]) {
        self.apiVersion = "v1"
        self.kind = "ConfigMap"
        self.metadata = metadata
        self.data = data
    }
}

/// A Secret as the API has it.
///
/// Its values are bytes here; whoever takes one out wraps it in `Outbound.Secret` at once.
public struct SecretObject: KubeResource, CustomStringConvertible, CustomReflectable {
    /// `v1` Secret.
    public static let resourceType = ResourceType(GroupVersion("", "v1"), kind: "Secret", plural: "secrets")
    /// `v1`.
    public var apiVersion: String?
    /// `Secret`.
    public var kind: String?
    /// Name, namespace and so on.
    public var metadata: ObjectMeta
    /// Such as `Opaque`.
    public var type: String?
    /// Decoded from base64; absent is the same as empty.
    public var data: [String: Data]?

    /// Makes a Secret.
    public init(metadata: ObjectMeta, type: String? = nil, data: [String: Data]) {
        self.apiVersion = "v1"
        self.kind = "Secret"
        self.metadata = metadata
        self.type = type
        self.data = data
    }

    /// Which Secret this is, and nothing of what it holds.
    public var description: String { "Secret \(metadata.key)" }

    /// No children, so that `dump` shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
