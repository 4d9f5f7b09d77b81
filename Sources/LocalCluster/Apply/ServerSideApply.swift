import KubeModel

/// The rules of server-side apply: what becomes of an object and of its owners.
///
/// - Source: Kubernetes, "Server-Side Apply"; `sigs.k8s.io/structured-merge-diff`, `merge/update.go`.
struct ServerSideApply: Sendable {
    /// What somebody wants, only the parts that can have an owner.
    let config: JSONValue
    /// Of which parts it is made.
    let shape: FieldShape
    /// Who wants it.
    let manager: ManagedFields.Manager
    /// In which version.
    let version: String
    /// Whether what others own is taken from them.
    let isForced: Bool

    /// The object and its owners afterwards.
    struct Outcome: Sendable {
        /// Only the parts that can have an owner.
        var object: JSONValue
        /// The owners.
        let owners: ManagedFields
    }

    /// Applies the configuration to an object, whose parts that can have an owner are `live`.
    ///
    /// - Throws: ``FieldConflict``, unless it is forced.
    func carryOut(on live: JSONValue, _ owners: ManagedFields, time: String) throws(FieldConflict) -> Outcome {
        let wanted = config.fields(shape)
        let last = owners[manager]
        var owners = owners
        owners[manager] = ManagedFields.Holding(fields: wanted, version: version, time: last?.time ?? time)
        let merged = live.merged(with: config, shape)
        let object = last.map { pruned(merged, last: $0.fields, owners) } ?? merged
        let changes = FieldChanges(from: live, to: object, shape)
        if !isForced, let conflict = conflict(over: changes.set, owners) { throw conflict }
        owners.take(changes.set.union(changes.removed), fromAllBut: manager)
        if object != live || last?.fields != wanted {
            owners[manager] = ManagedFields.Holding(fields: wanted, version: version, time: time)
        }
        return Outcome(object: object, owners: owners)
    }

    /// Without what the manager wanted last time, and now neither it nor anybody else does.
    ///
    /// What nobody owns goes with the object or element that it is part of, such as a default.
    private func pruned(_ merged: JSONValue, last: FieldSet, _ owners: ManagedFields) -> JSONValue {
        let given = last.withContainers
        let whole = merged.fields(shape).withContainers
        func left(without fields: FieldSet) -> JSONValue { merged.removing(fields, shape) ?? [:] }
        func parts(_ object: JSONValue) -> FieldSet { object.fields(shape).withContainers }
        let owned = owners.holdings.values.reduce(FieldSet()) { $0.union($1.fields) }.withContainers
        let kept = left(without: given)
        let restored = left(without: whole.subtracting(parts(kept).union(owned)))
        return left(without: whole.subtracting(parts(restored)).intersection(given))
    }

    /// Who else owns what changes.
    private func conflict(over changed: FieldSet, _ owners: ManagedFields) -> FieldConflict? {
        let fields = owners.holdings.filter { $0.key != manager }.mapValues { $0.fields.intersection(changed) }
            .filter { !$0.value.isEmpty }
        return fields.isEmpty ? nil : FieldConflict(fields: fields)
    }
}
