internal import Foundation

extension FormulaEvaluator {
    /// Text as it is worked on: what a user counts as a character is nearly always one scalar.
    private typealias Scalars = [Unicode.Scalar]

    /// `contains`, `startsWith`, `endsWith`; nil contains nothing.
    mutating func matches(
        _ operation: FormulaOperator,
        _ left: FormulaValue,
        _ right: FormulaValue,
        at place: FormulaError.Place
    ) throws(FormulaError) -> Bool {
        if left.isNothing || right.isNothing { return false }
        guard case .string = left, case .string = right else {
            throw mismatch(operation.rawValue, left, right, at: place)
        }
        let (text, part) = (try scalars(left, at: place), try scalars(right, at: place))
        switch operation {
        case .startsWith: return text.starts(with: part)
        case .endsWith: return text.reversed().starts(with: part.reversed())
        default: return try !places(of: part, in: text, atMost: 1, at: place).isEmpty
        }
    }

    /// Runs a function on strings.
    mutating func textual(
        _ function: FormulaFunction,
        _ arguments: [FormulaValue],
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        switch function {
        case .string: return try string(Self.description(of: arguments[0]), at: place)
        case .type: return .string(arguments[0].kind)
        case .join: return try joined(arguments, at: place)
        default: break
        }
        let text = try scalars(arguments[0], at: place)
        switch function {
        case .upper: return try string(String(text).uppercased(), at: place)
        case .lower: return try string(String(text).lowercased(), at: place)
        case .repeat: return try repeated(String(text), try int(arguments[1], at: place), at: place)
        default: break
        }
        let part: Scalars? = arguments.count > 1 ? try scalars(arguments[1], at: place) : nil
        switch function {
        case .trim: return try string(Self.trimmed(text, part), at: place)
        case .trimPrefix:
            let part = part ?? [" "]
            return try string(String(text.starts(with: part) ? text.dropFirst(part.count) : text[...]), at: place)
        case .trimSuffix:
            let part = part ?? [" "]
            let isThere = text.reversed().starts(with: part.reversed())
            return try string(String(isThere ? text.dropLast(part.count) : text[...]), at: place)
        case .hasPrefix: return .bool(text.starts(with: part ?? []))
        case .hasSuffix: return .bool(text.reversed().starts(with: (part ?? []).reversed()))
        case .indexOf: return .int(try places(of: part ?? [], in: text, atMost: 1, at: place).first ?? -1)
        case .lastIndexOf:
            let part = part ?? []
            let found = try places(of: part.reversed(), in: text.reversed(), atMost: 1, at: place).first
            return .int(found.map { text.count - $0 - part.count } ?? -1)
        case .replace:
            let most = arguments.count > 3 ? try int(arguments[3], at: place) : -1
            let new = try scalars(arguments[2], at: place)
            let old = part ?? []
            let found = try places(of: old, in: text, atMost: most < 0 ? .max : most, at: place)
            try budget.make(found.count * new.count, at: place)
            return try string(String(Self.cut(text, at: found, old.count).joined(separator: new)), at: place)
        default:
            let most = arguments.count > 2 ? try int(arguments[2], at: place) : -1
            return try split(text, part ?? [], most, keeping: function == .splitAfter, at: place)
        }
    }

    /// A string's text, which costs a step for each scalar.
    private mutating func scalars(_ value: FormulaValue, at place: FormulaError.Place) throws(FormulaError) -> Scalars {
        guard case .string(let text) = value else { throw failure("expected a string, not \(value.kind)", at: place) }
        try budget.spend(text.utf8.count, at: place)
        return Array(text.unicodeScalars)
    }

    /// Where a part stands in a text, from left to right, none over another; an empty part stands everywhere.
    private mutating func places(
        of part: Scalars,
        in text: Scalars,
        atMost most: Int,
        at place: FormulaError.Place
    ) throws(FormulaError) -> [Int] {
        guard !part.isEmpty else { return Array((0...text.count).prefix(most)) }
        var places: [Int] = []
        var start = 0
        while places.count < most, start + part.count <= text.count {
            let length = zip(text[start...], part).prefix { $0 == $1 }.count
            try budget.spend(length + 1, at: place)
            if length == part.count { places.append(start) }
            start += length == part.count ? length : 1
        }
        return places
    }

    /// The pieces of a text without what stands at these places.
    private static func cut(_ text: Scalars, at places: [Int], _ length: Int) -> [Scalars] {
        var pieces: [Scalars] = []
        var start = 0
        for place in places {
            pieces.append(Array(text[start..<place]))
            start = place + length
        }
        return pieces + [Array(text[start...])]
    }

    /// The pieces of a text between separators; an empty separator stands between all characters.
    ///
    /// There are so many at most, or any number if that is less than 0.
    private mutating func split(
        _ text: Scalars,
        _ separator: Scalars,
        _ most: Int,
        keeping keepsSeparators: Bool,
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        guard most != 0, !(text.isEmpty && separator.isEmpty) else { return .array(FormulaArray([])) }
        let limit = most < 0 ? Int.max : most - 1
        let found =
            separator.isEmpty
            ? Array((1..<text.count).prefix(limit)) : try places(of: separator, in: text, atMost: limit, at: place)
        try budget.make(text.count, at: place)
        let pieces =
            keepsSeparators
            ? Self.cut(text, at: found.map { $0 + separator.count }, 0) : Self.cut(text, at: found, separator.count)
        return try array(pieces.map { .string(String($0)) }, at: place)
    }

    /// A text without white space, or without these scalars, at its ends.
    private static func trimmed(_ text: Scalars, _ chars: Scalars?) -> String {
        let goes = { (scalar: Unicode.Scalar) in chars?.contains(scalar) ?? scalar.properties.isWhitespace }
        let start = text.firstIndex { !goes($0) } ?? text.endIndex
        let end = text.lastIndex { !goes($0) }.map { $0 + 1 } ?? start
        return String(text[start..<end])
    }

    /// A text so many times.
    private mutating func repeated(
        _ text: String,
        _ count: Int,
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        guard count >= 0 else { throw failure("nothing can be repeated \(count) times", at: place) }
        let (size, overflow) = text.utf8.count.multipliedReportingOverflow(by: count)
        try budget.make(overflow ? .max : size, at: place)
        return .string(text.isEmpty ? "" : String(repeating: text, count: count))
    }

    /// The strings of an array as one.
    private mutating func joined(
        _ arguments: [FormulaValue],
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaValue {
        guard case .array(let array) = arguments[0] else {
            throw failure("join takes an array, not \(arguments[0].kind)", at: place)
        }
        var texts: [Scalars] = []
        let separator = arguments.count > 1 ? try scalars(arguments[1], at: place) : []
        try budget.make(separator.count * array.items.count, at: place)
        for item in array.items { texts.append(try scalars(item, at: place)) }
        return try string(String(texts.joined(separator: separator)), at: place)
    }

    /// A value as text; a float without fraction has none in its text either.
    private static func description(of value: FormulaValue) -> String {
        switch value {
        case .nothing: "<nil>"
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .float(let value):
            value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
        case .string(let text): text
        case .array(let array): "[" + array.items.map(description).joined(separator: " ") + "]"
        case .map(let map):
            "map["
                + map.items.sorted { $0.key < $1.key }.map { "\($0.key):\(description(of: $0.value))" }
                .joined(separator: " ") + "]"
        }
    }
}
