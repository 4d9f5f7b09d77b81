extension FormulaEvaluator {
    /// Runs a function on an array, a map or a string.
    mutating func collection(
        _ function: FormulaFunction,
        _ arguments: [FormulaValue],
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        switch (function, arguments[0]) {
        case (.len, .array(let array)): return .int(array.items.count)
        case (.len, .map(let map)): return .int(map.items.count)
        case (.len, .string(let text)): return .int(text.unicodeScalars.count)
        case (.first, .array(let array)): return array.items.first ?? .nothing
        case (.last, .array(let array)): return array.items.last ?? .nothing
        case (.get, .nothing): return .nothing
        case (.get, .array(let array)): return array.items.item(at: try int(arguments[1], at: place)) ?? .nothing
        case (.get, .map): return try member(of: arguments[0], arguments[1], at: place)
        case (.take, .array(let array)):
            let count = try int(arguments[1], at: place)
            guard count >= 0 else { throw failure("\(count) items cannot be taken", at: place) }
            return try self.array(Array(array.items.prefix(count)), at: place)
        case (.reverse, .array(let array)): return try self.array(array.items.reversed(), at: place)
        case (.uniq, .array(let array)): return try self.array(try distinct(array.items, at: place), at: place)
        case (.concat, _): return try concatenated(arguments, at: place)
        case (.flatten, .array(let array)):
            var flat: [FormulaValue] = []
            try flatten(array.items, into: &flat, at: place)
            return try self.array(flat, at: place)
        case (.sort, .array(let array)):
            let order = arguments.count > 1 ? arguments[1] : .string("asc")
            return try sorted(array.items, by: array.items, order, at: place)
        // A map has no order: by name, so that every run gives the same.
        case (.keys, .map(let map)): return try self.array(map.items.keys.sorted().map { .string($0) }, at: place)
        case (.values, .map(let map)):
            return try self.array(map.items.sorted { $0.key < $1.key }.map(\.value), at: place)
        default: throw failure("\(function.rawValue) does not take \(arguments[0].kind)", at: place)
        }
    }

    /// Items without those that were there before.
    private mutating func distinct(
        _ items: [FormulaValue],
        at place: FormulaError.Place
    ) throws(FormulaError) -> [FormulaValue] {
        var distinct: [FormulaValue] = []
        next: for item in items {
            for known in distinct where try isEqual(known, item, at: place) { continue next }
            distinct.append(item)
        }
        return distinct
    }

    /// The items of several arrays.
    private mutating func concatenated(
        _ arguments: [FormulaValue],
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        var items: [FormulaValue] = []
        for argument in arguments {
            guard case .array(let array) = argument else {
                throw failure("concat takes arrays, not \(argument.kind)", at: place)
            }
            try budget.spend(array.items.count, at: place)
            items += array.items
        }
        return try array(items, at: place)
    }
}
