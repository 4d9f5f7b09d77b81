extension FormulaEvaluator {
    /// The integers from one to another, both included.
    mutating func range(_ first: Int, _ last: Int, at place: FormulaError.Place) throws(FormulaError) -> FormulaValue {
        guard first <= last else { return .array(FormulaArray([])) }
        let (distance, overflow) = last.subtractingReportingOverflow(first)
        // Paid for before it is made: a range may be asked for that no memory holds.
        try budget.make(overflow || distance == .max ? .max : distance + 1, at: place)
        return .array(FormulaArray((first...last).map { .int($0) }))
    }

    /// Whether something is an item of an array or a key of a map.
    mutating func isIn(
        _ item: FormulaValue,
        _ collection: FormulaValue,
        at place: FormulaError.Place
    ) throws(FormulaError) -> Bool {
        switch collection {
        case .nothing: return false
        case .array(let array):
            for candidate in array.items where try isEqual(candidate, item, at: place) { return true }
            return false
        case .map(let map):
            guard case .string(let key) = item else { return false }
            return map.items[key] != nil
        case .bool, .int, .float, .string:
            throw failure("nothing can be in a \(collection.kind)", at: place)
        }
    }

    /// An item of an array, counted from the end if the index is negative, or a value of a map.
    func member(
        of base: FormulaValue,
        _ key: FormulaValue,
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        switch base {
        case .array(let array):
            let index = try int(key, at: place)
            guard let item = array.items.item(at: index) else {
                throw failure("there is no item \(index) in an array of \(array.items.count)", at: place)
            }
            return item
        case .map(let map):
            guard case .string(let name) = key else { throw failure("a map's key is no \(key.kind)", at: place) }
            return map.items[name] ?? .nothing
        case .nothing, .bool, .int, .float, .string:
            throw failure("\(base.kind) has no items", at: place)
        }
    }

    /// A part of an array or of a string; bounds beyond its ends are moved to them.
    mutating func slice(
        of base: FormulaValue,
        _ from: Int?,
        _ to: Int?,
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        switch base {
        case .array(let array):
            return try self.array(Array(array.items[Self.bounds(from, to, of: array.items.count)]), at: place)
        case .string(let text):
            let scalars = Array(text.unicodeScalars)
            try budget.spend(scalars.count, at: place)
            return try string(String(scalars[Self.bounds(from, to, of: scalars.count)]), at: place)
        case .nothing, .bool, .int, .float, .map:
            throw failure("\(base.kind) has no parts", at: place)
        }
    }

    /// Where a part starts and ends.
    private static func bounds(_ from: Int?, _ to: Int?, of count: Int) -> Range<Int> {
        let place = { (bound: Int) in max(0, min(count, bound < 0 ? max(bound, -count) + count : bound)) }
        let end = to.map(place) ?? count
        return min(from.map(place) ?? 0, end)..<end
    }
}

extension [FormulaValue] {
    /// The item at an index, counted from the end if it is negative.
    func item(at index: Int) -> FormulaValue? {
        let place = index < 0 ? index + count : index
        return indices.contains(place) ? self[place] : nil
    }
}

extension String {
    /// Text of scalars.
    init(_ scalars: some Sequence<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}
