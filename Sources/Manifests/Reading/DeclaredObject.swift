internal import KubeModel
public import ScalerKit
public import Scaling

/// A ScaledObject as its manifest has it, and what the manifests beside it tell of its triggers' settings.
public struct DeclaredObject: Sendable {
    /// The file as it was named.
    public let file: String
    /// The object.
    public let object: ScaledObject
    /// One for each trigger, in their order.
    public let settings: [DeclaredSettings]
}

extension ManifestReading {
    /// All ScaledObjects, in order; of manifests in which a check has found no error.
    ///
    /// - Throws: `DecodingError`, which that check would have told of.
    public func scaledObjects() throws -> [DeclaredObject] {
        let authentications = DeclaredAuthentications(manifests)
        return try manifests.filter { $0.kind == ScaledObject.resourceType.kind }
            .map { manifest in
                let object: ScaledObject = try KubeJSON.decode(from: manifest.content)
                let settings = object.spec.triggers.map { trigger in
                    DeclaredSettings(
                        metadata: trigger.metadata,
                        authentication: authentications.parameters(
                            for: trigger.authenticationRef,
                            in: manifest.key.namespace
                        )
                    )
                }
                return DeclaredObject(file: manifest.file, object: object, settings: settings)
            }
    }
}
