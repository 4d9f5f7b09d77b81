internal import KubeModel

/// What is asked of each element of a list: `key==value` and the like.
///
/// - Source: GJSON, `gjson.go`, `queryMatches`. A number is compared with a number only; GJSON takes any other text for
///   0 there.
struct GJSONQuery: Sendable, Hashable {
    /// How a value is compared.
    enum Test: Sendable, Hashable {
        /// It only has to be there.
        case exists
        case equal(String)
        case unequal(String)
        case less(String)
        case lessOrEqual(String)
        case greater(String)
        case greaterOrEqual(String)
        /// Texts only.
        case like(Wildcard)
        /// Texts only.
        case unlike(Wildcard)
    }

    /// What of the element is compared; `nil` for the element itself.
    let path: GJSONPath?
    /// How.
    let test: Test

    /// Takes a path and a test.
    init(_ path: GJSONPath?, _ test: Test) {
        self.path = path
        self.test = test
    }

    /// Whether an element fits; one without the value does not, whatever is asked.
    func matches(_ element: JSONValue) -> Bool {
        var value = element
        if let path {
            guard let found = path.value(in: element) else { return false }
            value = found
        }
        switch value {
        case .string(let text): return matches(text: text)
        case .integer(let number): return matches(number: Double(number))
        case .number(let number): return matches(number: number)
        case .bool(let flag): return matches(flag: flag)
        case .null, .array, .object: return test == .exists
        }
    }

    /// Texts are compared byte by byte.
    private func matches(text: String) -> Bool {
        let precedes = { (one: String, other: String) in one.utf8.lexicographicallyPrecedes(other.utf8) }
        switch test {
        case .exists: return true
        case .equal(let other): return text == other
        case .unequal(let other): return text != other
        case .less(let other): return precedes(text, other)
        case .lessOrEqual(let other): return !precedes(other, text)
        case .greater(let other): return precedes(other, text)
        case .greaterOrEqual(let other): return !precedes(text, other)
        case .like(let pattern): return pattern.matches(text)
        case .unlike(let pattern): return !pattern.matches(text)
        }
    }

    /// Numbers are compared by value; what is no number is only unequal.
    private func matches(number: Double) -> Bool {
        switch test {
        case .exists: true
        case .equal(let other): Double(other) == number
        case .unequal(let other): Double(other) != number
        case .less(let other): Double(other).map { number < $0 } ?? false
        case .lessOrEqual(let other): Double(other).map { number <= $0 } ?? false
        case .greater(let other): Double(other).map { number > $0 } ?? false
        case .greaterOrEqual(let other): Double(other).map { number >= $0 } ?? false
        case .like, .unlike: false
        }
    }

    /// False comes before true.
    private func matches(flag: Bool) -> Bool {
        switch test {
        case .exists: true
        case .equal(let other): other == String(flag)
        case .unequal(let other): other != String(flag)
        case .less(let other): !flag && other == "true"
        case .lessOrEqual(let other): !flag || other == "true"
        case .greater(let other): flag && other == "false"
        case .greaterOrEqual(let other): flag || other == "false"
        case .like, .unlike: false
        }
    }
}
