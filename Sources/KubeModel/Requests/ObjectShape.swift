/// How much of each object a list or a watch is to send.
///
/// - Source: Kubernetes, "API Concepts", metadata-only fetches.
public enum ObjectShape: Sendable, Hashable {
    /// All of it.
    case whole
    /// Its metadata; from a server that cannot do that, all of it.
    case metadata

    /// Plain JSON.
    static let json = "application/json"

    /// What to accept where objects come one by one, as in a watch.
    var ofObjects: String {
        switch self {
        case .whole: Self.json
        case .metadata: "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,\(Self.json)"
        }
    }

    /// What to accept where they come as a list.
    var ofLists: String {
        switch self {
        case .whole: Self.json
        case .metadata: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,\(Self.json)"
        }
    }
}
