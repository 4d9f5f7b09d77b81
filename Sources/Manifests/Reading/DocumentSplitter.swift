/// Cuts a text at its `---` lines, so that a mistake in one document does not hide the others.
///
/// YAML allows `---` at the start of a line nowhere but between documents, not even inside quotes.
///
/// - Source: YAML 1.1, section 9.1; kubectl cuts in the same way.
enum DocumentSplitter {
    /// One document's text.
    struct Piece: Equatable {
        /// Its lines, the `---` among them.
        let text: String
        /// How many lines stand above.
        let linesAbove: Int

        /// The line of a place in the whole file; empty when it is not in this piece.
        ///
        /// - Complexity: O(bytes).
        func line(of position: Position) -> Substring {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let index = position.line - linesAbove - 1
            return lines.indices.contains(index) ? lines[index] : ""
        }
    }

    /// The documents of a text.
    ///
    /// What stands before a first `---` and says nothing (comments, `%` directives) stays with what follows.
    ///
    /// - Complexity: O(bytes).
    static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        let bytes = text.utf8
        var (start, lineStart) = (bytes.startIndex, bytes.startIndex)
        var (linesAbove, line) = (0, 0)
        var saysSomething = false
        while lineStart < bytes.endIndex {
            let lineEnd = bytes[lineStart...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
            let content = bytes[lineStart..<lineEnd]
            if isMarker(content) {
                if saysSomething {
                    pieces.append(Piece(text: String(text[start..<lineStart]), linesAbove: linesAbove))
                    (start, linesAbove) = (lineStart, line)
                }
                saysSomething = true
            } else if let first = content.first(where: { !isBlank($0) }) {
                let isAside = first == UInt8(ascii: "#") || content.first == UInt8(ascii: "%")
                saysSomething = saysSomething || !isAside
            }
            lineStart = lineEnd < bytes.endIndex ? bytes.index(after: lineEnd) : lineEnd
            line += 1
        }
        if start < bytes.endIndex { pieces.append(Piece(text: String(text[start...]), linesAbove: linesAbove)) }
        return pieces
    }

    /// Whether a line is `---`, perhaps with something after white space.
    private static func isMarker(_ line: Substring.UTF8View) -> Bool {
        guard line.starts(with: "---".utf8) else { return false }
        return line.dropFirst(3).first.map(isBlank) ?? true
    }

    /// Space, tab or the first half of a Windows line end.
    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}
