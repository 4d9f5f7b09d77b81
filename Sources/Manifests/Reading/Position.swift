internal import KubeModel

/// A place in a text, counted from 1; a column is one Unicode scalar wide.
public struct Position: Sendable, Hashable, Comparable {
    /// Line, from 1.
    public let line: Int
    /// Column, from 1.
    public let column: Int

    /// Makes a position.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Where every text begins.
    static let start = Position(line: 1, column: 1)

    /// The same place once `lines` lines stand above the text.
    func below(_ lines: Int) -> Position {
        Position(line: line + lines, column: column)
    }

    /// By line, then by column.
    public static func < (one: Position, other: Position) -> Bool {
        (one.line, one.column) < (other.line, other.column)
    }
}

/// Where the parts of a document stand in its file: a tree of the shape of its value.
public struct SourceMap: Sendable, Hashable {
    /// Where this part begins; for a member of an object, where its key stands.
    public let position: Position
    /// The members of an object.
    let members: [String: SourceMap]
    /// The elements of a list.
    let elements: [SourceMap]

    /// Makes a part.
    init(at position: Position, members: [String: SourceMap] = [:], elements: [SourceMap] = []) {
        self.position = position
        self.members = members
        self.elements = elements
    }

    /// The same part, seen from its key.
    func named(at key: Position) -> SourceMap {
        SourceMap(at: key, members: members, elements: elements)
    }

    /// The part that a path leads to; where the path goes on and the document does not, the last part on the way.
    ///
    /// - Complexity: O(steps).
    func part(at path: ValuePath) -> SourceMap {
        var part = self
        for step in path.steps {
            switch step {
            case .key(let key):
                guard let next = part.members[key] else { return part }
                part = next
            case .index(let index):
                guard part.elements.indices.contains(index) else { return part }
                part = part.elements[index]
            }
        }
        return part
    }
}
