internal import KubeModel

/// Where the number is in a text, and how it is written there.
struct ValueExtraction: Sendable, Hashable {
    /// Where it is.
    enum Place: Sendable, Hashable {
        /// The text is the number.
        case number
        /// In JSON.
        case json(GJSONPath)
        /// In YAML.
        case yaml(DottedPath)
    }

    /// Where it is.
    private let place: Place
    /// How it is written.
    private let kind: NumberKind

    /// Takes a place and a kind.
    init(_ place: Place, as kind: NumberKind) {
        self.place = place
        self.kind = kind
    }

    /// The number in a text.
    ///
    /// - Throws: ``ValueProblem``, which names the path.
    func number(in text: String) throws(ValueProblem) -> Double {
        switch place {
        case .number: return try kind.number(written: text)
        case .json(let path):
            let document: JSONValue
            do throws(JSONSyntaxError) {
                document = try JSONValue(parsing: Array(text.utf8))
            } catch {
                throw ValueProblem("what it holds is not JSON")
            }
            guard let value = path.value(in: document) else {
                throw ValueProblem("path \(path) is not found in its JSON")
            }
            return try Self.naming(path) { () throws(ValueProblem) in try kind.number(in: value) }
        case .yaml(let path):
            guard let scalar = try YAMLDocument(text).scalar(at: path) else {
                throw ValueProblem("path \(path) is not found in its YAML, or leads to no single value")
            }
            return try Self.naming(path) { () throws(ValueProblem) in try kind.number(in: scalar) }
        }
    }

    /// Adds the path to what is wrong with its value.
    private static func naming(
        _ path: some CustomStringConvertible,
        _ read: () throws(ValueProblem) -> Double
    ) throws(ValueProblem) -> Double {
        do throws(ValueProblem) {
            return try read()
        } catch {
            throw ValueProblem("path \(path): \(error.message)")
        }
    }
}
