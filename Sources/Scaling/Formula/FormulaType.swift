/// What is known of a value before the formula runs.
indirect enum FormulaType: Sendable, Hashable {
    /// It may be anything, so it is checked while the formula runs.
    case unknown
    case nothing
    case bool
    case int
    case float
    case string
    case array(FormulaType)
    case map

    /// Whether it is a number for sure.
    var isNumber: Bool { self == .int || self == .float }

    /// Whether it is an array for sure.
    var isArray: Bool { if case .array = self { true } else { false } }

    /// What an item of it is.
    var element: FormulaType { if case .array(let element) = self { element } else { .unknown } }

    /// Whether a value of this type is one of the other.
    func fits(_ other: FormulaType) -> Bool {
        switch (self, other) {
        case (.unknown, _), (_, .unknown), (.nothing, _): false
        case (.array, .array): true
        default: self == other
        }
    }

    /// Whether two values can be equal.
    func isComparable(to other: FormulaType) -> Bool {
        [self, other].contains(.unknown) || [self, other].contains(.nothing) || (isNumber && other.isNumber)
            || fits(other)
    }

    /// For errors.
    var name: String {
        switch self {
        case .unknown: "any"
        case .nothing: "nil"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .string: "string"
        case .array: "array"
        case .map: "map"
        }
    }
}
