/// An operator between two operands.
///
/// - Source: expr-lang, `parser/operator/operator.go`: the higher precedence binds more tightly.
enum FormulaOperator: String, Sendable {
    case or = "||"
    case and = "&&"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case greater = ">"
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case isIn = "in"
    case contains
    case startsWith
    case endsWith
    case range = ".."
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
    case power = "**"
    case coalesce = "??"

    /// How tightly `not` and `!` bind.
    static let notPrecedence = 50
    /// How tightly a sign binds: less than a power, so that `-2 ** 2` is -4.
    static let signPrecedence = 90

    /// Reads an operator's sign or word.
    init?(symbol: String) {
        switch symbol {
        case "or": self = .or
        case "and": self = .and
        case "^": self = .power
        default: self.init(rawValue: symbol)
        }
    }

    /// How tightly it binds.
    var precedence: Int {
        switch self {
        case .or: 10
        case .and: 15
        case .equal, .notEqual, .less, .greater, .lessOrEqual, .greaterOrEqual: 20
        case .isIn, .contains, .startsWith, .endsWith: 20
        case .range: 25
        case .add, .subtract: 30
        case .multiply, .divide, .remainder: 60
        case .power: 100
        case .coalesce: 500
        }
    }

    /// Whether `a op b op c` is `a op (b op c)`.
    var isRightAssociative: Bool { self == .power }

    /// Whether `a op b op c` is `a op b and b op c`.
    var isOrder: Bool { [.less, .greater, .lessOrEqual, .greaterOrEqual].contains(self) }

    /// Whether `not` may stand before it.
    var takesNot: Bool { [.isIn, .contains, .startsWith, .endsWith].contains(self) }
}
