import Foundation

/// One file, and what of it is code.
struct SourceFile: Sendable {
    /// From the root of the repository.
    let path: String
    /// The file as it is.
    let text: String
    /// Comments, literals and the insides of backticks blanked out; line for line as long as ``text``.
    let code: String
    /// Only comments blanked out.
    let commentless: String

    /// Reads a file; only Swift is taken apart.
    init(path: String, text: String) {
        self.path = path
        self.text = text
        guard path.hasSuffix(".swift") else {
            (self.code, self.commentless) = (text, text)
            return
        }
        let pieces = SwiftLexer.split(text)
        self.code = pieces.keeping([.code])
        self.commentless = pieces.keeping([.code, .literal, .name])
    }

    /// `Telemetry` for `Sources/Telemetry/Logs/LogFormat.swift`.
    var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    /// `LogFormat.swift`.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// How many lines it has.
    var lineCount: Int { text.utf8.count { $0 == UInt8(ascii: "\n") } }

    /// A place in the file.
    struct Match {
        /// Counts from 1.
        let line: Int
        /// What the pattern's first group holds, or all that was matched.
        let text: String
        /// Where that ends, counted in UTF-16.
        let end: Int
    }

    /// Where a pattern fits in one of the file's texts.
    ///
    /// - Throws: what Foundation says of a bad pattern.
    func matches(of pattern: String, in part: KeyPath<SourceFile, String>) throws -> [Match] {
        let text = self[keyPath: part] as NSString
        let expression = try NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines])
        let all = NSRange(location: 0, length: text.length)
        return expression.matches(in: text as String, range: all)
            .map { match in
                let before = text.substring(to: match.range.location)
                let group = match.numberOfRanges > 1 ? match.range(at: 1) : match.range
                let range = group.location == NSNotFound ? match.range : group
                return Match(
                    line: before.utf8.count { $0 == UInt8(ascii: "\n") } + 1,
                    text: text.substring(with: range),
                    end: match.range.location + match.range.length
                )
            }
    }
}
