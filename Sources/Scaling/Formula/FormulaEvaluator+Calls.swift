extension FormulaEvaluator {
    /// Runs a function that looks at whole values.
    mutating func call(
        _ function: FormulaFunction,
        _ arguments: [FormulaValue],
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        switch function {
        case .abs: return try number(arguments[0], at: place) < 0 ? try negative(arguments[0], at: place) : arguments[0]
        case .ceil: return .float(try number(arguments[0], at: place).rounded(.up))
        case .floor: return .float(try number(arguments[0], at: place).rounded(.down))
        case .round: return .float(try number(arguments[0], at: place).rounded(.toNearestOrAwayFromZero))
        case .int: return .int(try whole(arguments[0], at: place))
        case .float: return .float(try float(arguments[0], at: place))
        case .max, .min, .mean, .median: return try statistic(function, arguments, at: place)
        case .bitand, .bitor, .bitxor, .bitnand, .bitshl, .bitshr, .bitushr, .bitnot:
            return .int(try bits(function, arguments, at: place))
        case .len, .first, .last, .get, .take, .reverse, .uniq, .concat, .flatten, .sort, .keys, .values:
            return try collection(function, arguments, at: place)
        default: return try textual(function, arguments, at: place)
        }
    }

    /// A value as a float: a number, or a string that holds one.
    func float(_ value: FormulaValue, at place: FormulaError.Place) throws(FormulaError) -> Double {
        guard case .string(let text) = value else { return try number(value, at: place) }
        guard let number = Double(text) else {
            throw failure("\(FormulaError.quote(text)) is no number", at: place)
        }
        return number
    }

    /// A value as an integer: a number without its fraction, or a string that holds an integer.
    private func whole(_ value: FormulaValue, at place: FormulaError.Place) throws(FormulaError) -> Int {
        guard case .string(let text) = value else { return try int(value, at: place) }
        guard let number = Int(text) else { throw failure("\(FormulaError.quote(text)) is no integer", at: place) }
        return number
    }

    /// A value that must be a number.
    private func number(_ value: FormulaValue, at place: FormulaError.Place) throws(FormulaError) -> Double {
        guard let number = value.number else { throw failure("expected a number, not \(value.kind)", at: place) }
        return number
    }

    /// Runs `max`, `min`, `mean` or `median` over numbers and arrays of them.
    private mutating func statistic(
        _ function: FormulaFunction,
        _ arguments: [FormulaValue],
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        var found: [FormulaValue] = []
        try flatten(arguments, into: &found, at: place)
        var numbers: [Double] = []
        for item in found { numbers.append(try number(item, at: place)) }
        switch function {
        case .mean: return .float(numbers.isEmpty ? 0 : numbers.reduce(0, +) / Double(numbers.count))
        case .median: return .float(Self.median(numbers.sorted()))
        default:
            // The first of equals keeps its kind.
            let isMax = function == .max
            let best = numbers.indices.reduce(into: 0) { best, index in
                if isMax ? numbers[index] > numbers[best] : numbers[index] < numbers[best] { best = index }
            }
            return found.isEmpty ? .nothing : found[best]
        }
    }

    /// The middle of sorted numbers; 0 of none.
    private static func median(_ sorted: [Double]) -> Double {
        guard let last = sorted.indices.last else { return 0 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[min(middle, last)] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// Runs a function on the bits of integers.
    private func bits(
        _ function: FormulaFunction,
        _ arguments: [FormulaValue],
        at place: FormulaError.Place
    ) throws(FormulaError) -> Int {
        let one = try int(arguments[0], at: place)
        guard function != .bitnot, let second = arguments.dropFirst().first else { return ~one }
        let other = try int(second, at: place)
        switch function {
        case .bitand: return one & other
        case .bitor: return one | other
        case .bitxor: return one ^ other
        case .bitnand: return one & ~other
        default:
            guard other >= 0 else { throw failure("bits cannot be moved by \(other) places", at: place) }
            if function == .bitshl { return one << other }
            return function == .bitshr ? one >> other : Int(bitPattern: UInt(bitPattern: one) >> UInt(other))
        }
    }

    /// Appends the items of arrays in arrays.
    mutating func flatten(
        _ items: [FormulaValue],
        into flat: inout [FormulaValue],
        at place: FormulaError.Place
    ) throws(FormulaError) {
        try budget.spend(items.count, at: place)
        for item in items {
            if case .array(let array) = item {
                try flatten(array.items, into: &flat, at: place)
            } else {
                flat.append(item)
            }
        }
    }
}
