import KubeModel

/// Of which parts a value is made, as far as each can have an owner.
enum FieldShape: Sendable {
    /// Of a custom kind: as its schema says.
    case schema(StructuralSchema)
    /// Of a built-in kind, or metadata: by the name of the field, and of the one that it stands under.
    case named(String, under: String)
    /// Nothing is said: members of objects are parts, elements of lists are not.
    case free

    /// The shape of a kind's objects.
    init(_ view: Kind.View) {
        self = view.schema.map(FieldShape.schema) ?? .named("", under: "")
    }

    /// The shape of a member; the metadata of custom kinds is that of all others.
    func member(_ name: String, ofRoot isRoot: Bool) -> FieldShape {
        switch self {
        case .schema where isRoot && name == "metadata": .named("metadata", under: "")
        case .schema(let schema):
            if let property = schema.properties[name] {
                .schema(property)
            } else if case .checked(let others) = schema.others {
                .schema(others)
            } else {
                .free
            }
        case .named(let field, _): .named(name, under: field)
        case .free: .free
        }
    }

    /// The shape of the elements of a list.
    private var element: FieldShape {
        switch self {
        case .schema(let schema): schema.items.first.map(FieldShape.schema) ?? .free
        // Members of an element count as standing under the list.
        case .named, .free: self
        }
    }

    /// How elements are told apart.
    private var rule: ListRule {
        switch self {
        case .schema(let schema):
            switch schema.listing {
            case .atomic: .atomic
            case .set: .set
            case .map(let keys): .map(keys: keys)
            }
        case .named(let field, let parent): ListRule(field, under: parent)
        case .free: .atomic
        }
    }

    /// Whether an object is one value.
    private var isAtomicObject: Bool {
        switch self {
        case .schema(let schema): schema.isAtomic
        case .named(let field, _): ListRule.isAtomicObject(field)
        case .free: false
        }
    }

    /// One part of a value.
    struct Part {
        /// How to get there.
        let step: FieldStep
        /// What is there.
        let value: JSONValue
        /// Of which parts that is made.
        let shape: FieldShape
    }

    /// The parts of a value in order, objects by name; `nil` for a value that has none.
    func parts(of value: JSONValue, isRoot: Bool) -> [Part]? {
        switch value {
        case .object(let members) where !isAtomicObject:
            members.sorted { $0.key < $1.key }
                .map { Part(step: .field($0.key), value: $0.value, shape: member($0.key, ofRoot: isRoot)) }
        case .array(let elements) where rule != .atomic:
            elements.map { Part(step: step(to: $0), value: $0, shape: element) }
        case .object, .array, .null, .bool, .integer, .number, .string: nil
        }
    }

    /// How to get to an element of a list.
    private func step(to element: JSONValue) -> FieldStep {
        guard case .map(let keys) = rule else { return .value(element) }
        return .key(
            Dictionary(
                keys.compactMap { key in (element[key] ?? standard(of: key)).map { (key, $0) } }
            ) { first, _ in first }
        )
    }

    /// What stands for a key that an element does not have.
    private func standard(of key: String) -> JSONValue? {
        if case .schema(let schema) = self { return schema.items.first?.properties[key]?.standard }
        return ListRule.standard(of: key)
    }

    /// The first place where a configuration cannot be told apart into parts, in the server's words.
    ///
    /// - Source: `sigs.k8s.io/structured-merge-diff`, `typed/helpers.go` and `typed/validate.go`.
    func problem(in value: JSONValue, at path: String = "") -> String? {
        if case .schema(let schema) = self, case .object(let members) = value, schema.kind == .object,
            schema.others == .dropped,
            let unknown = members.keys.sorted().first(where: { schema.properties[$0] == nil })
        {
            return "\(path).\(unknown): field not declared in schema"
        }
        guard let parts = parts(of: value, isRoot: path.isEmpty) else { return nil }
        var seen: Set<FieldStep> = []
        for (index, part) in parts.enumerated() {
            if case .map(let keys) = rule, case .key(let found) = part.step, value.array != nil,
                let absent = keys.first(where: { found[$0] == nil })
            {
                return "\(path): element \(index): associative list with keys has an element that omits key field "
                    + "\"\(absent)\""
            }
            guard seen.insert(part.step).inserted else {
                return "\(path): duplicate entries for key \(part.step.text)"
            }
            if let problem = part.shape.problem(in: part.value, at: path + part.step.text) { return problem }
        }
        return nil
    }
}
