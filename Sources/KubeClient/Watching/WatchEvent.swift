public import KubeModel

/// What a watch tells.
///
/// - Source: Kubernetes, "API Concepts", efficient detection of changes.
public enum WatchEvent<R: KubeResource>: Sendable {
    /// An object is new, or was there when the watch began.
    case added(R)
    /// An object has changed.
    case modified(R)
    /// An object is gone; this was its last state.
    case deleted(R)
    /// Nothing has happened up to this version.
    case bookmark(resourceVersion: String)
    /// An object has changed into something that does not fit our type; `isDeleted` if it is gone.
    case unreadable(UnreadableObject, isDeleted: Bool)
    /// The watch is over: 410 when our version is too old.
    case failed(KubeStatus)
}

extension WatchEvent {
    /// Reads one line of a watch.
    ///
    /// - Throws: ``KubeError`` `.malformedAnswer`.
    init(line: [UInt8]) throws(KubeError) {
        do {
            self = try KubeJSON.decode(WireEvent<R>.self, from: line).event
        } catch {
            throw KubeError(.malformedAnswer, "the API server sent an event that cannot be read", cause: error)
        }
    }
}

/// An event as the wire has it; how its object is read depends on its type.
private struct WireEvent<R: KubeResource>: Decodable {
    /// What happened.
    let event: WatchEvent<R>

    /// The members of an event.
    private enum CodingKeys: String, CodingKey {
        case type
        case object
    }

    /// A bookmark's object: all but its version is empty.
    private struct Bookmark: Decodable {
        /// Where the version is.
        let metadata: ListMeta
    }

    /// Reads the type first.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let type = try container.decode(String.self, forKey: .type)
        switch type {
        case "BOOKMARK":
            let version = try container.decode(Bookmark.self, forKey: .object).metadata.resourceVersion
            guard let version else { throw Self.corrupted(container, "a bookmark without a version") }
            self.event = .bookmark(resourceVersion: version)
        case "ERROR":
            self.event = .failed(try container.decode(KubeStatus.self, forKey: .object))
        case "ADDED", "MODIFIED", "DELETED":
            switch try container.decode(Readable<R>.self, forKey: .object) {
            case .unreadable(let object): self.event = .unreadable(object, isDeleted: type == "DELETED")
            case .object(let object) where type == "ADDED": self.event = .added(object)
            case .object(let object) where type == "MODIFIED": self.event = .modified(object)
            case .object(let object): self.event = .deleted(object)
            }
        default:
            throw Self.corrupted(container, "the event type \(type) is unknown")
        }
    }

    /// An event that breaks the protocol.
    private static func corrupted(_ container: KeyedDecodingContainer<CodingKeys>, _ text: String) -> DecodingError {
        .dataCorruptedError(forKey: .type, in: container, debugDescription: text)
    }
}
