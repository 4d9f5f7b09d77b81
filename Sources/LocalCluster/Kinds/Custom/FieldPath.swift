import KubeModel

/// The part of JSONPath that printer columns use: `.a.b`, `['a.b']`, `[0]`, `[*]` and `[?(@.type=="Ready")]`.
///
/// - Source: Kubernetes, "JSONPath Support".
struct FieldPath: Sendable, Hashable {
    /// One step into a value.
    enum Step: Sendable, Hashable {
        /// A member.
        case member(String)
        /// An element; from the end if negative.
        case element(Int)
        /// All elements or members.
        case all
        /// Elements whose member has a value.
        case filter(path: [String], equals: String)
    }

    /// In order.
    let steps: [Step]

    /// Reads a path; `nil` for what this part of JSONPath does not have.
    init?(parsing text: String) {
        var rest = Substring(text)
        if rest.hasPrefix("$") { rest.removeFirst() }
        var steps: [Step] = []
        while !rest.isEmpty {
            guard let step = Self.step(&rest) else { return nil }
            steps.append(step)
        }
        self.steps = steps
    }

    /// The first value on the path, if there is any.
    func first(in value: JSONValue) -> JSONValue? {
        steps.reduce([value]) { found, step in found.flatMap { Self.follow(step, in: $0) } }.first
    }

    /// Where one step leads.
    private static func follow(_ step: Step, in value: JSONValue) -> [JSONValue] {
        switch step {
        case .member(let name): value[name].map { [$0] } ?? []
        case .all: value.array ?? value.object.map { $0.sorted { $0.key < $1.key }.map(\.value) } ?? []
        case .element(let index):
            value.array.flatMap { list in
                let position = index < 0 ? list.count + index : index
                return list.indices.contains(position) ? [list[position]] : nil
            } ?? []
        case .filter(let path, let wanted):
            (value.array ?? [])
                .filter { element in
                    switch element[at: path] {
                    case .string(let text): text == wanted
                    case .bool(let flag): String(flag) == wanted
                    case .integer(let number): String(number) == wanted
                    case .none, .null, .number, .array, .object: false
                    }
                }
        }
    }

    /// Takes one step off the front.
    private static func step(_ rest: inout Substring) -> Step? {
        if rest.hasPrefix("[") {
            guard let end = closing(rest) else { return nil }
            let inner = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
            return bracket(inner)
        }
        if rest.hasPrefix(".") { rest.removeFirst() }
        var name = ""
        while let next = rest.first, next != ".", next != "[" {
            rest.removeFirst()
            if next == "\\", let escaped = rest.popFirst() { name.append(escaped) } else { name.append(next) }
        }
        return name.isEmpty ? nil : name == "*" ? .all : .member(name)
    }

    /// Where the bracket at the front closes, quotes aside.
    private static func closing(_ text: Substring) -> Substring.Index? {
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == "]" {
                return index
            }
        }
        return nil
    }

    /// What stands between brackets.
    private static func bracket(_ inner: Substring) -> Step? {
        if inner == "*" { return .all }
        if let index = Int(inner) { return .element(index) }
        if let name = unquoted(inner) { return .member(name) }
        guard let match = inner.wholeMatch(of: /\?\(\s*@\.(?<path>[A-Za-z0-9_.\-]+)\s*==\s*(?<value>.+?)\s*\)/) else {
            return nil
        }
        let value = unquoted(match.value) ?? String(match.value)
        return .filter(path: match.path.split(separator: ".").map(String.init), equals: value)
    }

    /// A text without the quotes around it; `nil` if it has none.
    private static func unquoted(_ text: Substring) -> String? {
        guard let first = text.first, first == "'" || first == "\"", text.last == first, text.count >= 2 else {
            return nil
        }
        return String(text.dropFirst().dropLast())
    }
}
