internal import Scaling

/// A trigger's type and all its settings.
public struct ScalerSchema: Sendable {
    /// What `type` says, such as `postgresql`.
    public let type: String
    /// One line for lists of triggers.
    public let summary: String
    /// The settings, the ones that matter most first.
    public let fields: [any AnyField]
    /// A trigger's metadata that works as it stands, but for the places that it names.
    public let example: KeyValuePairs<String, String>
    /// Keys that old manifests carry and that mean nothing any more; they give no warning.
    public let retired: [String]

    /// Makes a schema.
    ///
    /// - Parameters:
    ///   - type: the trigger's.
    ///   - summary: one line for lists.
    ///   - fields: the settings.
    ///   - example: metadata in the order to show it.
    ///   - retired: keys that mean nothing any more.
    public init(
        _ type: String,
        _ summary: String,
        _ fields: [any AnyField],
        example: KeyValuePairs<String, String> = [:],
        retired: [String] = []
    ) {
        self.type = type
        self.summary = summary
        self.fields = fields
        self.example = example
        self.retired = retired
    }

    /// Every key that trigger metadata may have.
    public var metadataKeys: [String] {
        fields.flatMap { field in
            (field.sources.contains(.metadata) ? field.names : [])
                + (field.sources.contains(.environment) ? field.names.map { $0 + "FromEnv" } : [])
        }
    }

    /// Keys of trigger metadata that mean nothing, each with the nearest key that does, if any is near.
    public func unknownKeys(in metadata: [String: String]) -> [(key: String, nearest: String?)] {
        let known = metadataKeys
        let meaningful = Set(known + retired)
        return metadata.keys.filter { !meaningful.contains($0) }.sorted()
            .map { key in
                (key, NearestName.find(key, among: known))
            }
    }
}
