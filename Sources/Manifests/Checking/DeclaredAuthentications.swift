internal import KubeModel
internal import ScalerKit
internal import Scaling

/// What the authentications among some manifests give.
struct DeclaredAuthentications {
    /// Which authentication: those of the cluster have no namespace.
    private struct Key: Hashable {
        let kind: String
        let key: ObjectKey
    }

    /// Parameters by authentication.
    private var parameters: [Key: DeclaredSettings.Parameters] = [:]

    /// Looks for authentications.
    init(_ manifests: [Manifest]) {
        let kinds = [TriggerAuthentication.resourceType.kind, ClusterTriggerAuthentication.resourceType.kind]
        for manifest in manifests where kinds.contains(manifest.kind) {
            guard GroupVersion(apiVersion: manifest.apiVersion).group == ManifestCheck.group else { continue }
            parameters[Key(kind: manifest.kind, key: manifest.key)] = Self.parameters(of: manifest.content["spec"])
        }
    }

    /// What a trigger's authentication gives; unknown unless it is among the manifests, with the namespace spelled in
    /// the same way.
    func parameters(for reference: ScaledObject.AuthenticationRef?, in namespace: String)
        -> DeclaredSettings.Parameters
    {
        guard let reference else { return .none }
        let kind = reference.kind ?? TriggerAuthentication.resourceType.kind
        let isCluster = kind == ClusterTriggerAuthentication.resourceType.kind
        let key = ObjectKey(namespace: isCluster ? "" : namespace, name: reference.name)
        return parameters[Key(kind: kind, key: key)] ?? .unknown
    }

    /// The parameters that a spec names.
    ///
    /// Sources that name none themselves, as a file or OAuth, may give any.
    private static func parameters(of spec: JSONValue?) -> DeclaredSettings.Parameters {
        guard let sources = spec?.object else { return .unknown }
        var names: Set<String> = []
        for (source, value) in sources where value != .null {
            let entries: [JSONValue]? =
                switch source {
                case "env", "secretTargetRef", "configMapTargetRef", "boundServiceAccountToken": value.array
                case "hashiCorpVault", "azureKeyVault", "gcpSecretManager", "awsSecretManager": value["secrets"]?.array
                default: nil
                }
            guard let entries else { return .unknown }
            names.formUnion(entries.compactMap { $0["parameter"]?.string })
        }
        return .named(names)
    }
}
