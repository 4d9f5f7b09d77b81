import KubeModel

/// Kubernetes' own merge: as RFC 7386, but lists of some fields are merged element by element.
///
/// Known directives: `$patch: delete` and `$patch: replace` in objects and list elements, `$retainKeys`,
/// `$deleteFromPrimitiveList/<field>`, `$setElementOrder/<field>`.
///
/// - Source: Kubernetes, "Strategic Merge Patch" in the community's API conventions and
///   `apimachinery/pkg/util/strategicpatch/patch.go`.
enum StrategicMergePatch {
    /// The object after a patch.
    ///
    /// - Throws: 400 for a list element without the key by which its list is merged.
    static func apply(_ patch: JSONValue, to object: JSONValue) throws(APIFailure) -> JSONValue {
        try merge(patch, into: object, under: "") ?? [:]
    }

    /// Merges a value of a patch; `nil` where nothing is to be left.
    private static func merge(
        _ patch: JSONValue,
        into old: JSONValue?,
        under parent: String
    ) throws(APIFailure) -> JSONValue? {
        if patch == .null { return nil }
        guard case .object(var changes) = patch else { return patch }
        switch changes.removeValue(forKey: "$patch")?.string {
        case "delete": return nil
        case "replace": return .object(changes)
        default: break
        }
        var members = old?.object ?? [:]
        if let retained = changes.removeValue(forKey: "$retainKeys")?.array?.compactMap(\.string) {
            members = members.filter { retained.contains($0.key) }
        }
        for (directive, values) in changes where directive.hasPrefix(deletePrefix) {
            let field = String(directive.dropFirst(deletePrefix.count))
            let doomed = values.array ?? []
            members[field] = members[field]?.array.map { .array($0.filter { !doomed.contains($0) }) }
        }
        let orders = changes.filter { $0.key.hasPrefix(orderPrefix) }
        for (field, change) in changes where !field.hasPrefix("$") {
            if let elements = change.array {
                let order = orders[orderPrefix + field]?.array
                members[field] = .array(
                    try merge(elements, into: members[field]?.array ?? [], order, field, under: parent)
                )
            } else {
                members[field] = try merge(change, into: members[field], under: field)
            }
        }
        for (directive, order) in orders {
            let field = String(directive.dropFirst(orderPrefix.count))
            guard changes[field] == nil, let order = order.array, let old = members[field]?.array else { continue }
            members[field] = .array(try merge([], into: old, order, field, under: parent))
        }
        return .object(members)
    }

    /// Merges a list; `order` is that of the elements that the client knows, where it says so.
    private static func merge(
        _ changes: [JSONValue],
        into old: [JSONValue],
        _ order: [JSONValue]?,
        _ field: String,
        under parent: String
    ) throws(APIFailure) -> [JSONValue] {
        let isReplacement = changes.contains { $0["$patch"] == "replace" && $0.object?.count == 1 }
        switch isReplacement ? .atomic : ListRule(field, under: parent) {
        case .atomic: return changes.filter { $0["$patch"] != "replace" }
        case .set:
            return ElementOrder(known: order ?? changes, original: old, key: nil)
                .sorted(old + changes.filter { !old.contains($0) })
        case .map(let keys):
            let key = keys[0]
            var merged = old
            for change in changes {
                guard let value = change[key] else {
                    throw .badRequest("map: \(field) element does not contain declared merge key: \(key)")
                }
                let place = merged.firstIndex { $0[key] == value }
                let result = try merge(change, into: place.map { merged[$0] }, under: field)
                switch (place, result) {
                case (let place?, let result?): merged[place] = result
                case (let place?, nil): merged.remove(at: place)
                case (nil, let result?): merged.append(result)
                case (nil, nil): break
                }
            }
            return ElementOrder(known: order ?? changes, original: old, key: key).sorted(merged)
        }
    }

    /// Before the name of a list of plain values that are to go.
    private static let deletePrefix = "$deleteFromPrimitiveList/"

    /// Before the name of a list whose order the client says.
    private static let orderPrefix = "$setElementOrder/"
}
