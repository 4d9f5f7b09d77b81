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

/// Walks over the text of a selector, byte by byte: all that means something in it is ASCII, and each HPA sends one.
private struct SelectorScanner {
    /// What is not read yet.
    private var rest: Substring.UTF8View

    /// Starts at the front.
    init(_ text: String) {
        self.rest = text.utf8[...]
        self.skipSpace()
    }

    /// Whether all is read.
    var isAtEnd: Bool { rest.isEmpty }

    /// What is left, for messages.
    var remainder: String { String(Substring(rest).prefix(40)) }

    /// Takes a mark, and the space after it, if it comes next.
    mutating func take(_ mark: String) -> Bool {
        guard rest.starts(with: mark.utf8) else { return false }
        rest.removeFirst(mark.utf8.count)
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
        guard rest.starts(with: operation.utf8) else { return false }
        guard let next = rest.dropFirst(operation.utf8.count).first else { return false }
        return next == UInt8(ascii: "(") || Self.isSpace(next) ? take(operation) : false
    }

    /// Reads up to the next mark or space.
    private mutating func word() -> String {
        let word = rest.prefix { !Self.isSpace($0) && !Self.marks.contains($0) }
        rest.removeFirst(word.count)
        skipSpace()
        return String(Substring(word))
    }

    /// Drops white space.
    private mutating func skipSpace() {
        rest = rest.drop(while: Self.isSpace)
    }

    /// What ends a word.
    private static let marks = Array("=!,()<>".utf8)

    /// - Source: Kubernetes, `apimachinery/pkg/labels/selector.go`, `isWhitespace`.
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
            || byte == UInt8(ascii: "\n")
    }
}

/// What labels may be called and hold.
///
/// - Source: Kubernetes, "Labels and Selectors", syntax and character set.
public enum LabelSyntax {
    /// `[prefix/]name`: the prefix a DNS subdomain, the name as a value that is not empty.
    public static func isKey(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard let name = parts.last, !name.isEmpty, parts.count <= 2, isValue(name) else { return false }
        guard parts.count == 2 else { return true }
        return !parts[0].isEmpty && parts[0].count <= 253 && parts[0].allSatisfy(isOfPrefix)
    }

    /// Up to 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends; or empty.
    public static func isValue(_ text: String) -> Bool { isValue(text.utf8[...]) }

    /// See ``isValue(_:)-(String)``.
    private static func isValue(_ text: Substring.UTF8View) -> Bool {
        guard let first = text.first, let last = text.last else { return true }
        return text.count <= 63 && isAlphanumeric(first) && isAlphanumeric(last) && text.allSatisfy(isInside)
    }

    /// An ASCII letter or digit.
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// What may stand inside a value.
    private static func isInside(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    }

    /// What may stand in the prefix of a key.
    private static func isOfPrefix(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}
