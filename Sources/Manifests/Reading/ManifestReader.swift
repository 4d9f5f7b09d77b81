internal import KubeModel

/// Manifests that were read, and what could not be.
public struct ManifestReading: Sendable {
    /// The files as they were named, in order.
    public var files: [String] = []
    /// The objects, in order.
    public var manifests: [Manifest] = []
    /// What could not be read; all of it errors.
    public var problems: [Finding] = []

    /// Nothing yet.
    public init() {}

    /// Reads a text: YAML or JSON, one document or many, lists taken apart.
    ///
    /// - Parameters:
    ///   - text: the text of a whole file.
    ///   - file: what to call it.
    /// - Complexity: O(bytes).
    public mutating func add(_ text: String, from file: String) {
        files.append(file)
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        for piece in DocumentSplitter.pieces(of: text) {
            var outcome = YAMLText.read(piece)
            if outcome.problem != nil, outcome.documents.isEmpty, let document = Self.json(piece) {
                outcome = YAMLText.Outcome(documents: [document])
            }
            for document in outcome.documents {
                manifests += Manifest(file: file, content: document.value, map: document.map).flattened
            }
            if let problem = outcome.problem {
                problems.append(Finding(file: file, position: problem.position, .error, problem.message))
            }
        }
    }

    /// Notes that a file could not be read at all.
    public mutating func addUnreadable(_ file: String, _ message: String) {
        files.append(file)
        problems.append(Finding(file: file, position: nil, .error, message))
    }

    /// A piece that is JSON and no YAML, as with escaped surrogate pairs; where its parts stand is then not known.
    private static func json(_ piece: DocumentSplitter.Piece) -> LocatedValue? {
        guard let first = piece.text.first(where: { !$0.isWhitespace }), first == "{" || first == "[" else {
            return nil
        }
        // What is no JSON either is told as YAML.
        guard let value = try? KubeJSON.decode(JSONValue.self, from: Array(piece.text.utf8)) else { return nil }
        return LocatedValue(value: value, map: SourceMap(at: .start.below(piece.linesAbove)))
    }
}
