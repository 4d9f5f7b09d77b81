/// Tells code from comments, literals and names in backticks, as far as the rules of this house need it.
///
/// It knows nested comments, strings of every kind with the code in their interpolations, and regex literals.
struct SwiftLexer {
    /// What a byte belongs to.
    enum Kind: Sendable {
        case code
        case comment
        case literal
        /// What stands between backticks.
        case name
    }

    /// A source with the kind of each of its bytes.
    struct Pieces {
        /// The source.
        let bytes: [UInt8]
        /// One for each byte.
        let kinds: [Kind]

        /// The source with everything else blanked out; line ends stay.
        func keeping(_ wanted: Set<Kind>) -> String {
            let newline = UInt8(ascii: "\n")
            let kept = zip(bytes, kinds)
                .map { byte, kind in
                    byte == newline || wanted.contains(kind) ? byte : UInt8(ascii: " ")
                }
            return String(decoding: kept, as: UTF8.self)
        }
    }

    /// The source, with a newline behind it so that looking ahead is safe.
    private let bytes: [UInt8]
    /// What is known so far; code until it is found to be something else.
    private var kinds: [Kind]
    /// Where we are.
    private var at = 0
    /// The last byte of code that was no white space.
    private var last: UInt8?

    /// Takes a source.
    private init(_ text: String) {
        self.bytes = Array(text.utf8)
        self.kinds = Array(repeating: .code, count: bytes.count)
    }

    /// Takes a source apart.
    ///
    /// - Complexity: O(bytes).
    static func split(_ text: String) -> Pieces {
        var lexer = SwiftLexer(text)
        lexer.code(inParentheses: false)
        return Pieces(bytes: lexer.bytes, kinds: lexer.kinds)
    }

    /// Reads code to the end, or to the parenthesis that closes an interpolation.
    private mutating func code(inParentheses: Bool) {
        var depth = 0
        while let byte = peek() {
            let hashes = byte == UInt8(ascii: "#") ? run(of: "#", from: at) : 0
            if byte == UInt8(ascii: "/"), starts("//") {
                mark(.comment) { $0.peek() != UInt8(ascii: "\n") }
            } else if byte == UInt8(ascii: "/"), starts("/*") {
                blockComment()
            } else if peek(hashes) == UInt8(ascii: "\"") {
                string(hashes: hashes)
            } else if peek(hashes) == UInt8(ascii: "/"), hashes > 0 || startsRegex() {
                regex(hashes: hashes)
            } else if byte == UInt8(ascii: "`") {
                at += 1
                mark(.name) { ![UInt8(ascii: "`"), UInt8(ascii: "\n")].contains($0.peek()) }
                at += 1
            } else {
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") {
                    if inParentheses, depth == 0 { return }
                    depth -= 1
                }
                if byte > UInt8(ascii: " ") { last = byte }
                at += 1
            }
        }
    }

    /// Reads a block comment, which may hold others.
    private mutating func blockComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                mark(.comment, 2)
            } else if starts("*/") {
                depth -= 1
                mark(.comment, 2)
            } else {
                mark(.comment, 1)
            }
        } while depth > 0 && at < bytes.count
    }

    /// Reads a string, and the code in its interpolations.
    private mutating func string(hashes: Int) {
        mark(.literal, hashes)
        let isLong = starts("\"\"\"")
        let end = (isLong ? "\"\"\"" : "\"") + String(repeating: "#", count: hashes)
        let escape = "\\" + String(repeating: "#", count: hashes)
        mark(.literal, isLong ? 3 : 1)
        while let byte = peek() {
            let isSpecial = byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
            if !isSpecial, isLong || byte != UInt8(ascii: "\n") {
                mark(.literal, 1)
            } else if starts(end) {
                mark(.literal, end.utf8.count)
                last = UInt8(ascii: "\"")
                return
            } else if starts(escape + "(") {
                mark(.literal, escape.utf8.count + 1)
                code(inParentheses: true)
                mark(.literal, 1)
            } else if starts(escape) {
                mark(.literal, escape.utf8.count + 1)
            } else if byte == UInt8(ascii: "\n") {
                return
            } else {
                mark(.literal, 1)
            }
        }
    }

    /// Reads a regex literal.
    private mutating func regex(hashes: Int) {
        let end = "/" + String(repeating: "#", count: hashes)
        mark(.literal, hashes + 1)
        while at < bytes.count, !starts(end) {
            mark(.literal, peek() == UInt8(ascii: "\\") ? 2 : 1)
        }
        mark(.literal, end.utf8.count)
        last = UInt8(ascii: "/")
    }

    /// Whether a bare slash begins a regex: where a value may begin, not before a space, closed on the same line.
    private func startsRegex() -> Bool {
        if let last, !"(,=:[{;!?&|".utf8.contains(last) { return false }
        guard let next = peek(1), next > UInt8(ascii: " "), next != UInt8(ascii: ")") else { return false }
        var index = at + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") {
            if bytes[index] == UInt8(ascii: "/") { return true }
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return false
    }

    /// The byte so far ahead, if there is one.
    private func peek(_ distance: Int = 0) -> UInt8? {
        at + distance < bytes.count ? bytes[at + distance] : nil
    }

    /// How often a character stands in a row.
    private func run(of character: Unicode.Scalar, from start: Int) -> Int {
        bytes[start...].prefix { $0 == UInt8(ascii: character) }.count
    }

    /// Whether the rest begins so.
    private func starts(_ text: String) -> Bool {
        bytes[at...].starts(with: text.utf8)
    }

    /// Marks a few bytes and passes them.
    private mutating func mark(_ kind: Kind, _ count: Int) {
        for _ in 0..<count where at < bytes.count {
            kinds[at] = kind
            at += 1
        }
    }

    /// Marks bytes and passes them as long as it is so.
    private mutating func mark(_ kind: Kind, while goesOn: (SwiftLexer) -> Bool) {
        while at < bytes.count, goesOn(self) { mark(kind, 1) }
    }
}
