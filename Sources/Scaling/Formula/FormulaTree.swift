/// A parsed formula: its nodes in one array, each after those it is made of.
///
/// The order lets the type check be a plain loop, and freeing a tree never recurses.
struct FormulaTree: Sendable {
    /// A node's place in the array.
    typealias ID = Int

    /// An operation and what it works on.
    enum Node: Sendable {
        /// A literal.
        case constant(FormulaValue)
        /// A trigger's value.
        case trigger(String)
        /// `$env`: all triggers by name.
        case environment
        /// What `let` called the value of another node.
        case local(slot: Int, value: ID)
        /// `#`: an item of a collection.
        case element(of: ID)
        /// `#index`: the place of that item.
        case index
        /// `#acc`: what `reduce` has gathered.
        case accumulator
        /// A minus before a number.
        case negation(ID)
        /// A plus before a number.
        case plus(ID)
        /// `not`, `!`.
        case not(ID)
        /// An operator between two operands.
        case binary(FormulaOperator, ID, ID)
        /// `condition ? one : other`, or `if condition { one } else { other }`.
        case conditional(ID, ID, ID)
        /// `[a, b]`.
        case array([ID])
        /// `{a: 1}`: keys and values.
        case map([(key: ID, value: ID)])
        /// `base[key]`, `base.key`; with `isOptional` a base of nil gives nil.
        case member(ID, key: ID, isOptional: Bool)
        /// `base[from:to]`.
        case slice(ID, from: ID?, to: ID?)
        /// A function; its arguments in order, and what it does with each item.
        case call(FormulaFunction, [ID], predicate: ID?)
        /// `let name = value; body`.
        case declaration(slot: Int, value: ID, body: ID)
        /// `a; b`.
        case sequence([ID])
    }

    /// How many nodes a formula may have, as in expr.
    static let mostNodes = 10_000
    /// How deep nodes may stand in one another; long sums are not deep.
    static let mostLevels = 200

    /// All nodes; the operands of each stand before it.
    private(set) var nodes: [Node] = []
    /// Where each stands in the text.
    private(set) var places: [FormulaError.Place] = []
    /// How many levels each has below it.
    private var heights: [Int] = []
    /// The names of the triggers.
    let triggers: Set<String>
    /// How many `let`s there are.
    private(set) var slots = 0

    /// Starts without nodes.
    init(triggers: [String]) {
        self.triggers = Set(triggers)
    }

    /// Adds a node.
    ///
    /// - Throws: `.limit`.
    mutating func add(_ node: Node, at place: FormulaError.Place) throws(FormulaError) -> ID {
        guard nodes.count < Self.mostNodes else {
            throw FormulaError(.limit, "the formula has more than \(Self.mostNodes) parts", at: place)
        }
        var height = 0
        if case .binary(_, let left, let right) = node {
            // The evaluator walks left operands in a loop, so they cost no level.
            height = max(heights[left], heights[right] + 1)
        } else {
            for child in Self.children(of: node) { height = max(height, heights[child] + 1) }
        }
        guard height <= Self.mostLevels else { throw Self.tooDeep(at: place) }
        nodes.append(node)
        places.append(place)
        heights.append(height)
        return nodes.count - 1
    }

    /// Makes room for one more `let`.
    mutating func addSlot() -> Int {
        slots += 1
        return slots - 1
    }

    /// The error for what is nested too deeply.
    static func tooDeep(at place: FormulaError.Place) -> FormulaError {
        FormulaError(.limit, "the formula is nested more than \(mostLevels) levels deep", at: place)
    }

    /// What a node is made of.
    private static func children(of node: Node) -> [ID] {
        switch node {
        case .constant, .trigger, .environment, .local, .element, .index, .accumulator: []
        case .negation(let id), .plus(let id), .not(let id): [id]
        case .binary(_, let left, let right): [left, right]
        case .conditional(let condition, let one, let other): [condition, one, other]
        case .array(let ids), .sequence(let ids): ids
        case .map(let pairs): pairs.flatMap { [$0.key, $0.value] }
        case .member(let base, let key, _): [base, key]
        case .slice(let base, let from, let to): [base] + [from, to].compactMap(\.self)
        case .call(_, let arguments, let predicate): arguments + [predicate].compactMap(\.self)
        case .declaration(_, let value, let body): [value, body]
        }
    }
}
