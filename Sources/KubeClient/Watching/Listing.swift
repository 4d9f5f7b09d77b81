public import KubeModel

/// A page of a list, or all of it.
public struct Listing<R: KubeResource>: Sendable {
    /// The state of the store that it shows; where a watch goes on from.
    public var resourceVersion: String
    /// The objects.
    public var items: [R]
    /// Objects that are there but do not fit our type.
    public var unreadable: [UnreadableObject]
    /// What gives the next page; `nil` on the last one.
    public var next: String?
}

/// An object that does not fit the type it should have.
///
/// One such object must not blind us to the others of its kind, so it is a value and not an error.
public struct UnreadableObject: Sendable, Hashable {
    /// Which one; `nil` if not even that can be read.
    public var key: ObjectKey?
    /// Its version, where it has one.
    public var resourceVersion: String?
    /// Its metadata, where that fits.
    public var metadata: ObjectMeta?
    /// What does not fit, for the log.
    public var reason: String
}

/// An object, or why it could not be read.
enum Readable<R: KubeResource>: Decodable {
    /// It fits.
    case object(R)
    /// It does not.
    case unreadable(UnreadableObject)

    /// Where every object says what it is called.
    private struct Header: Decodable {
        /// Name, namespace and version.
        let metadata: Names
        /// The part of the metadata that is looked at here.
        struct Names: Decodable {
            /// Its name.
            let name: String?
            /// Absent for cluster-wide kinds.
            let namespace: String?
            /// Where it stands in time.
            let resourceVersion: String?
        }
    }

    /// What every object has.
    private struct Described: Decodable {
        /// All of it.
        let metadata: ObjectMeta
    }

    /// Never throws for what the object holds.
    init(from decoder: any Decoder) throws {
        do {
            self = .object(try R(from: decoder))
        } catch {
            // Whoever has no readable metadata, or no names in it, has none here: nil says so.
            let names = (try? Header(from: decoder))?.metadata
            self = .unreadable(
                UnreadableObject(
                    key: names?.name.map { ObjectKey(namespace: names?.namespace ?? "", name: $0) },
                    resourceVersion: names?.resourceVersion,
                    metadata: (try? Described(from: decoder))?.metadata,
                    reason: String(describing: error)
                )
            )
        }
    }
}

/// A list as the wire has it.
struct ListAnswer<R: KubeResource>: Decodable {
    /// Where the list stands.
    let metadata: ListMeta
    /// Absent, as Go writes it, where it is empty.
    let items: [Readable<R>]?

    /// The same, sorted out.
    var listing: Listing<R> {
        var listing = Listing<R>(
            resourceVersion: metadata.resourceVersion ?? "",
            items: [],
            unreadable: [],
            next: metadata.continue.flatMap { $0.isEmpty ? nil : $0 }
        )
        listing.items.reserveCapacity(items?.count ?? 0)
        for item in items ?? [] {
            switch item {
            case .object(let object): listing.items.append(object)
            case .unreadable(let object): listing.unreadable.append(object)
            }
        }
        return listing
    }
}
