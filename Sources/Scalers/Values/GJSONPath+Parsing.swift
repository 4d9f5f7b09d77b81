extension GJSONPath {
    /// Reads a path.
    ///
    /// - Throws: ``ValueProblem``, which completes the sentence "parameter … ".
    init(_ text: String) throws(ValueProblem) {
        guard text.utf8.count <= Self.lengthLimit else {
            throw ValueProblem("must have at most \(Self.lengthLimit) bytes")
        }
        guard !text.hasPrefix("..") else { throw ValueProblem("must not begin with .., JSON lines are not read") }
        var scanner = GJSONScanner(text)
        self.init(try scanner.stages(depth: 0), text: text)
        guard scanner.isAtEnd else { throw ValueProblem("has a query that does not end") }
    }
}

/// Walks over the text of a path.
private struct GJSONScanner {
    /// How many queries may stand in each other.
    static let deepest = 8
    /// GJSON's own modifiers; `@` before any other name is part of a key.
    static let modifiers: Set<String> = [
        "dig", "flatten", "fromstr", "group", "join", "keys", "pretty", "reverse", "this", "tostr", "ugly", "valid",
        "values",
    ]

    /// What is not read yet.
    private var rest: Substring.UnicodeScalarView

    /// Starts at the front.
    init(_ text: String) {
        self.rest = Substring(text).unicodeScalars
    }

    /// Whether all is read.
    var isAtEnd: Bool { rest.isEmpty }

    /// Reads stages up to the end, or inside a query up to its operator or its bracket.
    mutating func stages(depth: Int) throws(ValueProblem) -> [[GJSONPath.Step]] {
        var stages: [[GJSONPath.Step]] = [[]]
        while true {
            stages[stages.count - 1].append(try step(depth: depth))
            if take("|") {
                stages.append([])
            } else if !take(".") {
                return stages
            }
        }
    }

    /// Reads one step.
    private mutating func step(depth: Int) throws(ValueProblem) -> GJSONPath.Step {
        guard rest.first == "#" else { return .member(try name(depth: depth)) }
        let afterMark = rest.dropFirst()
        switch afterMark.first {
        case nil, ".", "|":
            rest = afterMark
            return .elements
        case let next? where depth > 0 && Self.endsName(next):
            rest = afterMark
            return .elements
        case "(":
            rest = afterMark.dropFirst()
            let query = try query(depth: depth + 1)
            return take("#") ? .all(query) : .first(query)
        default: return .member(try name(depth: depth))
        }
    }

    /// Reads a key, an index or a pattern of keys.
    private mutating func name(depth: Int) throws(ValueProblem) -> Wildcard {
        try refuseForeignSyntax()
        var signs: [Wildcard.Sign] = []
        while let next = rest.first, next != ".", next != "|", depth == 0 || !Self.endsName(next) {
            rest.removeFirst()
            switch next {
            case "\\":
                // A last one stands for nothing.
                if let escaped = rest.popFirst() { signs.append(.scalar(escaped)) }
            case "*": signs.append(.many)
            case "?": signs.append(.one)
            default: signs.append(.scalar(next))
            }
        }
        return try bounded(Wildcard(signs))
    }

    /// Refuses what GJSON has besides paths, where a step begins with it.
    private func refuseForeignSyntax() throws(ValueProblem) {
        switch rest.first {
        case "{", "[", "!": throw ValueProblem("has a multipath or a literal, which are not supported; name one value")
        case "@":
            let name = String(String.UnicodeScalarView(rest.dropFirst().prefix { $0.properties.isAlphabetic }))
            if Self.modifiers.contains(name) {
                throw ValueProblem("has the modifier @\(name), which is not supported")
            }
        default: break
        }
    }

    /// Reads a query after its opening bracket, and that bracket's end.
    private mutating func query(depth: Int) throws(ValueProblem) -> GJSONQuery {
        guard depth <= Self.deepest else { throw ValueProblem("has too many queries in each other") }
        skipSpace()
        var path: GJSONPath?
        if let next = rest.first, !Self.endsName(next) { path = GJSONPath(try stages(depth: depth), text: "") }
        skipSpace()
        let test = try test()
        skipSpace()
        guard take(")"), path != nil || test != .exists else {
            throw ValueProblem("has a query that is not of the form #(key==value)")
        }
        return GJSONQuery(path, test)
    }

    /// Reads an operator and what it compares with; none of them asks whether there is a value.
    private mutating func test() throws(ValueProblem) -> GJSONQuery.Test {
        if take("!=") { return .unequal(plain(try operand())) }
        if take("!%") { return .unlike(try bounded(Wildcard(parsing: try operand()))) }
        if take("==") || take("=") { return .equal(plain(try operand())) }
        if take("<=") { return .lessOrEqual(plain(try operand())) }
        if take("<") { return .less(plain(try operand())) }
        if take(">=") { return .greaterOrEqual(plain(try operand())) }
        if take(">") { return .greater(plain(try operand())) }
        if take("%") { return .like(try bounded(Wildcard(parsing: try operand()))) }
        return .exists
    }

    /// Reads what is compared with: a text in quotes, or all up to the bracket; escapes stay.
    private mutating func operand() throws(ValueProblem) -> String {
        skipSpace()
        var text = String.UnicodeScalarView()
        if rest.first == "~" { throw ValueProblem("has a comparison with ~, which is not supported") }
        guard take("\"") else {
            while let next = rest.first, next != ")" {
                text.append(next)
                rest.removeFirst()
            }
            while text.last?.properties.isWhitespace == true { text.removeLast() }
            return String(text)
        }
        while let next = rest.popFirst(), next != "\"" {
            text.append(next)
            if next == "\\", let escaped = rest.popFirst() { text.append(escaped) }
        }
        return String(text)
    }

    /// A text without the escapes of quotes and of themselves.
    private func plain(_ text: String) -> String {
        text.replacing(#/\\(["\\])/#) { String($0.output.1) }
    }

    /// A pattern that can be matched in bearable time.
    private func bounded(_ pattern: Wildcard) throws(ValueProblem) -> Wildcard {
        guard pattern.literal != nil || pattern.signs.count <= Wildcard.limit else {
            throw ValueProblem("has a pattern of more than \(Wildcard.limit) characters")
        }
        return pattern
    }

    /// Whether a sign ends a name inside a query.
    private static func endsName(_ sign: Unicode.Scalar) -> Bool {
        "!=<>%)".unicodeScalars.contains(sign) || sign.properties.isWhitespace
    }

    /// Takes a mark if it comes next.
    private mutating func take(_ mark: String) -> Bool {
        guard rest.starts(with: mark.unicodeScalars) else { return false }
        rest.removeFirst(mark.unicodeScalars.count)
        return true
    }

    /// Drops white space.
    private mutating func skipSpace() {
        rest = rest.drop { $0.properties.isWhitespace }
    }
}
