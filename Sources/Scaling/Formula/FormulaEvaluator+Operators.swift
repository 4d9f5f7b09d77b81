internal import Foundation

extension FormulaEvaluator {
    /// An operator's result; the right operand is looked at only if it counts.
    mutating func binary(
        _ operation: FormulaOperator,
        _ left: FormulaValue,
        _ right: FormulaTree.ID,
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        switch operation {
        case .coalesce: return left.isNothing ? try value(of: right) : left
        case .and: return try bool(left, at: place) ? .bool(try bool(try value(of: right), at: place)) : .bool(false)
        case .or: return try bool(left, at: place) ? .bool(true) : .bool(try bool(try value(of: right), at: place))
        default: break
        }
        let right = try value(of: right)
        switch operation {
        case .equal: return .bool(try isEqual(left, right, at: place))
        case .notEqual: return .bool(!(try isEqual(left, right, at: place)))
        case .less, .greater, .lessOrEqual, .greaterOrEqual:
            return .bool(try compare(operation, left, right, at: place))
        case .isIn: return .bool(try isIn(left, right, at: place))
        case .contains, .startsWith, .endsWith: return .bool(try matches(operation, left, right, at: place))
        case .range: return try range(try int(left, at: place), try int(right, at: place), at: place)
        default: return try arithmetic(operation, left, right, at: place)
        }
    }

    /// A value that must be a bool.
    func bool(_ value: FormulaValue, at place: FormulaError.Place) throws(FormulaError) -> Bool {
        guard case .bool(let bool) = value else { throw failure("expected a bool, not \(value.kind)", at: place) }
        return bool
    }

    /// A value that must be an integer; the fraction of a float is cut off, as expr does for indices and ranges.
    func int(_ value: FormulaValue, at place: FormulaError.Place) throws(FormulaError) -> Int {
        switch value {
        case .int(let int): return int
        case .float(let float):
            guard let int = Int(exactly: float.rounded(.towardZero)) else {
                throw failure("\(float) does not fit an int", at: place)
            }
            return int
        case .nothing, .bool, .string, .array, .map: throw failure("expected an int, not \(value.kind)", at: place)
        }
    }

    /// Minus a number.
    func negative(_ value: FormulaValue, at place: FormulaError.Place) throws(FormulaError) -> FormulaValue {
        switch value {
        case .float(let number): return .float(-number)
        case .int(let number):
            guard number != .min else { throw failure("-(\(number)) is too large for an int", at: place) }
            return .int(-number)
        case .nothing, .bool, .string, .array, .map:
            throw failure("a sign needs a number, not \(value.kind)", at: place)
        }
    }

    /// Whether two values are the same; numbers are compared by value, whatever their kind.
    mutating func isEqual(
        _ left: FormulaValue,
        _ right: FormulaValue,
        at place: FormulaError.Place
    ) throws(FormulaError) -> Bool {
        try budget.spend(at: place)
        switch (left, right) {
        case (.nothing, .nothing): return true
        case (.bool(let one), .bool(let other)): return one == other
        case (.int(let one), .int(let other)): return one == other
        case (.string(let one), .string(let other)):
            try budget.spend(min(one.utf8.count, other.utf8.count), at: place)
            return one == other
        case (.array(let one), .array(let other)):
            guard one.items.count == other.items.count else { return false }
            for (item, against) in zip(one.items, other.items) {
                guard try isEqual(item, against, at: place) else { return false }
            }
            return true
        case (.map(let one), .map(let other)):
            guard one.items.count == other.items.count else { return false }
            for (key, item) in one.items {
                guard let against = other.items[key], try isEqual(item, against, at: place) else { return false }
            }
            return true
        default:
            guard let one = left.number, let other = right.number else { return false }
            return one == other
        }
    }

    /// `<` and its like, for two numbers or two strings.
    private mutating func compare(
        _ operation: FormulaOperator,
        _ left: FormulaValue,
        _ right: FormulaValue,
        at place: FormulaError.Place
    ) throws(FormulaError) -> Bool {
        if case .string(let one) = left, case .string(let other) = right {
            try budget.spend(min(one.utf8.count, other.utf8.count), at: place)
            return Self.holds(operation, one, other)
        }
        if case .int(let one) = left, case .int(let other) = right { return Self.holds(operation, one, other) }
        guard let one = left.number, let other = right.number else {
            throw mismatch(operation.rawValue, left, right, at: place)
        }
        return Self.holds(operation, one, other)
    }

    /// Whether two things stand in an order.
    private static func holds<Value: Comparable>(_ operation: FormulaOperator, _ one: Value, _ other: Value) -> Bool {
        switch operation {
        case .less: one < other
        case .greater: one > other
        case .lessOrEqual: one <= other
        default: one >= other
        }
    }

    /// `+ - * / % **`, and joining strings.
    mutating func arithmetic(
        _ operation: FormulaOperator,
        _ left: FormulaValue,
        _ right: FormulaValue,
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        if operation == .add, case .string(let one) = left, case .string(let other) = right {
            try budget.make(one.utf8.count + other.utf8.count, at: place)
            return .string(one + other)
        }
        if case .int(let one) = left, case .int(let other) = right,
            let (result, overflows) = Self.whole(operation, one, other)
        {
            guard !overflows else {
                let what = operation == .remainder ? "a division by zero" : "too large for an int"
                throw failure("\(one) \(operation.rawValue) \(other) is \(what)", at: place)
            }
            return .int(result)
        }
        guard let one = left.number, let other = right.number, operation != .remainder else {
            throw mismatch(operation.rawValue, left, right, at: place)
        }
        switch operation {
        case .add: return .float(one + other)
        case .subtract: return .float(one - other)
        case .multiply: return .float(one * other)
        case .divide:
            if other == 0, zeroDivision == nil { zeroDivision = place }
            return .float(one / other)
        default: return .float(pow(one, other))
        }
    }

    /// What operators between integers give that give an integer.
    private static func whole(
        _ operation: FormulaOperator,
        _ one: Int,
        _ other: Int
    ) -> (partialValue: Int, overflow: Bool)? {
        switch operation {
        case .add: one.addingReportingOverflow(other)
        case .subtract: one.subtractingReportingOverflow(other)
        case .multiply: one.multipliedReportingOverflow(by: other)
        case .remainder: other == -1 ? (0, false) : one.remainderReportingOverflow(dividingBy: other)
        default: nil
        }
    }

    /// The error for operands that do not fit.
    func mismatch(
        _ sign: String,
        _ left: FormulaValue,
        _ right: FormulaValue,
        at place: FormulaError.Place
    ) -> FormulaError {
        let hint = left.isNothing || right.isNothing ? "; say what counts instead of nil, such as (a ?? 0)" : ""
        return failure("\(sign) does not work on \(left.kind) and \(right.kind)\(hint)", at: place)
    }
}
