import KubeModel

/// Who owns which parts of an object: `metadata.managedFields`.
///
/// - Source: Kubernetes API reference, ManagedFieldsEntry.
struct ManagedFields: Sendable, Hashable {
    /// Somebody who writes objects, in one way.
    struct Manager: Sendable, Hashable {
        /// `fieldManager`, or the beginning of the user agent.
        var name: String
        /// Whether by server-side apply.
        var applies: Bool
        /// In which version; empty for appliers, who are the same in each.
        var version = ""
        /// Such as `status`; empty for the object itself.
        var subresource = ""
    }

    /// What somebody owns.
    struct Holding: Sendable, Hashable {
        /// Which parts.
        var fields: FieldSet
        /// In which version that was said.
        var version: String
        /// When it last changed.
        var time: String?
    }

    /// By owner; nobody owns nothing.
    private(set) var holdings: [Manager: Holding] = [:]

    /// No owners.
    init() {}

    /// Reads `metadata.managedFields`; `nil` for what is none.
    init?(_ json: JSONValue) {
        guard let entries = json.array else { return nil }
        for entry in entries {
            guard let operation = entry["operation"]?.string, operation == "Apply" || operation == "Update",
                let version = entry["apiVersion"]?.string, let fields = entry["fieldsV1"].flatMap(FieldSet.init)
            else { return nil }
            let manager = Manager(
                name: entry["manager"]?.string ?? "",
                applies: operation == "Apply",
                version: operation == "Apply" ? "" : version,
                subresource: entry["subresource"]?.string ?? ""
            )
            self[manager] = Holding(fields: fields, version: version, time: entry["time"]?.string)
        }
    }

    /// What a manager owns; setting empty fields forgets the manager.
    subscript(manager: Manager) -> Holding? {
        get { holdings[manager] }
        set { holdings[manager] = newValue?.fields.isEmpty == true ? nil : newValue }
    }

    /// As `metadata.managedFields`: appliers first, then by time and name; `nil` without owners.
    var json: JSONValue? {
        guard !holdings.isEmpty else { return nil }
        func order(_ manager: Manager, _ holding: Holding) -> (Int, String, String, String, String) {
            (manager.applies ? 0 : 1, holding.time ?? "", manager.name, holding.version, manager.subresource)
        }
        let entries = holdings.sorted { order($0.key, $0.value) < order($1.key, $1.value) }
        return .array(
            entries.map { manager, holding in
                var entry: JSONValue = [
                    "manager": .string(manager.name), "operation": manager.applies ? "Apply" : "Update",
                    "apiVersion": .string(holding.version), "fieldsType": "FieldsV1", "fieldsV1": holding.fields.json,
                ]
                if let time = holding.time { entry["time"] = .string(time) }
                if !manager.subresource.isEmpty { entry["subresource"] = .string(manager.subresource) }
                return entry
            }
        )
    }

    /// Gives a manager what has changed and takes it from the others.
    mutating func write(_ changes: FieldChanges, by manager: Manager, _ version: String, time: String) {
        take(changes.set.union(changes.removed), fromAllBut: nil)
        guard !changes.set.isEmpty else { return }
        let known = holdings[manager]?.fields ?? FieldSet()
        self[manager] = Holding(fields: known.union(changes.set), version: version, time: time)
    }

    /// Takes parts from everybody but one.
    mutating func take(_ fields: FieldSet, fromAllBut applier: Manager?) {
        for (manager, holding) in holdings where manager != applier {
            var holding = holding
            holding.fields = holding.fields.subtracting(fields)
            self[manager] = holding
        }
    }
}
