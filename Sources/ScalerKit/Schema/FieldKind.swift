internal import Foundation
public import KubeModel
public import Outbound

/// Why a text is no value of its setting, such as `must be a whole number`.
///
/// It never repeats the text.
public struct FieldProblem: Error, Sendable, Hashable {
    /// Completes the sentence "`<setting>` …".
    public let message: String

    /// Makes a problem.
    public init(_ message: String) {
        self.message = message
    }
}

/// How the text of a setting is read.
///
/// - Source: KEDA, `pkg/scalers/scalersconfig/typed_config.go`: numbers as JSON writes them, truth values as Go reads
///   them, durations as Go writes them or as whole milliseconds.
public struct FieldKind<Value: Sendable>: Sendable {
    /// What a text must be, in a word or two.
    public let name: String
    /// Whether values must never be shown.
    public let isSecret: Bool
    /// Writes a value as people would, for defaults that are shown.
    private(set) var write: @Sendable (Value) -> String = { "\($0)" }
    /// Reads a text, trimmed and not empty.
    private let read: @Sendable (String) throws(FieldProblem) -> Value

    /// Makes a kind.
    public init(
        _ name: String,
        isSecret: Bool = false,
        _ read: @escaping @Sendable (String) throws(FieldProblem) -> Value
    ) {
        self.name = name
        self.isSecret = isSecret
        self.read = read
    }

    /// Reads a text, trimmed and not empty.
    public func parse(_ text: String) throws(FieldProblem) -> Value {
        try read(text)
    }

    /// The same, with values written in another way than Swift's.
    public func writing(_ write: @escaping @Sendable (Value) -> String) -> FieldKind {
        var kind = self
        kind.write = write
        return kind
    }

    /// The same for a setting that may be absent.
    var asOptional: FieldKind<Value?> {
        FieldKind<Value?>(name, isSecret: isSecret) { text throws(FieldProblem) in try read(text) }
    }
}

extension FieldKind where Value == String {
    /// Any text.
    public static var text: FieldKind { FieldKind("text") { $0 } }

    /// One of a few texts, letter by letter.
    public static func oneOf(_ choices: String...) -> FieldKind {
        FieldKind(choices.joined(separator: "|")) { text throws(FieldProblem) in
            guard choices.contains(text) else {
                throw FieldProblem("must be one of \(choices.joined(separator: ", "))")
            }
            return text
        }
    }
}

extension FieldKind where Value == Secret<String> {
    /// A text that is never shown.
    public static var secret: FieldKind { FieldKind("secret text", isSecret: true) { Secret($0) } }
}

extension FieldKind where Value == Int {
    /// A whole number as JSON writes it: no leading zero, no `+`, no fraction.
    public static func integer(in range: ClosedRange<Int> = Int.min...Int.max) -> FieldKind {
        FieldKind("integer") { text throws(FieldProblem) in
            guard JSONNumber.isInteger(text), let value = Int(text) else {
                throw FieldProblem("must be a whole number such as 5")
            }
            guard range.contains(value) else {
                throw FieldProblem(
                    range.upperBound == Int.max
                        ? "must be \(range.lowerBound) or more"
                        : "must lie between \(range.lowerBound) and \(range.upperBound)"
                )
            }
            return value
        }
    }
}

extension FieldKind where Value == Double {
    /// A finite number as JSON writes it.
    public static var number: FieldKind {
        FieldKind("number") { text throws(FieldProblem) in
            guard JSONNumber.isNumber(text), let value = Double(text), value.isFinite else {
                throw FieldProblem("must be a number such as 5 or 0.5")
            }
            return value
        }
    }
}

extension FieldKind where Value == Bool {
    /// What Go's `ParseBool` takes.
    public static var boolean: FieldKind {
        FieldKind("boolean") { text throws(FieldProblem) in
            switch text {
            case "1", "t", "T", "true", "TRUE", "True": return true
            case "0", "f", "F", "false", "FALSE", "False": return false
            default: throw FieldProblem("must be true or false")
            }
        }
    }
}

extension FieldKind where Value == Duration {
    /// A Go duration such as `1m30s`, or whole milliseconds.
    public static var duration: FieldKind {
        FieldKind("duration") { text throws(FieldProblem) in
            guard let value = GoDuration.parse(text) else {
                throw FieldProblem("must be a duration such as 30s or 1m30s, or a whole number of milliseconds")
            }
            guard value >= .zero else { throw FieldProblem("must not be negative") }
            return value
        }
        .writing { "\($0 / .milliseconds(1))ms" }
    }
}

extension FieldKind where Value == [String] {
    /// Texts between commas, each trimmed.
    public static var list: FieldKind {
        FieldKind("list") { text in
            text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
        }
        .writing { $0.joined(separator: ",") }
    }
}

extension FieldKind where Value == [String: String] {
    /// `name=value` pairs between commas; neither part may hold `=` or a comma.
    public static var map: FieldKind {
        FieldKind("map") { text throws(FieldProblem) in
            var map: [String: String] = [:]
            for pair in text.split(separator: ",", omittingEmptySubsequences: false) {
                let parts = pair.split(separator: "=", omittingEmptySubsequences: false)
                guard parts.count == 2 else { throw FieldProblem("must be pairs such as name=value,other=value") }
                map[parts[0].trimmingCharacters(in: .whitespaces)] = parts[1].trimmingCharacters(in: .whitespaces)
            }
            return map
        }
        .writing { $0.map { "\($0)=\($1)" }.sorted().joined(separator: ",") }
    }
}

extension FieldKind where Value == LabelSelector {
    /// A label selector in its text form.
    public static var selector: FieldKind {
        FieldKind("label selector") { text throws(FieldProblem) in
            do throws(LabelSelector.ParseError) {
                return try LabelSelector(parsing: text)
            } catch {
                throw FieldProblem("must be a label selector such as app=web: \(error)")
            }
        }
    }
}

extension FieldKind where Value == WebAddress.Parsed {
    /// An http or https URL; credentials in it are kept apart.
    public static var address: FieldKind {
        FieldKind("URL") { text throws(FieldProblem) in
            do throws(OutboundError) {
                return try WebAddress.parse(text)
            } catch {
                throw FieldProblem("must be a URL such as http://prometheus.monitoring:9090")
            }
        }
    }
}

/// Numbers as JSON writes them.
///
/// Read byte by byte: a regular expression is compiled anew each time, which took a twentieth of the time in which
/// hundreds of objects begin.
///
/// - Source: RFC 8259, section 6.
private enum JSONNumber {
    /// Digits without a leading zero, perhaps a minus.
    static func isInteger(_ text: String) -> Bool {
        afterInteger(text.utf8[...])?.isEmpty == true
    }

    /// Perhaps a fraction, perhaps an exponent.
    static func isNumber(_ text: String) -> Bool {
        guard var rest = afterInteger(text.utf8[...]) else { return false }
        if rest.first == UInt8(ascii: ".") {
            guard let after = afterDigits(rest.dropFirst()) else { return false }
            rest = after
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard let after = afterDigits(rest) else { return false }
            rest = after
        }
        return rest.isEmpty
    }

    /// What follows a whole number; `nil` if there is none.
    private static func afterInteger(_ text: Substring.UTF8View) -> Substring.UTF8View? {
        let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text
        return digits.first == UInt8(ascii: "0") ? digits.dropFirst() : afterDigits(digits)
    }

    /// What follows digits; `nil` if there are none.
    private static func afterDigits(_ text: Substring.UTF8View) -> Substring.UTF8View? {
        let rest = text.drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return rest.startIndex == text.startIndex ? nil : rest
    }
}
