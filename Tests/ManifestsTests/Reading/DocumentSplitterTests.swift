import Testing

@testable import Manifests

@Suite struct DocumentSplitterTests {
    @Test(
        arguments: [
            ("", []),
            ("a: 1", [("a: 1", 0)]),
            ("a: 1\n---\nb: 2\n", [("a: 1\n", 0), ("---\nb: 2\n", 1)]),
            ("---\na: 1\n--- # next\nb: 2", [("---\na: 1\n", 0), ("--- # next\nb: 2", 2)]),
            ("# note\n\n---\na: 1", [("# note\n\n---\na: 1", 0)]),
            ("%YAML 1.1\n---\na: 1", [("%YAML 1.1\n---\na: 1", 0)]),
            ("---\n---\na: 1", [("---\n", 0), ("---\na: 1", 1)]),
            ("a: |\n  x\n ---\n  y\n---x: 1", [("a: |\n  x\n ---\n  y\n---x: 1", 0)]),
            ("a: 1\r\n---\r\nb: 2\r\n", [("a: 1\r\n", 0), ("---\r\nb: 2\r\n", 1)]),
            ("a: 1\n---", [("a: 1\n", 0), ("---", 1)]),
        ] as [(String, [(String, Int)])]
    )
    func `a text is cut where a line is three dashes`(text: String, pieces: [(String, Int)]) {
        let expected = pieces.map { DocumentSplitter.Piece(text: $0.0, linesAbove: $0.1) }
        #expect(DocumentSplitter.pieces(of: text) == expected)
    }
}
