/// What an expression gives while it runs.
enum FormulaValue: Sendable {
    case nothing
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case array(FormulaArray)
    case map(FormulaMap)

    /// The name of its type, as users know it.
    var kind: String {
        switch self {
        case .nothing: "nil"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .string: "string"
        case .array: "array"
        case .map: "map"
        }
    }

    /// How deep arrays and maps stand in it.
    var depth: Int {
        switch self {
        case .array(let array): array.depth
        case .map(let map): map.depth
        case .nothing, .bool, .int, .float, .string: 0
        }
    }

    /// The number, whichever kind it is.
    var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .float(let value): value
        case .nothing, .bool, .string, .array, .map: nil
        }
    }

    /// Whether it is nil.
    var isNothing: Bool { if case .nothing = self { true } else { false } }
}

/// A list of values that knows how deep it is, so that walking it is bounded.
struct FormulaArray: Sendable {
    /// Its items.
    let items: [FormulaValue]
    /// 1 if no item is an array or a map.
    let depth: Int

    /// Takes items.
    init(_ items: [FormulaValue]) {
        self.items = items
        self.depth = 1 + (items.lazy.map(\.depth).max() ?? 0)
    }
}

/// Values by name, as deep as its deepest value and one.
struct FormulaMap: Sendable {
    /// Its values.
    let items: [String: FormulaValue]
    /// 1 if no value is an array or a map.
    let depth: Int

    /// Takes values.
    init(_ items: [String: FormulaValue]) {
        self.items = items
        self.depth = 1 + (items.values.lazy.map(\.depth).max() ?? 0)
    }
}
