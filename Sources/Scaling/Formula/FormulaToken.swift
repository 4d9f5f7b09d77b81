/// A word, literal or sign of a formula.
struct FormulaToken: Sendable {
    /// What it is.
    enum Kind: Sendable, Hashable {
        /// A name that is no keyword.
        case name(String)
        /// A literal without fraction.
        case integer(Int)
        /// A literal with fraction or exponent.
        case float(Double)
        /// What stood between quotation marks.
        case string(String)
        /// An operator, a bracket, or a keyword.
        case symbol(String)
        /// After the last one.
        case end
    }

    /// Words that are operators, so no names.
    static let keywords: Set<String> = [
        "in", "or", "and", "not", "matches", "contains", "startsWith", "endsWith", "let", "if", "else",
    ]

    /// What it is.
    let kind: Kind
    /// Where it starts.
    let place: FormulaError.Place

    /// Whether it is this operator, bracket or keyword.
    func isSymbol(_ symbol: String) -> Bool { kind == .symbol(symbol) }

    /// For errors.
    var description: String {
        switch kind {
        case .name(let text), .symbol(let text), .string(let text): FormulaError.quote(text)
        case .integer(let number): "\(number)"
        case .float(let number): "\(number)"
        case .end: "the end of the formula"
        }
    }
}
