internal import KubeModel

/// A path that leads to one value in JSON, in the part of GJSON's syntax that metrics need.
///
/// Keys and indexes joined by dots; `*` and `?` in keys; `\` before a sign that is meant as such; `#` for the length of
/// a list, `#.key` for that of each element; `#(key==value)` for the first element that fits and `#(key==value)#` for
/// all; `|` where the next step is for the result and not for each element. Modifiers (`@…`), literals (`!…`),
/// multipaths (`{…}`, `[…]`) and JSON lines (`..`) are refused.
///
/// - Source: GJSON, `SYNTAX.md`. Where a wildcard fits several keys, GJSON takes the first in the text; here it is the
///   first in the order of the alphabet, as objects keep no other.
struct GJSONPath: Sendable, Hashable, CustomStringConvertible {
    /// Bytes that a path may have.
    static let lengthLimit = 1024

    /// One step.
    enum Step: Sendable, Hashable {
        /// A key of an object, or an index of a list.
        case member(Wildcard)
        /// All elements of a list; their number if this is the last step.
        case elements
        /// The first element of a list that fits.
        case first(GJSONQuery)
        /// All elements of a list that fit.
        case all(GJSONQuery)
    }

    /// Steps up to each `|`; a step after `#` is taken in each element, a step after `|` in the list of results.
    let stages: [[Step]]
    /// As it was written.
    private let text: String

    /// Takes what was read.
    init(_ stages: [[Step]], text: String) {
        self.stages = stages
        self.text = text
    }

    /// As it was written, cut where it is very long.
    var description: String { "\"\(text.prefix(200))\"" }

    /// The value that the path leads to.
    ///
    /// - Complexity: O(steps × values in the document), times the length of patterns where there are wildcards.
    func value(in document: JSONValue) -> JSONValue? {
        var value = document
        for stage in stages {
            guard let next = Self.walk(stage[...], in: value) else { return .none }
            value = next
        }
        return value
    }

    /// The value that some steps lead to.
    private static func walk(_ steps: ArraySlice<Step>, in value: JSONValue) -> JSONValue? {
        guard let step = steps.first else { return value }
        let rest = steps.dropFirst()
        switch (step, value) {
        case (.member(let name), .object(let members)):
            if let key = name.literal { return members[key].flatMap { walk(rest, in: $0) } }
            for (key, member) in members.sorted(by: { $0.key < $1.key }) where name.matches(key) {
                if let found = walk(rest, in: member) { return found }
            }
            return .none
        case (.member(let name), .array(let elements)):
            guard let text = name.literal, let index = Int(text), elements.indices.contains(index) else { return .none }
            return walk(rest, in: elements[index])
        case (.elements, .object(let members)):
            return members["#"].flatMap { walk(rest, in: $0) }
        case (.elements, .array(let elements)):
            guard !rest.isEmpty else { return .integer(Int64(elements.count)) }
            return .array(elements.compactMap { walk(rest, in: $0) })
        case (.first(let query), .array(let elements)):
            return elements.first(where: query.matches).flatMap { walk(rest, in: $0) }
        case (.all(let query), .array(let elements)):
            return .array(elements.filter(query.matches).compactMap { walk(rest, in: $0) })
        case (_, .null), (_, .bool), (_, .integer), (_, .number), (_, .string), (.first, .object), (.all, .object):
            return .none
        }
    }
}
