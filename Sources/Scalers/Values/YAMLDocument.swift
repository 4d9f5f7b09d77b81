internal import Yams

/// Keys and indexes joined by dots, which lead to one value in YAML.
///
/// - Source: KEDA, `pkg/util/value_by_path.go`; there is no escape.
struct DottedPath: Sendable, Hashable, CustomStringConvertible {
    /// At least one.
    let steps: [String]

    /// Reads a path.
    ///
    /// - Throws: ``ValueProblem`` for an empty step.
    init(_ text: String) throws(ValueProblem) {
        self.steps = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard text.utf8.count <= GJSONPath.lengthLimit, steps.allSatisfy({ !$0.isEmpty }) else {
            throw ValueProblem("must be keys joined by dots, such as jobs.0.waiting")
        }
    }

    /// As it was written, cut where it is very long.
    var description: String { "\"\(steps.joined(separator: ".").prefix(200))\"" }
}

/// The first document of a YAML text.
///
/// Aliases are refused: with them a few lines can stand for more nodes than there is memory.
struct YAMLDocument {
    /// A value that is neither an object nor a list.
    enum Scalar: Equatable {
        /// An unquoted number; may be NaN or infinite.
        case number(Double)
        /// A text.
        case text(String)
        /// A null or a truth value.
        case other
    }

    /// Its outermost value.
    private let root: Node

    /// Reads a text.
    ///
    /// - Throws: ``ValueProblem``, which does not repeat the text.
    init(_ text: String) throws(ValueProblem) {
        guard !Self.hasAliases(text) else {
            throw ValueProblem("its YAML has aliases, which are not followed; write out what they stand for")
        }
        // What Yams says may quote the text.
        let root = try? Parser(yaml: text, resolver: .basic, encoding: .utf8).nextRoot()
        guard let root, case .mapping = root else { throw ValueProblem("what it holds is not a YAML object") }
        self.root = root
    }

    /// The value at a path; `nil` if there is none, or an object or a list.
    func scalar(at path: DottedPath) -> Scalar? {
        var node = root
        for step in path.steps {
            switch node {
            case .mapping(let mapping):
                guard let member = mapping.first(where: { $0.key.scalar?.string == step }) else { return nil }
                node = member.value
            case .sequence(let sequence):
                guard let index = Int(step), String(index) == step, sequence.indices.contains(index) else { return nil }
                node = sequence[index]
            case .scalar, .alias: return nil
            }
        }
        return node.scalar.map(Self.scalar)
    }

    /// What a single text means; quotes keep it a text.
    ///
    /// - Source: YAML 1.2, "Core Schema".
    private static func scalar(_ scalar: Node.Scalar) -> Scalar {
        let text = scalar.string
        guard scalar.style == .plain || scalar.style == .any else { return .text(text) }
        switch text {
        case "", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE": return .other
        case ".nan", ".NaN", ".NAN": return .number(.nan)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .number(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
        default: return number(text).map(Scalar.number) ?? .text(text)
        }
    }

    /// An unquoted number: decimal, `0x` or `0o`.
    private static func number(_ text: String) -> Double? {
        for (mark, radix) in [("0x", 16), ("0o", 8)] where text.hasPrefix(mark) {
            let digits = text.dropFirst(mark.count)
            // Swift would take a sign here.
            guard let first = digits.first, first != "+", first != "-" else { return nil }
            return Int64(digits, radix: radix).map(Double.init)
        }
        guard NumberText.decimal(startOf: text[...]) == text[...] else { return nil }
        return Double(text)
    }

    /// Whether a name stands both after `&` and after `*`, which may also be so in a text that has no aliases.
    private static func hasAliases(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        let anchors = names(after: UInt8(ascii: "&"), in: bytes)
        return !anchors.isEmpty && !anchors.isDisjoint(with: names(after: UInt8(ascii: "*"), in: bytes))
    }

    /// The names that stand directly after a sign, as libyaml reads names.
    private static func names(after sign: UInt8, in bytes: [UInt8]) -> Set<ArraySlice<UInt8>> {
        var names: Set<ArraySlice<UInt8>> = []
        for place in bytes.indices where bytes[place] == sign {
            let name = bytes[(place + 1)...]
                .prefix { byte in
                    let scalar = Character(Unicode.Scalar(byte))
                    return byte < 0x80 && (scalar.isLetter || scalar.isNumber) || byte == UInt8(ascii: "-")
                        || byte == UInt8(ascii: "_")
                }
            if !name.isEmpty { names.insert(name) }
        }
        return names
    }
}
