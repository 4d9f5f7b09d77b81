/// The way from an object to a value inside it, such as `spec.triggers[0].metadata.query`.
public struct ValuePath: Sendable, Hashable, CustomStringConvertible {
    /// One step of the way.
    public enum Step: Sendable, Hashable {
        /// To a member of an object.
        case key(String)
        /// To an element of a list, from 0.
        case index(Int)
    }

    /// From the outside in; empty for the object itself.
    public var steps: [Step]

    /// A way of some steps.
    public init(_ steps: [Step] = []) {
        self.steps = steps
    }

    /// A way through members only.
    public init(_ keys: String...) {
        self.steps = keys.map(Step.key)
    }

    /// Reads what `description` writes: names between dots; whole numbers, and other names in quotes, in brackets.
    ///
    /// The rules of `Scaling` name their fields so.
    public init(parsing text: String) {
        self.steps = text.matches(of: /\[([0-9]+)\]|\["([^"]*)"\]|([^.\[\]]+)/)
            .compactMap { match in
                if let key = match.output.3 ?? match.output.2 { return .key(String(key)) }
                return match.output.1.flatMap { Int($0) }.map(Step.index)
            }
    }

    /// The way to a member of what this leads to.
    public func key(_ key: String) -> ValuePath { ValuePath(steps + [.key(key)]) }

    /// The way to an element of what this leads to.
    public func index(_ index: Int) -> ValuePath { ValuePath(steps + [.index(index)]) }

    /// One way after the other.
    public static func + (one: ValuePath, other: ValuePath) -> ValuePath { ValuePath(one.steps + other.steps) }

    /// As Kubernetes writes fields; keys that hold more than letters, digits, `-`, `_` and `/` stand in brackets.
    public var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where Self.isPlain(key): text += text.isEmpty ? key : ".\(key)"
            case .key(let key): text += "[\"\(key)\"]"
            }
        }
        return text
    }

    /// Whether a key can stand between dots.
    private static func isPlain(_ key: String) -> Bool {
        !key.isEmpty
            && key.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }
}
