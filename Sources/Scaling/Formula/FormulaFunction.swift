/// A function that formulas have.
///
/// - Source: expr-lang, `docs/language-definition.md` and `builtin/builtin.go`.
enum FormulaFunction: String, Sendable, CaseIterable {
    // With something to do for each item.
    case all
    case none
    case any
    case one
    case filter
    case map
    case count
    case sum
    case find
    case findIndex
    case findLast
    case findLastIndex
    case sortBy
    case reduce
    // Numbers.
    case abs
    case ceil
    case floor
    case round
    case int
    case float
    case max
    case min
    case mean
    case median
    case bitand
    case bitor
    case bitxor
    case bitnand
    case bitshl
    case bitshr
    case bitushr
    case bitnot
    // Arrays and maps.
    case len
    case first
    case last
    case get
    case take
    case reverse
    case uniq
    case concat
    case flatten
    case sort
    case keys
    case values
    // Strings.
    case string
    case type
    case trim
    case trimPrefix
    case trimSuffix
    case upper
    case lower
    case split
    case splitAfter
    case replace
    case `repeat`
    case join
    case indexOf
    case lastIndexOf
    case hasPrefix
    case hasSuffix

    /// Functions of expr that formulas do not have: they need a clock, or make nothing that becomes a number.
    static let unsupported: Set<String> = [
        "now", "date", "duration", "timezone", "toJSON", "fromJSON", "toBase64", "fromBase64", "toPairs", "fromPairs",
        "groupBy",
    ]

    /// What the second argument is: a predicate that must be there, or may be, or none.
    enum Predicate: Sendable {
        case none
        case optional
        case required
    }

    /// Whether it does something for each item.
    var predicate: Predicate {
        switch self {
        case .all, .none, .any, .one, .filter, .map, .find, .findIndex, .findLast, .findLastIndex: .required
        case .sortBy, .reduce: .required
        case .count, .sum: .optional
        default: .none
        }
    }

    /// Whether an argument may follow the predicate.
    var takesMore: Bool { self == .sortBy || self == .reduce }

    /// The variables of its predicate besides `#`.
    var pointers: [String] {
        switch self {
        case .map: ["index"]
        case .reduce: ["index", "acc"]
        default: []
        }
    }
}
