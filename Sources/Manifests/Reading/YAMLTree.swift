internal import Foundation
internal import KubeModel
internal import Yams

/// Why a text is not the YAML of a manifest.
///
/// It never repeats the text, which may hold a secret.
struct YAMLProblem: Error, Hashable {
    /// Where.
    let position: Position
    /// What is wrong and what to do.
    let message: String
}

/// A document as a value, and where its parts stand.
struct LocatedValue {
    /// The value.
    var value: JSONValue
    /// Where its parts stand.
    var map: SourceMap
}

/// Turns Yams' nodes into values.
///
/// Aliases are already replaced by what they name, so that a few lines can stand for billions of nodes; the number of
/// nodes that are visited is therefore bounded, and so is their depth.
struct YAMLTree {
    /// How many levels objects and lists may lie in each other: more than any kind has, and fewer than our JSON reader takes.
    static let deepest = 200
    /// How many nodes a short document may have, aliases resolved.
    static let leastNodes = 100_000

    /// How many nodes may still be visited.
    private var budget: Int
    /// How many lines stand above the text.
    private let linesAbove: Int

    /// Starts with a budget that no document without aliases can exceed: a node takes a byte.
    init(bytes: Int, linesAbove: Int) {
        self.budget = max(bytes, Self.leastNodes)
        self.linesAbove = linesAbove
    }

    /// The value of a node, with all below it.
    ///
    /// - Complexity: O(nodes), aliases resolved, at most the budget.
    mutating func build(_ node: Node, depth: Int = 0) throws(YAMLProblem) -> LocatedValue {
        let position = position(of: node)
        budget -= 1
        guard budget >= 0 else {
            throw YAMLProblem(
                position: position,
                message: "aliases make this document too large; write out what they stand for"
            )
        }
        guard depth <= Self.deepest else {
            throw .tooDeep(at: position)
        }
        switch node {
        case .scalar(let scalar):
            return LocatedValue(value: try value(of: scalar, at: position), map: SourceMap(at: position))
        case .sequence(let sequence):
            var (values, maps): ([JSONValue], [SourceMap]) = ([], [])
            for element in sequence {
                let element = try build(element, depth: depth + 1)
                values.append(element.value)
                maps.append(element.map)
            }
            return LocatedValue(value: .array(values), map: SourceMap(at: position, elements: maps))
        case .mapping(let mapping):
            return try build(mapping, at: position, depth: depth)
        case .alias:
            // Yams puts the named node in an alias's place; this case is for nodes made by hand.
            throw YAMLProblem(position: position, message: "an alias names nothing")
        }
    }

    /// The value of a mapping.
    ///
    /// Its own keys win over those that `<<` merges, earlier merges over later ones.
    ///
    /// - Source: YAML, "Merge Key Language-Independent Type".
    private mutating func build(
        _ mapping: Node.Mapping,
        at position: Position,
        depth: Int
    ) throws(YAMLProblem) -> LocatedValue {
        var members: [String: JSONValue] = [:]
        var maps: [String: SourceMap] = [:]
        var merged: [LocatedValue] = []
        for (keyNode, valueNode) in mapping {
            let keyPosition = self.position(of: keyNode)
            let value = try build(valueNode, depth: depth + 1)
            if keyNode.scalar?.style == .plain, keyNode.scalar?.string == "<<" {
                merged += try sources(of: value, at: keyPosition)
                continue
            }
            let key = try key(of: keyNode, at: keyPosition)
            members[key] = value.value
            maps[key] = value.map.named(at: keyPosition)
        }
        for source in merged {
            members.merge(source.value.object ?? [:]) { own, _ in own }
            maps.merge(source.map.members) { own, _ in own }
        }
        return LocatedValue(value: .object(members), map: SourceMap(at: position, members: maps))
    }

    /// The objects that the value of a `<<` stands for: one, or several in a list.
    private func sources(of value: LocatedValue, at position: Position) throws(YAMLProblem) -> [LocatedValue] {
        let sources = value.value.array.map { zip($0, value.map.elements).map(LocatedValue.init) } ?? [value]
        guard sources.allSatisfy({ $0.value.object != nil }) else {
            throw YAMLProblem(position: position, message: "only objects can be merged with <<")
        }
        return sources
    }

    /// The text of a key.
    private func key(of node: Node, at position: Position) throws(YAMLProblem) -> String {
        guard let scalar = node.scalar else { throw .complexKey(at: position) }
        guard let key = scalar.style == .plain ? YAMLScalar.key(scalar.string) : scalar.string else {
            throw YAMLProblem(position: position, message: "a key is missing before the colon")
        }
        return key
    }

    /// The value of a single text; quotes and `!!str` keep it one.
    private func value(of scalar: Node.Scalar, at position: Position) throws(YAMLProblem) -> JSONValue {
        switch scalar.tag.rawValue {
        case Tag.Name.implicit.rawValue where scalar.style == .plain, Tag.Name.int.rawValue, Tag.Name.float.rawValue,
            Tag.Name.bool.rawValue, Tag.Name.null.rawValue:
            guard let value = YAMLScalar.value(of: scalar.string) else {
                throw YAMLProblem(
                    position: position,
                    message: "Kubernetes has no numbers without end or value; quote it if it is text"
                )
            }
            return value
        case Tag.Name.binary.rawValue:
            guard let bytes = Data(base64Encoded: scalar.string, options: .ignoreUnknownCharacters) else {
                throw YAMLProblem(position: position, message: "this is not base64, which !!binary asks for")
            }
            return .string(String(decoding: bytes, as: UTF8.self))
        default:
            return .string(scalar.string)
        }
    }

    /// Where a node begins, in the whole file.
    private func position(of node: Node) -> Position {
        (node.mark.map { Position(line: $0.line, column: $0.column) } ?? .start).below(linesAbove)
    }
}

extension YAMLProblem {
    /// More levels than anyone needs.
    static func tooDeep(at position: Position) -> YAMLProblem {
        YAMLProblem(
            position: position,
            message: "objects and lists may lie at most \(YAMLTree.deepest) deep in each other"
        )
    }

    /// A key that is an object, a list or an alias.
    static func complexKey(at position: Position) -> YAMLProblem {
        YAMLProblem(position: position, message: "a key must be a plain text; write it out")
    }
}
