import KubeModel

/// One step from a value to a part of it that can have an owner.
///
/// - Source: Kubernetes, "Server-Side Apply", field management; `sigs.k8s.io/structured-merge-diff`,
///   `fieldpath/element.go`.
enum FieldStep: Sendable, Hashable {
    /// To a member.
    case field(String)
    /// To the element of a list that has these members.
    case key([String: JSONValue])
    /// To the element of a list that is this value.
    case value(JSONValue)
}

/// Parts of an object: what somebody owns, what has changed.
struct FieldSet: Sendable, Hashable {
    /// Parts one step away that are in the set.
    private(set) var members: Set<FieldStep> = []
    /// What lies below parts one step away, whether or not they are in the set themselves; never empty sets.
    private(set) var children: [FieldStep: FieldSet] = [:]

    /// Whether nothing is in it.
    var isEmpty: Bool { members.isEmpty && children.isEmpty }

    /// How many parts are in it.
    var count: Int { children.values.reduce(members.count) { $0 + $1.count } }

    /// Adds a part one step away.
    mutating func insert(_ step: FieldStep) { members.insert(step) }

    /// Takes a part one step away out, and what lies below it.
    mutating func removeAll(below step: FieldStep) {
        members.remove(step)
        children[step] = nil
    }

    /// What lies below a part one step away; setting an empty set takes it out.
    subscript(step: FieldStep) -> FieldSet {
        get { children[step] ?? FieldSet() }
        set { children[step] = newValue.isEmpty ? nil : newValue }
    }

    /// What is in either.
    func union(_ other: FieldSet) -> FieldSet {
        FieldSet(
            members: members.union(other.members),
            children: children.merging(other.children) { $0.union($1) }
        )
    }

    /// What is in this and not in the other.
    func subtracting(_ other: FieldSet) -> FieldSet {
        var left = FieldSet(members: members.subtracting(other.members))
        for (step, child) in children { left[step] = child.subtracting(other[step]) }
        return left
    }

    /// What is in both.
    func intersection(_ other: FieldSet) -> FieldSet {
        var common = FieldSet(members: members.intersection(other.members))
        for (step, child) in children { common[step] = child.intersection(other[step]) }
        return common
    }

    /// With every member of an object that anything lies below: who gives up all of one gives up the whole of it.
    var withContainers: FieldSet {
        var whole = FieldSet(members: members, children: children.mapValues(\.withContainers))
        for case .field(let name) in children.keys { whole.members.insert(.field(name)) }
        return whole
    }

    /// Each part as a path in the words of conflicts, in order.
    var paths: [String] {
        var paths = members.map(\.text)
        for (step, child) in children { paths += child.paths.map { step.text + $0 } }
        return paths.sorted()
    }
}

extension FieldStep {
    /// As conflicts name it: `.spec`, `[name="main"]`, `[="x"]`.
    var text: String {
        switch self {
        case .field(let name): ".\(name)"
        case .key(let members):
            "[" + members.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.text)" }.joined(separator: ",") + "]"
        case .value(let value): "[=\(value.text)]"
        }
    }
}
