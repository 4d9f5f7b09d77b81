extension FormulaParser {
    /// Reads an operand: a literal, a name, a call, something in brackets, with signs before and members after it.
    mutating func primary() throws(FormulaError) -> FormulaTree.ID {
        let token = current
        switch token.kind {
        case .name(let name):
            advance()
            return try named(name, at: token.place)
        case .integer(let value):
            advance()
            return try tree.add(.constant(.int(value)), at: token.place)
        case .float(let value):
            advance()
            return try tree.add(.constant(.float(value)), at: token.place)
        case .string(let text):
            advance()
            return try postfix(try tree.add(.constant(.string(text)), at: token.place))
        case .symbol(let symbol):
            return try primary(symbol, at: token.place)
        case .end:
            throw unexpected(nil)
        }
    }

    /// Reads an operand that starts with a sign or a bracket.
    private mutating func primary(
        _ symbol: String,
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaTree.ID {
        switch symbol {
        case "-", "+":
            advance()
            let operand = try expression(FormulaOperator.signPrecedence)
            return try tree.add(symbol == "-" ? .negation(operand) : .plus(operand), at: place)
        case "!", "not":
            advance()
            return try tree.add(.not(try expression(FormulaOperator.notPrecedence)), at: place)
        case "(":
            advance()
            let inner = try sequence()
            try expect(")")
            return try postfix(inner)
        case "[":
            return try postfix(try array(at: place))
        case "{":
            return try postfix(try map(at: place))
        case "#", ".":
            return try postfix(try pointer(at: place))
        default:
            throw unexpected(nil)
        }
    }

    /// What a name stands for, or the call that it begins.
    private mutating func named(_ name: String, at place: FormulaError.Place) throws(FormulaError) -> FormulaTree.ID {
        switch name {
        case "true": return try tree.add(.constant(.bool(true)), at: place)
        case "false": return try tree.add(.constant(.bool(false)), at: place)
        case "nil": return try tree.add(.constant(.nothing), at: place)
        case "$env": return try postfix(try tree.add(.environment, at: place))
        default: break
        }
        if current.isSymbol("(") { return try postfix(try call(name, at: place, first: nil)) }
        if let local = locals.last(where: { $0.name == name }) {
            return try postfix(try tree.add(.local(slot: local.slot, value: local.value), at: place))
        }
        guard triggers.contains(name) else { throw unknown(name, at: place) }
        return try postfix(try tree.add(.trigger(name), at: place))
    }

    /// The error for a name that means nothing, with what may have been meant.
    private func unknown(_ name: String, at place: FormulaError.Place) -> FormulaError {
        if FormulaFunction(rawValue: name) != nil {
            return FormulaError(.unknownName, "\(name) is a function, write \(name)(…)", at: place)
        }
        let hint: String
        if let trigger = triggers.sorted().first(where: { $0.hasPrefix(name) && !Self.isName($0) }) {
            let quoted = FormulaError.quote(trigger)
            hint = "; the trigger \(quoted) is written $env[\(quoted)], since its name is no identifier"
        } else if let near = NearestName.find(name, among: triggers.sorted() + locals.map(\.name)) {
            hint = ", did you mean \(FormulaError.quote(near))?"
        } else if triggers.isEmpty {
            hint = "; no trigger that gives numbers has a name"
        } else {
            hint = "; names here are those of the triggers"
        }
        return FormulaError(.unknownName, "unknown name \(FormulaError.quote(name))\(hint)", at: place)
    }

    /// Whether a trigger's name can stand in a formula as it is.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return text.unicodeScalars.allSatisfy(FormulaLexer.isWord) && !FormulaToken.keywords.contains(text)
    }

    /// Reads `#`, `#index`, `#acc`, or the point of `.field`, which stands for `#.field`.
    private mutating func pointer(at place: FormulaError.Place) throws(FormulaError) -> FormulaTree.ID {
        guard let scope = predicates.last else {
            throw FormulaError(.syntax, "# and .field mean an item, so they stand inside {…} only", at: place)
        }
        guard take("#"), case .name(let name) = current.kind else {
            return try tree.add(.element(of: scope.collection), at: place)
        }
        advance()
        guard scope.function.pointers.contains(name) else {
            throw FormulaError(
                .unknownName,
                "#\(name) does not exist in \(scope.function.rawValue), there is "
                    + (["#"] + scope.function.pointers.map { "#\($0)" }).joined(separator: ", "),
                at: place
            )
        }
        return try tree.add(name == "acc" ? .accumulator : .index, at: place)
    }

    /// Reads `[a, b]`.
    private mutating func array(at place: FormulaError.Place) throws(FormulaError) -> FormulaTree.ID {
        try expect("[")
        var ids: [FormulaTree.ID] = []
        while !current.isSymbol("]") {
            ids.append(try expression())
            guard take(",") else { break }
        }
        try expect("]")
        return try tree.add(.array(ids), at: place)
    }

    /// Reads `{a: 1, "b": 2, (c): 3}`.
    private mutating func map(at place: FormulaError.Place) throws(FormulaError) -> FormulaTree.ID {
        try expect("{")
        var pairs: [(key: FormulaTree.ID, value: FormulaTree.ID)] = []
        while !current.isSymbol("}") {
            let key = try mapKey()
            try expect(":")
            pairs.append((key, try expression()))
            guard take(",") else { break }
        }
        try expect("}")
        return try tree.add(.map(pairs), at: place)
    }

    /// Reads a key: a name, a string, an integer, or an expression in parentheses.
    private mutating func mapKey() throws(FormulaError) -> FormulaTree.ID {
        let token = current
        switch token.kind {
        case .name(let text), .string(let text):
            advance()
            return try tree.add(.constant(.string(text)), at: token.place)
        case .integer(let number):
            advance()
            return try tree.add(.constant(.string("\(number)")), at: token.place)
        case .symbol("("):
            return try expression()
        case .float, .symbol, .end:
            throw unexpected("expected a key: a name, a string, an integer, or an expression in parentheses")
        }
    }

    /// Reads members, indices and slices after an operand.
    private mutating func postfix(_ operand: FormulaTree.ID) throws(FormulaError) -> FormulaTree.ID {
        var base = operand
        var isOptional = false
        while true {
            let place = current.place
            if current.isSymbol(".") || current.isSymbol("?.") {
                // Once a chain is optional its rest is too.
                isOptional = isOptional || current.isSymbol("?.")
                advance()
                guard isOptional, current.isSymbol("[") else {
                    base = try field(of: base, isOptional)
                    continue
                }
            }
            guard take("[") else { return base }
            base = try index(of: base, isOptional, at: place)
        }
    }

    /// Reads the name after a point.
    private mutating func field(
        of base: FormulaTree.ID,
        _ isOptional: Bool
    ) throws(FormulaError) -> FormulaTree.ID {
        let place = current.place
        let name: String
        if case .symbol(let word) = current.kind, FormulaToken.keywords.contains(word) {
            name = word
            advance()
        } else {
            name = try expectName("a field's name")
        }
        guard !current.isSymbol("(") else {
            throw FormulaError(.unsupported, "\(FormulaError.quote(name)): formulas have no methods", at: place)
        }
        let key = try tree.add(.constant(.string(name)), at: place)
        return try tree.add(.member(base, key: key, isOptional: isOptional), at: place)
    }

    /// Reads what follows `[`: an index, or a slice's bounds.
    private mutating func index(
        of base: FormulaTree.ID,
        _ isOptional: Bool,
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaTree.ID {
        let from: FormulaTree.ID? = current.isSymbol(":") ? nil : try expression()
        if let from, take("]") { return try tree.add(.member(base, key: from, isOptional: isOptional), at: place) }
        try expect(":")
        let to: FormulaTree.ID? = current.isSymbol("]") ? nil : try expression()
        try expect("]")
        return try tree.add(.slice(base, from: from, to: to), at: place)
    }
}
