extension LabelSelector {
    /// Why a selector text cannot be read.
    public struct ParseError: Error, Hashable, CustomStringConvertible {
        /// What is wrong and where.
        public let description: String
    }

    /// Reads the text form: `a=b, c!=d, e in (f,g), h notin (i), j, !k, l>5`.
    public init(parsing text: String) throws(ParseError) {
        var scanner = SelectorScanner(text)
        var requirements: [Requirement] = []
        while !scanner.isAtEnd {
            requirements.append(try scanner.requirement())
            guard scanner.take(",") else { break }
            guard !scanner.isAtEnd else { throw ParseError(description: "a requirement must follow the last comma") }
        }
        guard scanner.isAtEnd else {
            throw ParseError(description: "expected a comma before \"\(scanner.remainder)\" in the selector")
        }
        self.init(requirements)
    }
}

/// Walks over the text of a selector.
private struct SelectorScanner {
    /// What is not read yet.
    private var rest: Substring

    /// Starts at the front.
    init(_ text: String) {
        self.rest = Substring(text)
        self.skipSpace()
    }

    /// Whether all is read.
    var isAtEnd: Bool { rest.isEmpty }

    /// What is left, for messages.
    var remainder: String { String(rest.prefix(40)) }

    /// Takes a mark, and the space after it, if it comes next.
    mutating func take(_ mark: String) -> Bool {
        guard rest.hasPrefix(mark) else { return false }
        rest.removeFirst(mark.count)
        skipSpace()
        return true
    }

    /// Reads one requirement.
    mutating func requirement() throws(LabelSelector.ParseError) -> LabelSelector.Requirement {
        if take("!") { return .isAbsent(try key()) }
        let key = try key()
        if take("!=") { return .isNotIn(key, [try value()]) }
        if take("==") || take("=") { return .isIn(key, [try value()]) }
        if take(">") { return .isGreater(key, try integer()) }
        if take("<") { return .isLess(key, try integer()) }
        if takeWord("notin") { return .isNotIn(key, try values()) }
        if takeWord("in") { return .isIn(key, try values()) }
        return .exists(key)
    }

    /// Reads a label's name.
    private mutating func key() throws(LabelSelector.ParseError) -> String {
        let key = word()
        guard LabelSyntax.isKey(key) else {
            throw LabelSelector.ParseError(description: "\"\(key)\" is not a label name")
        }
        return key
    }

    /// Reads a label's value, which may be empty.
    private mutating func value() throws(LabelSelector.ParseError) -> String {
        let value = word()
        guard LabelSyntax.isValue(value) else {
            throw LabelSelector.ParseError(description: "\"\(value)\" is not a label value")
        }
        return value
    }

    /// Reads a whole number.
    private mutating func integer() throws(LabelSelector.ParseError) -> Int64 {
        let text = word()
        guard let number = Int64(text) else {
            throw LabelSelector.ParseError(description: "\"\(text)\" is not a whole number")
        }
        return number
    }

    /// Reads `(a,b)`.
    private mutating func values() throws(LabelSelector.ParseError) -> Set<String> {
        guard take("(") else { throw LabelSelector.ParseError(description: "expected ( before \"\(remainder)\"") }
        var values: Set<String> = [try value()]
        while take(",") { values.insert(try value()) }
        guard take(")") else { throw LabelSelector.ParseError(description: "expected ) before \"\(remainder)\"") }
        return values
    }

    /// Takes a word operator if it comes next and ends there.
    private mutating func takeWord(_ operation: String) -> Bool {
        guard rest.hasPrefix(operation) else { return false }
        guard let next = rest.dropFirst(operation.count).first, next == "(" || next.isWhitespace else { return false }
        return take(operation)
    }

    /// Reads up to the next mark or space.
    private mutating func word() -> String {
        let word = rest.prefix { !$0.isWhitespace && !"=!,()<>".contains($0) }
        rest.removeFirst(word.count)
        skipSpace()
        return String(word)
    }

    /// Drops white space.
    private mutating func skipSpace() {
        rest = rest.drop(while: \.isWhitespace)
    }
}

/// What labels may be called and hold.
///
/// - Source: Kubernetes, "Labels and Selectors", syntax and character set.
public enum LabelSyntax {
    /// `[prefix/]name`: the prefix a DNS subdomain, the name as a value that is not empty.
    public static func isKey(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, !name.isEmpty, parts.count <= 2, isValue(String(name)) else { return false }
        guard parts.count == 2 else { return true }
        return !parts[0].isEmpty && parts[0].utf8.count <= 253
            && parts[0].allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-" || $0 == ".") }
    }

    /// Up to 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends; or empty.
    public static func isValue(_ text: String) -> Bool {
        guard let first = text.first, let last = text.last else { return true }
        return text.utf8.count <= 63 && isAlphanumeric(first) && isAlphanumeric(last)
            && text.allSatisfy { isAlphanumeric($0) || $0 == "-" || $0 == "_" || $0 == "." }
    }

    /// An ASCII letter or digit.
    private static func isAlphanumeric(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber)
    }
}
