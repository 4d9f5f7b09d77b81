import KubeModel

/// What differs between two states of an object.
struct FieldChanges: Sendable, Hashable {
    /// Parts that are new.
    private(set) var added = FieldSet()
    /// Parts with another value.
    private(set) var modified = FieldSet()
    /// Parts that are gone.
    private(set) var removed = FieldSet()

    /// What is there now and was not so before.
    var set: FieldSet { added.union(modified) }

    /// Compares two states; `nil` is no state at all.
    ///
    /// - Complexity: O(values).
    init(from old: JSONValue?, to new: JSONValue?, _ shape: FieldShape, isRoot: Bool = true) {
        guard old != new else { return }
        let before = old.flatMap { shape.parts(of: $0, isRoot: isRoot) } ?? []
        let after = new.flatMap { shape.parts(of: $0, isRoot: isRoot) } ?? []
        let known = Dictionary(before.map { ($0.step, $0.value) }) { first, _ in first }
        for part in after { note(part, from: known[part.step], to: part.value) }
        let kept = Set(after.map(\.step))
        for part in before where !kept.contains(part.step) { note(part, from: part.value, to: nil) }
    }

    /// Compares one part.
    private mutating func note(_ part: FieldShape.Part, from old: JSONValue?, to new: JSONValue?) {
        guard old != new else { return }
        switch (old, new) {
        case (nil, _): added.insert(part.step)
        case (_, nil): removed.insert(part.step)
        case (let old?, let new?):
            let hasParts = [old, new].map { part.shape.parts(of: $0, isRoot: false) != nil }
            if hasParts != [true, true] { modified.insert(part.step) }
        }
        let below = FieldChanges(from: old, to: new, part.shape, isRoot: false)
        added[part.step] = below.added
        modified[part.step] = below.modified
        removed[part.step] = below.removed
    }
}

extension JSONValue {
    /// All parts of an object that somebody who writes it owns: values without parts, elements, and what is empty.
    func fields(_ shape: FieldShape, isRoot: Bool = true) -> FieldSet {
        var fields = FieldSet()
        for part in shape.parts(of: self, isRoot: isRoot) ?? [] {
            let below = part.value.fields(part.shape, isRoot: false)
            let isElement = if case .field = part.step { false } else { true }
            if isElement || below.isEmpty { fields.insert(part.step) }
            fields[part.step] = below
        }
        return fields
    }

    /// With what a configuration says put over it, part by part.
    func merged(with config: JSONValue, _ shape: FieldShape, isRoot: Bool = true) -> JSONValue {
        guard let live = shape.parts(of: self, isRoot: isRoot), let wish = shape.parts(of: config, isRoot: isRoot),
            (object == nil) == (config.object == nil)
        else { return config }
        let known = Dictionary(live.map { ($0.step, $0.value) }) { first, _ in first }
        let wished = Dictionary(wish.map { ($0.step, $0.value) }) { first, _ in first }
        let shapes = Dictionary((live + wish).map { ($0.step, $0.shape) }) { first, _ in first }
        func value(_ step: FieldStep) -> JSONValue? {
            guard let new = wished[step] else { return known[step] }
            return known[step]?.merged(with: new, shapes[step] ?? .free, isRoot: false) ?? new
        }
        if object != nil {
            var members = object ?? [:]
            for case .field(let name) in wished.keys { members[name] = value(.field(name)) }
            return .object(members)
        }
        return .array(MergedOrder.of(live.map(\.step), wish.map(\.step)).compactMap(value))
    }

    /// Without some parts; `nil` where nothing is left that was there.
    func removing(_ fields: FieldSet, _ shape: FieldShape, isRoot: Bool = true) -> JSONValue? {
        guard !fields.isEmpty, let parts = shape.parts(of: self, isRoot: isRoot), !parts.isEmpty else { return self }
        let left = parts.compactMap { part in
            fields.members.contains(part.step)
                ? nil : part.value.removing(fields[part.step], part.shape, isRoot: false).map { (part.step, $0) }
        }
        guard !left.isEmpty else { return nil }
        guard object != nil else { return .array(left.map(\.1)) }
        var members: [String: JSONValue] = [:]
        for case (.field(let name), let value) in left { members[name] = value }
        return .object(members)
    }
}

/// In which order the elements of an applied list stand.
enum MergedOrder {
    /// The configuration's elements in its order; before each of them those of the live list that it does not have and
    /// that stood before it, and the rest of those before what is new.
    ///
    /// - Source: `sigs.k8s.io/structured-merge-diff`, `typed/merge.go`, `visitListItems`.
    static func of(_ live: [FieldStep], _ wish: [FieldStep]) -> [FieldStep] {
        let (known, wished) = (Set(live), Set(wish))
        var shared = wish.filter(known.contains)[...]
        var (mine, theirs, order) = (wish[...], live[...], [FieldStep]())
        var done: Set<FieldStep> = []
        while let next = mine.first {
            guard let old = theirs.first else {
                order += mine
                break
            }
            if !wished.contains(old) {
                order.append(old)
                theirs.removeFirst()
            } else if old != next, done.contains(old) || shared.first != old {
                // It comes in the configuration's place.
                theirs.removeFirst()
            } else {
                order.append(next)
                done.insert(next)
                mine.removeFirst()
                if old == next { theirs.removeFirst() }
                if shared.first == next { shared.removeFirst() }
            }
        }
        return order + theirs.filter { !wished.contains($0) }
    }
}
