import ScalerKit

extension ContractCase {
    /// What the schema leaves out or gets wrong.
    func schemaFaults() -> [Fault] {
        let schema = S.schema
        var found: [String] = []
        if schema.type.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) == nil {
            found.append("type \"\(schema.type)\" is not in lower case with hyphens")
        }
        if !Self.isSentence(schema.summary) { found.append("the summary is no sentence that ends with a full stop") }
        let names = schema.fields.flatMap(\.names) + schema.retired
        for name in Set(names).sorted() where names.count(where: { $0 == name }) > 1 {
            found.append("\(name) is declared twice")
        }
        return found.map { Fault(promise: .schema, observation: $0) } + schema.fields.flatMap(faults(in:))
    }

    /// What one setting leaves out or gets wrong.
    private func faults(in field: any AnyField) -> [Fault] {
        let name = field.names.first ?? ""
        var found: [String] = []
        if field.names.isEmpty || field.names.contains(where: \.isEmpty) { found.append("has an empty name") }
        if field.names.contains(where: { $0.hasSuffix("FromEnv") }) { found.append("has a name that ends in FromEnv") }
        if !Self.isSentence(field.help) { found.append("has a help that is no sentence that ends with a full stop") }
        if field.typeName.isEmpty { found.append("does not say what it must be") }
        if field.sources.isEmpty { found.append("may stand nowhere") }
        if Set(field.sources).count != field.sources.count { found.append("has one source twice") }
        if field.isRequired, field.defaultText != nil { found.append("is required and has a default") }
        if let text = field.defaultText {
            if field.isSecret { found.append("is a secret and has a default") }
            // A default is shown to people as what they might have written.
            if let problem = field.problem(with: text) { found.append("has the default \"\(text)\", which \(problem)") }
        }
        return found.map { Fault(promise: .schema, observation: "\(name) \($0)") }
    }

    /// Whether a text begins with a capital, a digit or code and ends with a full stop.
    private static func isSentence(_ text: String) -> Bool {
        guard let first = text.first, text.count > 3, text.hasSuffix(".") else { return false }
        return !first.isLowercase && !first.isWhitespace
    }
}
