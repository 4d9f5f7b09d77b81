import ScalerKit

extension ContractCase {
    /// Misspelt keys that are taken for right ones, or are not answered with the right ones.
    func typoFaults() -> [Fault] {
        let unknown = S.schema.unknownKeys(in: texts.metadata)
            .map {
                Fault(promise: .typos, observation: "the sample has the key \($0.key), which the schema does not know")
            }
        let known = Set(S.schema.metadataKeys)
        return unknown
            + S.schema.fields.filter { $0.sources.contains(.metadata) }.flatMap(\.names)
            .compactMap { name in
                let typo = Self.misspell(name)
                if known.contains(typo) || S.schema.retired.contains(typo) { return nil }
                let answers = S.schema.unknownKeys(in: [typo: "x"])
                // Two names may differ in case only.
                if answers.first?.nearest?.lowercased() == name.lowercased() { return nil }
                return Fault(
                    promise: .typos,
                    observation: "\(typo) is answered with \(answers.first?.nearest ?? "nothing"), not with \(name)"
                )
            }
    }

    /// A name with the letter in its middle written twice.
    private static func misspell(_ name: String) -> String {
        var name = name
        let middle = name.index(name.startIndex, offsetBy: name.count / 2)
        name.insert(name[middle], at: middle)
        return name
    }
}
