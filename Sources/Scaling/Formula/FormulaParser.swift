/// Makes a tree of a formula's tokens, and finds what each name means.
///
/// - Source: expr-lang, `parser/parser.go` and `docs/language-definition.md`.
struct FormulaParser {
    /// What has been read.
    private let tokens: [FormulaToken]
    /// The next token's place in them.
    private var position = 0
    /// How many expressions are open.
    private var depth = 0
    /// What is made.
    var tree: FormulaTree
    /// What `let` has declared around here, the innermost last.
    var locals: [(name: String, slot: Int, value: FormulaTree.ID)] = []
    /// The predicates around here: of which function, over which collection.
    var predicates: [(function: FormulaFunction, collection: FormulaTree.ID)] = []

    /// Reads a text's tokens.
    ///
    /// - Throws: `.syntax`.
    init(_ text: String, triggers: [String]) throws(FormulaError) {
        self.tokens = try FormulaLexer.tokens(of: text)
        self.tree = FormulaTree(triggers: triggers)
    }

    /// The names of the triggers.
    var triggers: Set<String> { tree.triggers }

    /// The token that is read next.
    var current: FormulaToken { tokens[position] }

    /// The one after it.
    private var following: FormulaToken { tokens[min(position + 1, tokens.count - 1)] }

    /// Goes on to the next token; the end stays.
    mutating func advance() {
        position = min(position + 1, tokens.count - 1)
    }

    /// Takes a symbol if it is there.
    mutating func take(_ symbol: String) -> Bool {
        guard current.isSymbol(symbol) else { return false }
        advance()
        return true
    }

    /// Takes a symbol that must be there.
    mutating func expect(_ symbol: String) throws(FormulaError) {
        guard take(symbol) else { throw unexpected("expected \"\(symbol)\"") }
    }

    /// Takes a name that must be there.
    mutating func expectName(_ what: String) throws(FormulaError) -> String {
        guard case .name(let name) = current.kind else { throw unexpected("expected \(what)") }
        advance()
        return name
    }

    /// Sees that nothing is left.
    func expectEnd() throws(FormulaError) {
        guard current.kind == .end else { throw unexpected(nil) }
    }

    /// The error for a token that cannot stand here.
    func unexpected(_ hint: String?) -> FormulaError {
        let what = current.kind == .end ? "the formula ends too early" : "unexpected \(current.description)"
        return FormulaError(.syntax, what + (hint.map { ", \($0)" } ?? ""), at: current.place)
    }

    /// Reads expressions between semicolons; the last one counts.
    mutating func sequence() throws(FormulaError) -> FormulaTree.ID {
        let place = current.place
        var ids = [try expression()]
        while take(";"), current.kind != .end { ids.append(try expression()) }
        return ids.count == 1 ? ids[0] : try tree.add(.sequence(ids), at: place)
    }

    /// Reads an expression whose operators bind at least so tightly.
    ///
    /// From 0 on these are all operators, pipes, `let`, `if` and `? :`.
    mutating func expression(_ precedence: Int = 0) throws(FormulaError) -> FormulaTree.ID {
        depth += 1
        defer { depth -= 1 }
        guard depth <= FormulaTree.mostLevels else { throw FormulaTree.tooDeep(at: current.place) }
        if precedence == 0 {
            if current.isSymbol("let") { return try declaration() }
            if current.isSymbol("if") { return try choice() }
        }
        let left = try operators(after: try primary(), precedence)
        return precedence == 0 ? try ternary(left) : left
    }

    /// Reads operators and their right operands as long as they bind tightly enough.
    private mutating func operators(
        after first: FormulaTree.ID,
        _ precedence: Int
    ) throws(FormulaError) -> FormulaTree.ID {
        var left = first
        var isCoalesced = false
        while case .symbol(let symbol) = current.kind {
            if symbol == "|" {
                guard precedence == 0 else { break }
                advance()
                let place = current.place
                left = try call(try expectName("a function"), at: place, first: left)
                isCoalesced = false
                continue
            }
            guard let (operation, place, isNegated) = try operation(atLeast: precedence) else { break }
            guard !isCoalesced || operation == .coalesce else {
                throw FormulaError(.syntax, "\"\(symbol)\" and ?? cannot be mixed; put one in parentheses", at: place)
            }
            isCoalesced = operation == .coalesce
            left = operation.isOrder ? try comparison(left, operation, place) : try binary(left, operation, place)
            if isNegated { left = try tree.add(.not(left), at: place) }
        }
        return left
    }

    /// Takes an operator, with a `not` before it, if it binds tightly enough.
    private mutating func operation(
        atLeast precedence: Int
    ) throws(FormulaError) -> (FormulaOperator, FormulaError.Place, isNegated: Bool)? {
        let isNegated = current.isSymbol("not")
        let token = isNegated ? following : current
        guard case .symbol(let symbol) = token.kind else {
            if isNegated { throw unexpected(nil) }
            return nil
        }
        guard symbol != "matches" else {
            throw FormulaError(.unsupported, "matches: formulas have no regular expressions", at: token.place)
        }
        guard let operation = FormulaOperator(symbol: symbol), !isNegated || operation.takesNot else {
            if isNegated { throw unexpected(nil) }
            return nil
        }
        guard operation.precedence >= precedence else { return nil }
        if isNegated { advance() }
        advance()
        return (operation, token.place, isNegated)
    }

    /// Reads the right operand of an operator.
    private mutating func binary(
        _ left: FormulaTree.ID,
        _ operation: FormulaOperator,
        _ place: FormulaError.Place
    ) throws(FormulaError) -> FormulaTree.ID {
        let right = try expression(operation.precedence + (operation.isRightAssociative ? 0 : 1))
        return try tree.add(.binary(operation, left, right), at: place)
    }

    /// Reads `< b`, or a chain of them: `a < b < c` is `a < b and b < c`.
    private mutating func comparison(
        _ first: FormulaTree.ID,
        _ operation: FormulaOperator,
        _ place: FormulaError.Place
    ) throws(FormulaError) -> FormulaTree.ID {
        var (left, operation, place) = (first, operation, place)
        var chain: FormulaTree.ID?
        while true {
            let right = try expression(operation.precedence + 1)
            let link = try tree.add(.binary(operation, left, right), at: place)
            chain = if let chain { try tree.add(.binary(.and, chain, link), at: place) } else { link }
            guard case .symbol(let symbol) = current.kind, let next = FormulaOperator(symbol: symbol), next.isOrder
            else { return chain ?? link }
            (left, operation, place) = (right, next, current.place)
            advance()
        }
    }
}
