import Foundation
import KubeModel

/// Who owns what of the objects that a request is about.
extension ResourceTarget {
    /// Of which parts the objects are made.
    var shape: FieldShape { FieldShape(view) }

    /// In which version owners are recorded: that of the request, unless it is another form than the stored one.
    var ownersVersion: String { (view.converts ? kind.storedVersion : view.version).description }

    /// Somebody who writes through this path.
    func manager(_ name: String, applies: Bool) -> ManagedFields.Manager {
        let subresource = subresource ?? ""
        guard applies else {
            return .init(name: name, applies: false, version: ownersVersion, subresource: subresource)
        }
        return .init(name: name, applies: true, subresource: subresource)
    }

    /// An object without what has no owner: its name and the like, and what this path does not write.
    ///
    /// - Source: Kubernetes, `apiserver/pkg/endpoints/handlers/fieldmanager/stripmeta.go`.
    func ownable(_ object: JSONValue) -> JSONValue {
        var parts = object
        if subresource == "status" {
            parts = [:]
            parts["status"] = object["status"]
        } else if kind.hasStatus {
            parts["status"] = nil
        }
        (parts["apiVersion"], parts["kind"]) = (nil, nil)
        // There in any case, so that it never counts as new.
        parts["metadata"] = .object((parts["metadata"]?.object ?? [:]).filter { !Self.ownerless.contains($0.key) })
        return parts
    }

    /// Metadata that has no owner.
    private static let ownerless: Set = [
        "name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields", "resourceVersion",
    ]

    /// The owners of a written object.
    ///
    /// - Parameters:
    ///   - object: as it will be stored.
    ///   - old: what it replaces.
    ///   - said: the `managedFields` of the request's body. Clients may correct the owners; an empty list, or one of an
    ///     empty entry, ends the record of an object until it is applied again.
    ///   - manager: who writes.
    ///   - now: when.
    /// - Returns: none for an object whose owners nobody has recorded.
    /// - Source: Kubernetes, `apiserver/pkg/endpoints/handlers/fieldmanager/fieldmanager.go`, `decodeLiveOrNew`, and
    ///   `skipnonapplied.go`.
    func owners(
        of object: JSONValue,
        from old: JSONValue?,
        said: JSONValue?,
        by manager: String,
        now: Date
    ) -> ManagedFields {
        var owners = ManagedFields()
        if let given = said.flatMap(ManagedFields.init), !given.holdings.isEmpty {
            owners = given
        } else if let old {
            guard said != [], said != [[:]], let known = old[meta: "managedFields"].flatMap(ManagedFields.init) else {
                return ManagedFields()
            }
            owners = known
        }
        let changes = FieldChanges(from: ownable(old ?? [:]), to: ownable(object), shape)
        owners.write(changes, by: self.manager(manager, applies: false), ownersVersion, time: RFC3339.seconds(now))
        return owners
    }

    /// The owners of an object that is applied for the first time although it is there: nobody knows who made it.
    ///
    /// - Source: Kubernetes, `apiserver/pkg/endpoints/handlers/fieldmanager/skipnonapplied.go`.
    func ownersBeforeApply(_ object: JSONValue, now: Date) -> ManagedFields {
        owners(of: object, from: nil, said: nil, by: "before-first-apply", now: now)
    }
}

/// Who is to own what is written.
enum Authorship: Sendable {
    /// Whoever writes what differs.
    case update(by: String)
    /// Those whom server-side apply has found.
    case applied(ManagedFields)

    /// The owners of an object that replaces another one, from the body of a request.
    func owners(
        of object: JSONValue,
        from old: JSONValue?,
        _ body: JSONValue,
        _ target: ResourceTarget,
        now: Date
    ) -> ManagedFields {
        switch self {
        case .update(let manager):
            target.owners(of: object, from: old, said: body[meta: "managedFields"], by: manager, now: now)
        case .applied(let owners): owners
        }
    }
}

extension APIRequest {
    /// Who writes: as the request says, else as its client calls itself.
    ///
    /// - Source: Kubernetes, `apiserver/pkg/endpoints/handlers/create.go`, `managerOrUserAgent`.
    var manager: String {
        if let name = self[query: "fieldManager"], !name.isEmpty { return name }
        let agent = userAgent.prefix { $0 != "/" }.prefix(128)
        return agent.isEmpty ? "unknown" : String(agent)
    }

    /// Whether the body is a configuration for server-side apply.
    var isApply: Bool {
        request.method == .patch
            && APIRequest.mediaType(request.contentType ?? "") == KubeRequest.PatchKind.apply.rawValue
    }
}
