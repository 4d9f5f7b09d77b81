/// Runs a checked formula once.
///
/// Types are looked at again while it runs: the check lets through what it cannot know.
///
/// - Source: expr-lang, `vm/vm.go`.
struct FormulaEvaluator {
    /// The item that a predicate looks at.
    struct Item {
        /// `#`.
        var element: FormulaValue
        /// `#index`.
        var index: Int
        /// `#acc`.
        var accumulator: FormulaValue
    }

    /// The formula.
    let tree: FormulaTree
    /// The triggers' values; one that is missing is nil.
    let inputs: [String: Double?]
    /// What `let` has named, by slot.
    private var locals: [FormulaValue]
    /// The items that are looked at, the innermost predicate's last.
    private var items: [Item] = []
    /// What may still be done.
    var budget = FormulaBudget()
    /// Where the first division by zero was: it explains an infinite result.
    var zeroDivision: FormulaError.Place?

    /// Starts a run.
    init(_ tree: FormulaTree, _ inputs: [String: Double?]) {
        self.tree = tree
        self.inputs = inputs
        self.locals = Array(repeating: .nothing, count: tree.slots)
    }

    /// The value of a node.
    ///
    /// - Throws: `.evaluation`, `.limit`.
    mutating func value(of id: FormulaTree.ID) throws(FormulaError) -> FormulaValue {
        // A long sum leans to the left: a loop instead of recursion lets it be of any length.
        var pending: [FormulaTree.ID] = []
        var current = id
        while case .binary(_, let left, _) = tree.nodes[current] {
            pending.append(current)
            current = left
        }
        var result = try operand(current)
        while let id = pending.popLast() {
            guard case .binary(let operation, _, let right) = tree.nodes[id] else { continue }
            try budget.spend(at: tree.places[id])
            result = try binary(operation, result, right, at: tree.places[id])
        }
        return result
    }

    /// The error for what cannot be done.
    func failure(_ message: String, at place: FormulaError.Place) -> FormulaError {
        FormulaError(.evaluation, message, at: place)
    }

    /// The value of a node that is no operator between two.
    private mutating func operand(_ id: FormulaTree.ID) throws(FormulaError) -> FormulaValue {
        let place = tree.places[id]
        try budget.spend(at: place)
        switch tree.nodes[id] {
        case .constant(let value): return value
        case .trigger(let name): return Self.value(inputs[name] ?? nil)
        case .environment: return try map(inputs.mapValues(Self.value), at: place)
        case .local(let slot, _): return locals[slot]
        case .element: return items.last?.element ?? .nothing
        case .index: return .int(items.last?.index ?? 0)
        case .accumulator: return items.last?.accumulator ?? .nothing
        case .negation(let id): return try negative(try value(of: id), at: place)
        case .plus(let id): return try value(of: id)
        case .not(let id): return .bool(!(try bool(try value(of: id), at: place)))
        case .binary: return try value(of: id)
        case .conditional(let condition, let one, let other):
            return try value(of: try bool(try value(of: condition), at: place) ? one : other)
        case .array(let ids): return try array(try values(of: ids), at: place)
        case .map(let pairs): return try map(pairs, at: place)
        case .member(let base, let key, let isOptional):
            let base = try value(of: base)
            if isOptional, base.isNothing { return .nothing }
            return try member(of: base, try value(of: key), at: place)
        case .slice(let base, let from, let to):
            let base = try value(of: base)
            let from = try bound(from)
            return try slice(of: base, from, try bound(to), at: place)
        case .call(let function, let arguments, let predicate):
            guard function.predicate == .none else { return try each(function, arguments, predicate, at: place) }
            return try call(function, try values(of: arguments), at: place)
        case .declaration(let slot, let value, let body):
            locals[slot] = try self.value(of: value)
            return try self.value(of: body)
        case .sequence(let ids): return try values(of: ids).last ?? .nothing
        }
    }

    /// The values of nodes, in order.
    private mutating func values(of ids: [FormulaTree.ID]) throws(FormulaError) -> [FormulaValue] {
        var values: [FormulaValue] = []
        for id in ids { values.append(try value(of: id)) }
        return values
    }

    /// The value of a predicate for one item.
    mutating func value(of predicate: FormulaTree.ID, for item: Item) throws(FormulaError) -> FormulaValue {
        items.append(item)
        defer { items.removeLast() }
        return try value(of: predicate)
    }

    /// A trigger's value.
    private static func value(_ input: Double?) -> FormulaValue { input.map { .float($0) } ?? .nothing }

    /// The value of `{a: 1}`.
    private mutating func map(
        _ pairs: [(key: FormulaTree.ID, value: FormulaTree.ID)],
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        var items: [String: FormulaValue] = [:]
        for (key, value) in pairs {
            let key = try self.value(of: key)
            guard case .string(let name) = key else { throw failure("a map's key is no \(key.kind)", at: place) }
            items[name] = try self.value(of: value)
        }
        return try map(items, at: place)
    }

    /// A slice's bound, if it is given.
    private mutating func bound(_ id: FormulaTree.ID?) throws(FormulaError) -> Int? {
        guard let id else { return nil }
        return try int(try value(of: id), at: tree.places[id])
    }

    /// An array that is paid for.
    mutating func array(_ items: [FormulaValue], at place: FormulaError.Place) throws(FormulaError) -> FormulaValue {
        try budget.make(items.count, at: place)
        let array = FormulaArray(items)
        guard array.depth <= FormulaBudget.mostDepth else { throw Self.tooDeep(at: place) }
        return .array(array)
    }

    /// A map that is paid for.
    mutating func map(
        _ items: [String: FormulaValue],
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        try budget.make(items.count, at: place)
        let map = FormulaMap(items)
        guard map.depth <= FormulaBudget.mostDepth else { throw Self.tooDeep(at: place) }
        return .map(map)
    }

    /// A string that is paid for.
    mutating func string(_ text: String, at place: FormulaError.Place) throws(FormulaError) -> FormulaValue {
        try budget.make(text.utf8.count, at: place)
        return .string(text)
    }

    /// The error for arrays in arrays in arrays.
    private static func tooDeep(at place: FormulaError.Place) -> FormulaError {
        FormulaError(.limit, "arrays are nested more than \(FormulaBudget.mostDepth) levels deep", at: place)
    }
}
