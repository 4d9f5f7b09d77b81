extension FormulaEvaluator {
    /// Runs a function that does something for each item.
    mutating func each(
        _ function: FormulaFunction,
        _ arguments: [FormulaTree.ID],
        _ predicate: FormulaTree.ID?,
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        let collection = try value(of: arguments[0])
        guard case .array(let array) = collection else {
            throw failure("\(function.rawValue) takes an array, not \(collection.kind)", at: place)
        }
        let items = array.items
        switch function {
        case .all: return .bool(try firstIndex(in: items, predicate, where: false, at: place) == nil)
        case .none: return .bool(try firstIndex(in: items, predicate, where: true, at: place) == nil)
        case .any: return .bool(try firstIndex(in: items, predicate, where: true, at: place) != nil)
        case .one: return .bool(try fitting(items, predicate, at: place).count == 1)
        case .count: return .int(try fitting(items, predicate, at: place).count)
        case .filter: return try self.array(try fitting(items, predicate, at: place).map { items[$0] }, at: place)
        case .find: return try firstIndex(in: items, predicate, where: true, at: place).map { items[$0] } ?? .nothing
        case .findIndex:
            return try firstIndex(in: items, predicate, where: true, at: place).map { .int($0) } ?? .nothing
        case .findLast: return try lastIndex(in: items, predicate, at: place).map { items[$0] } ?? .nothing
        case .findLastIndex: return try lastIndex(in: items, predicate, at: place).map { .int($0) } ?? .nothing
        case .map: return try self.array(try mapped(items, predicate), at: place)
        case .sum: return try sum(try mapped(items, predicate), at: place)
        case .sortBy:
            let order: FormulaValue = arguments.count > 1 ? try value(of: arguments[1]) : .string("asc")
            return try sorted(items, by: try mapped(items, predicate), order, at: place)
        default:
            let initial = arguments.count > 1 ? try value(of: arguments[1]) : nil
            return try reduced(items, predicate, initial, at: place)
        }
    }

    /// What a predicate gives for an item; without one, the item itself.
    private mutating func value(
        of predicate: FormulaTree.ID?,
        _ item: FormulaValue,
        _ index: Int
    ) throws(FormulaError) -> FormulaValue {
        guard let predicate else { return item }
        return try value(of: predicate, for: Item(element: item, index: index, accumulator: .nothing))
    }

    /// What a predicate gives for each item.
    private mutating func mapped(
        _ items: [FormulaValue],
        _ predicate: FormulaTree.ID?
    ) throws(FormulaError) -> [FormulaValue] {
        var values: [FormulaValue] = []
        for (index, item) in items.enumerated() { values.append(try value(of: predicate, item, index)) }
        return values
    }

    /// Where the first item stands for which a predicate gives this.
    private mutating func firstIndex(
        in items: [FormulaValue],
        _ predicate: FormulaTree.ID?,
        where wanted: Bool,
        at place: FormulaError.Place
    ) throws(FormulaError) -> Int? {
        for (index, item) in items.enumerated() {
            if try bool(try value(of: predicate, item, index), at: place) == wanted { return index }
        }
        return nil
    }

    /// Where the last item stands that fits a predicate.
    private mutating func lastIndex(
        in items: [FormulaValue],
        _ predicate: FormulaTree.ID?,
        at place: FormulaError.Place
    ) throws(FormulaError) -> Int? {
        for (index, item) in items.enumerated().reversed() {
            if try bool(try value(of: predicate, item, index), at: place) { return index }
        }
        return nil
    }

    /// Where all items stand that fit a predicate.
    private mutating func fitting(
        _ items: [FormulaValue],
        _ predicate: FormulaTree.ID?,
        at place: FormulaError.Place
    ) throws(FormulaError) -> [Int] {
        var indices: [Int] = []
        for (index, item) in items.enumerated() {
            try budget.spend(at: place)
            if try bool(try value(of: predicate, item, index), at: place) { indices.append(index) }
        }
        return indices
    }

    /// The sum of numbers; 0 of none.
    private mutating func sum(
        _ items: [FormulaValue],
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        try budget.spend(items.count, at: place)
        var sum = FormulaValue.int(0)
        for item in items { sum = try arithmetic(.add, sum, item, at: place) }
        return sum
    }

    /// What remains when each item is worked into what was gathered before; the first one starts it if nothing is given.
    private mutating func reduced(
        _ items: [FormulaValue],
        _ predicate: FormulaTree.ID?,
        _ initial: FormulaValue?,
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        guard var result = initial ?? items.first else {
            throw failure("reduce has neither items nor a value to start with", at: place)
        }
        guard let predicate else { return result }
        for (index, item) in items.enumerated().dropFirst(initial == nil ? 1 : 0) {
            result = try value(of: predicate, for: Item(element: item, index: index, accumulator: result))
        }
        return result
    }

    /// Items in the order of their keys, which are all numbers or all strings.
    mutating func sorted(
        _ items: [FormulaValue],
        by keys: [FormulaValue],
        _ order: FormulaValue,
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        guard case .string(let order) = order, ["asc", "desc"].contains(order) else {
            throw failure("the order of sorting is \"asc\" or \"desc\"", at: place)
        }
        // The comparisons of sorting; far from the limit they need not be counted one by one.
        try budget.spend(items.count * (Int.bitWidth - items.count.leadingZeroBitCount), at: place)
        let numbers = keys.compactMap(\.number)
        let texts = keys.compactMap { key in if case .string(let text) = key { text } else { nil as String? } }
        let sorted: [Int]
        if numbers.count == keys.count {
            sorted = items.indices.sorted { order == "asc" ? numbers[$0] < numbers[$1] : numbers[$0] > numbers[$1] }
        } else if texts.count == keys.count {
            try budget.spend(texts.reduce(0) { $0 + $1.utf8.count }, at: place)
            sorted = items.indices.sorted { order == "asc" ? texts[$0] < texts[$1] : texts[$0] > texts[$1] }
        } else {
            throw failure("only numbers or only strings can be sorted", at: place)
        }
        return try array(sorted.map { items[$0] }, at: place)
    }
}
