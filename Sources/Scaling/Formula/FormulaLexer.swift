/// Cuts a formula into tokens.
///
/// - Source: expr-lang, `parser/lexer`.
struct FormulaLexer {
    /// Operators and brackets; of two that fit, the longer one stands first.
    private static let symbols =
        ["**", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", ".."]
        + "+-*/%^<>!?:;,.()[]{}|#=".map(String.init)

    /// The text.
    let scalars: [Unicode.Scalar]
    /// What is read next.
    var index = 0
    /// The line being read, from 1.
    private var line = 1
    /// Where that line starts.
    private var lineStart = 0

    /// Starts at the front.
    private init(_ text: String) {
        self.scalars = Array(text.unicodeScalars)
    }

    /// All tokens of a text; the last one is the end.
    ///
    /// - Throws: `.syntax`.
    /// - Complexity: linear.
    static func tokens(of text: String) throws(FormulaError) -> [FormulaToken] {
        var lexer = FormulaLexer(text)
        var tokens: [FormulaToken] = []
        repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
        return tokens
    }

    /// The scalar so many ahead, or `nil` after the last.
    func peek(_ distance: Int = 0) -> Unicode.Scalar? {
        index + distance < scalars.count ? scalars[index + distance] : nil
    }

    /// Takes scalars while they fit.
    mutating func take(while fits: (Unicode.Scalar) -> Bool) -> String {
        var text = String.UnicodeScalarView()
        while let scalar = peek(), fits(scalar) {
            text.append(scalar)
            index += 1
        }
        return String(text)
    }

    /// Takes one scalar, counting lines.
    mutating func advance() {
        if peek() == "\n" {
            line += 1
            lineStart = index + 1
        }
        index += 1
    }

    /// Where the next scalar stands.
    var place: FormulaError.Place { .init(line: line, column: index - lineStart + 1) }

    /// Whether a scalar may stand in a name.
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "$" || scalar.properties.isAlphabetic
            || scalar.properties.generalCategory == .decimalNumber
    }

    /// Reads the next token.
    private mutating func next() throws(FormulaError) -> FormulaToken {
        try skipSpace()
        let place = place
        return FormulaToken(kind: try kind(at: place), place: place)
    }

    /// Reads a token that starts at the next scalar.
    private mutating func kind(at place: FormulaError.Place) throws(FormulaError) -> FormulaToken.Kind {
        guard let scalar = peek() else { return .end }
        if scalar == "\"" || scalar == "'" || scalar == "`" { return .string(try string(until: scalar, from: place)) }
        if ("0"..."9").contains(scalar) { return try number(from: place) }
        if scalar == ".", let digit = peek(1), ("0"..."9").contains(digit) { return try number(from: place) }
        if Self.isWord(scalar) {
            let word = take(while: Self.isWord)
            return FormulaToken.keywords.contains(word) ? .symbol(word) : .name(word)
        }
        let ahead = [scalar, peek(1)].compactMap { $0.map { String($0) } }
        guard let symbol = Self.symbols.first(where: { $0 == ahead.joined() || $0 == ahead[0] }) else {
            throw FormulaError(.syntax, "unexpected character \(FormulaError.quote(ahead[0]))", at: place)
        }
        index += symbol.utf8.count
        return .symbol(symbol)
    }

    /// Skips white space and comments.
    private mutating func skipSpace() throws(FormulaError) {
        while let scalar = peek() {
            if scalar.properties.isWhitespace {
                advance()
            } else if scalar == "/", peek(1) == "/" {
                while let next = peek(), next != "\n" { advance() }
            } else if scalar == "/", peek(1) == "*" {
                let start = place
                index += 2
                while peek() != "*" || peek(1) != "/" {
                    guard peek() != nil else { throw FormulaError(.syntax, "the comment has no end", at: start) }
                    advance()
                }
                index += 2
            } else {
                return
            }
        }
    }
}
