internal import KubeModel
internal import Yams

/// Reads the YAML of one piece of a text.
enum YAMLText {
    /// What a piece came to.
    struct Outcome {
        /// The documents before the first problem; usually one.
        var documents: [LocatedValue] = []
        /// The first problem.
        var problem: YAMLProblem?
    }

    /// Reads a piece; documents that are empty are left out.
    static func read(_ piece: DocumentSplitter.Piece) -> Outcome {
        let aliases = AliasCheck(piece.text)
        if let line = aliases.lineOfKey() {
            return Outcome(problem: .complexKey(at: Position(line: line, column: 1).below(piece.linesAbove)))
        }
        var outcome = Outcome()
        do {
            let parser = try Parser(yaml: piece.text, resolver: .basic, encoding: .utf8)
            outcome.problem = read(from: parser, piece, into: &outcome.documents)
            if outcome.problem != nil, aliases.findsAny { keepForever(parser) }
        } catch {
            outcome.problem = problem(of: error, in: piece)
        }
        if let problem = outcome.problem, piece.line(of: problem.position).contains("{{") {
            let message = "this is a template; render it first: helm template … | swell validate -f -"
            outcome.problem = YAMLProblem(position: problem.position, message: message)
        }
        return outcome
    }

    /// Reads all documents that a parser gives; the first problem ends it.
    private static func read(
        from parser: Parser,
        _ piece: DocumentSplitter.Piece,
        into documents: inout [LocatedValue]
    ) -> YAMLProblem? {
        var tree = YAMLTree(bytes: piece.text.utf8.count, linesAbove: piece.linesAbove)
        do {
            while let root = try parser.nextRoot() {
                let document = try tree.build(root)
                if document.value != .null { documents.append(document) }
            }
            return nil
        } catch let error as YAMLProblem {
            return error
        } catch {
            return problem(of: error, in: piece)
        }
    }

    /// Keeps the parser of a text with aliases that was given up, and with it all nodes that have names.
    ///
    /// Chained aliases make trees that are as deep as the text is long; to release one, Swift recurses to its bottom
    /// and would overflow the stack. What is kept is no larger than a few times the text.
    private static func keepForever(_ parser: Parser) {
        _ = Unmanaged.passRetained(parser)
    }

    /// What Yams says, with a place in the whole file, without any of its text.
    private static func problem(of error: any Error, in piece: DocumentSplitter.Piece) -> YAMLProblem {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let position = Position(line: mark.line, column: mark.column).below(piece.linesAbove)
            if problem.contains("nesting level") { return .tooDeep(at: position) }
            var message = "this is not valid YAML: \(problem)"
            if let context { message += " \(context.text) that begins in line \(context.mark.line + piece.linesAbove)" }
            message += "; " + advice(on: problem, in: piece.line(of: position))
            return YAMLProblem(position: position, message: message)
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            let position = Position(line: context.mark.line, column: context.mark.column).below(piece.linesAbove)
            let names = keys.map { "\"\($0)\"" }.joined(separator: ", ")
            return YAMLProblem(position: position, message: "\(names) stands twice in this object; keep one")
        case YamlError.reader(_, let offset, _, let yaml):
            let lines = yaml.prefix(offset ?? 0).utf8.count { $0 == UInt8(ascii: "\n") }
            return YAMLProblem(
                position: Position(line: lines + 1, column: 1).below(piece.linesAbove),
                message: "this is not valid YAML: a control character stands here; remove it"
            )
        default:
            return YAMLProblem(position: .start.below(piece.linesAbove), message: "this is not valid YAML")
        }
    }

    /// What to try.
    private static func advice(on problem: String, in line: Substring) -> String {
        if line.contains("\t") { return "indent with spaces, not with tabs" }
        if problem.contains("undefined alias") { return "an alias needs an anchor further up in its document" }
        if problem.contains("mapping values are not allowed") || problem.contains("cannot start any token") {
            return "quote the text, or check the indentation"
        }
        return "check indentation, colons and quotes here and in the lines above"
    }
}
