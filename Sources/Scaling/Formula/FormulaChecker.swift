/// Finds the type of every node, and what cannot work.
///
/// What is not known before the formula runs is let through.
///
/// - Source: expr-lang, `checker/checker.go`.
struct FormulaChecker {
    /// What is checked.
    let tree: FormulaTree
    /// The types of the nodes so far.
    private(set) var types: [FormulaType] = []

    /// Checks a whole tree.
    ///
    /// - Returns: the type of each node.
    /// - Throws: `.mismatchedTypes`.
    /// - Complexity: linear, and without recursion, since operands stand before what is made of them.
    static func types(of tree: FormulaTree) throws(FormulaError) -> [FormulaType] {
        var checker = FormulaChecker(tree: tree)
        for (node, place) in zip(tree.nodes, tree.places) {
            checker.types.append(try checker.type(of: node, at: place))
        }
        return checker.types
    }

    /// The error for what does not fit.
    func mismatch(_ message: String, at place: FormulaError.Place) -> FormulaError {
        FormulaError(.mismatchedTypes, message, at: place)
    }

    /// The type of a node whose operands are known.
    private func type(of node: FormulaTree.Node, at place: FormulaError.Place) throws(FormulaError) -> FormulaType {
        switch node {
        case .constant(let value): return Self.type(of: value)
        case .trigger: return .float
        case .environment: return .map
        case .local(_, let value): return types[value]
        case .element(let collection): return types[collection].element
        case .index: return .int
        case .accumulator: return .unknown
        case .negation(let id), .plus(let id): return try signed(types[id], at: place)
        case .not(let id):
            guard [.bool, .unknown].contains(types[id]) else {
                throw mismatch("not needs a bool, not \(types[id].name)", at: place)
            }
            return .bool
        case .binary(let operation, let left, let right):
            return try binary(operation, types[left], types[right], at: place)
        case .conditional(let condition, let one, let other):
            guard [.bool, .unknown].contains(types[condition]) else {
                throw mismatch("the condition is no bool but \(types[condition].name)", at: tree.places[condition])
            }
            return Self.either(types[one], types[other])
        case .array(let ids): return .array(Self.common(ids.map { types[$0] }))
        case .map: return .map
        case .member(let base, let key, _): return try member(of: base, key: key, at: place)
        case .slice(let base, let from, let to): return try slice(of: base, [from, to], at: place)
        case .call(let function, let ids, let predicate):
            let arguments = ids.map { types[$0] }
            guard function.predicate == .none else {
                return try predicateCall(function, arguments, predicate.map { types[$0] }, at: place)
            }
            return try call(function, arguments, at: place)
        case .declaration(_, _, let body): return types[body]
        case .sequence(let ids): return ids.last.map { types[$0] } ?? .nothing
        }
    }

    /// A literal's type.
    private static func type(of value: FormulaValue) -> FormulaType {
        switch value {
        case .nothing: .nothing
        case .bool: .bool
        case .int: .int
        case .float: .float
        case .string: .string
        case .array: .array(.unknown)
        case .map: .map
        }
    }

    /// The type of a number with a sign.
    private func signed(_ type: FormulaType, at place: FormulaError.Place) throws(FormulaError) -> FormulaType {
        guard type.isNumber || type == .unknown else {
            throw mismatch("a sign needs a number, not \(type.name)", at: place)
        }
        return type
    }

    /// The type of `c ? one : other`.
    private static func either(_ one: FormulaType, _ other: FormulaType) -> FormulaType {
        if one == .nothing { return other }
        if other == .nothing { return one }
        guard one.fits(other) else { return .unknown }
        return one == other ? one : .array(.unknown)
    }

    /// What items of a literal are, if all are the same.
    private static func common(_ types: [FormulaType]) -> FormulaType {
        guard let first = types.first, types.allSatisfy({ $0 == first }) else { return .unknown }
        return first
    }

    /// The type of an item or a field.
    private func member(
        of base: FormulaTree.ID,
        key: FormulaTree.ID,
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaType {
        let constant: String? = if case .constant(.string(let name)) = tree.nodes[key] { name } else { nil }
        if case .environment = tree.nodes[base], let constant { return try environment(constant, at: place) }
        switch types[base] {
        case .unknown:
            return .unknown
        case .map where [.string, .unknown].contains(types[key]):
            return .unknown
        case .array(let element) where [.int, .unknown].contains(types[key]):
            return element
        case .array:
            throw mismatch("an array's items are chosen by int, not \(types[key].name)", at: place)
        case .map:
            throw mismatch("a map's values are chosen by string, not \(types[key].name)", at: place)
        case .nothing, .bool, .int, .float, .string:
            let what = constant.map { "fields such as \(FormulaError.quote($0))" } ?? "items"
            throw mismatch("\(types[base].name) has no \(what)", at: place)
        }
    }

    /// The type of `$env["name"]`.
    private func environment(_ name: String, at place: FormulaError.Place) throws(FormulaError) -> FormulaType {
        guard tree.triggers.contains(name) else {
            let near = NearestName.find(name, among: tree.triggers.sorted())
            let hint = near.map { ", did you mean \(FormulaError.quote($0))?" } ?? ""
            throw FormulaError(.unknownName, "unknown name \(FormulaError.quote(name))\(hint)", at: place)
        }
        return .float
    }

    /// The type of a part of a string or an array.
    private func slice(
        of base: FormulaTree.ID,
        _ bounds: [FormulaTree.ID?],
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaType {
        guard types[base].isArray || [.string, .unknown].contains(types[base]) else {
            throw mismatch("\(types[base].name) has no parts", at: place)
        }
        for bound in bounds.compactMap(\.self) where ![.int, .unknown].contains(types[bound]) {
            throw mismatch("a part's bounds are int, not \(types[bound].name)", at: tree.places[bound])
        }
        return types[base]
    }
}
