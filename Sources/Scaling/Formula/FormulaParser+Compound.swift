extension FormulaParser {
    /// Reads `let name = value; body`.
    mutating func declaration() throws(FormulaError) -> FormulaTree.ID {
        try expect("let")
        let place = current.place
        let name = try expectName("a name")
        try checkIsNew(name, at: place)
        try expect("=")
        let value = try expression()
        try expect(";")
        let slot = tree.addSlot()
        locals.append((name, slot, value))
        let body = try sequence()
        locals.removeLast()
        return try tree.add(.declaration(slot: slot, value: value, body: body), at: place)
    }

    /// Sees that a name means nothing yet.
    private func checkIsNew(_ name: String, at place: FormulaError.Place) throws(FormulaError) {
        let what: String
        if triggers.contains(name) {
            what = "a trigger"
        } else if FormulaFunction(rawValue: name) != nil || FormulaFunction.unsupported.contains(name) {
            what = "a function"
        } else if locals.contains(where: { $0.name == name }) {
            what = "a variable"
        } else {
            return
        }
        throw FormulaError(.syntax, "\(FormulaError.quote(name)) is \(what) already, take another name", at: place)
    }

    /// Reads `if condition { one } else { other }`.
    mutating func choice() throws(FormulaError) -> FormulaTree.ID {
        let place = current.place
        try expect("if")
        let condition = try expression()
        let one = try block()
        try expect("else")
        // Through `expression`, so that a ladder of them counts as depth.
        let other = current.isSymbol("if") ? try expression() : try block()
        return try tree.add(.conditional(condition, one, other), at: place)
    }

    /// Reads `{ expressions }`.
    private mutating func block() throws(FormulaError) -> FormulaTree.ID {
        try expect("{")
        let body = try sequence()
        try expect("}")
        return body
    }

    /// Reads `? one : other` after a condition; `a ?: b` is `a ? a : b`.
    mutating func ternary(_ first: FormulaTree.ID) throws(FormulaError) -> FormulaTree.ID {
        var condition = first
        while current.isSymbol("?") {
            let place = current.place
            advance()
            let one = current.isSymbol(":") ? condition : try expression()
            try expect(":")
            condition = try tree.add(.conditional(condition, one, try expression()), at: place)
        }
        return condition
    }

    /// Reads a call's arguments, after its name and what a pipe hands over.
    mutating func call(
        _ name: String,
        at place: FormulaError.Place,
        first: FormulaTree.ID?
    ) throws(FormulaError) -> FormulaTree.ID {
        let function = try function(name, at: place)
        try expect("(")
        guard function.predicate == .none else { return try predicateCall(function, first, at: place) }
        var arguments = [first].compactMap(\.self)
        while !current.isSymbol(")") {
            arguments.append(try expression())
            guard take(",") else { break }
        }
        try expect(")")
        return try tree.add(.call(function, arguments, predicate: nil), at: place)
    }

    /// The function of that name.
    private func function(_ name: String, at place: FormulaError.Place) throws(FormulaError) -> FormulaFunction {
        let quoted = FormulaError.quote(name)
        if triggers.contains(name) || locals.contains(where: { $0.name == name }) {
            let hint = FormulaFunction(rawValue: name) == nil ? "" : "; the trigger hides the function, rename it"
            throw FormulaError(.mismatchedTypes, "\(quoted) is a value, it cannot be called\(hint)", at: place)
        }
        if FormulaFunction.unsupported.contains(name) {
            throw FormulaError(.unsupported, "\(name): formulas do not have this function of expr", at: place)
        }
        guard let function = FormulaFunction(rawValue: name) else {
            let near = NearestName.find(name, among: FormulaFunction.allCases.map(\.rawValue))
            let hint = near.map { ", did you mean \($0)?" } ?? ""
            throw FormulaError(.unknownName, "unknown function \(quoted)\(hint)", at: place)
        }
        return function
    }

    /// Reads the arguments of a function that does something for each item.
    private mutating func predicateCall(
        _ function: FormulaFunction,
        _ first: FormulaTree.ID?,
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaTree.ID {
        let collection: FormulaTree.ID
        if let first {
            collection = first
        } else {
            collection = try expression()
            if !current.isSymbol(")") { try expect(",") }
        }
        var arguments = [collection]
        var body: FormulaTree.ID?
        if !current.isSymbol(")") {
            body = try predicate(of: function, over: collection)
            if function.takesMore, take(","), !current.isSymbol(")") { arguments.append(try expression()) }
        } else if function.predicate == .required {
            throw unexpected("expected what \(function.rawValue) does with each item, such as {# > 1}")
        }
        _ = take(",")
        try expect(")")
        return try tree.add(.call(function, arguments, predicate: body), at: place)
    }

    /// Reads what is done with each item, in braces or without.
    private mutating func predicate(
        of function: FormulaFunction,
        over collection: FormulaTree.ID
    ) throws(FormulaError) -> FormulaTree.ID {
        predicates.append((function, collection))
        defer { predicates.removeLast() }
        guard current.isSymbol("{") else { return try expression() }
        return try block()
    }
}
