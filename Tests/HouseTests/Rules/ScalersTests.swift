import Testing

/// A scaler is a file, a line in the registry, a test that runs the contract, and a line for users.
@Suite struct ScalersTests {
    /// The folder of all scalers.
    static let folder = "Sources/Scalers/"

    /// The names of all types that a file named `…Scaler.swift` holds.
    static var files: [String: SourceFile] {
        let files = House.swift.filter { $0.path.hasPrefix(folder) && $0.name.hasSuffix("Scaler.swift") }
        return Dictionary(files.map { (String($0.name.dropLast(6)), $0) }) { first, _ in first }
    }

    /// The types that the registry lists.
    static var registered: Set<String> {
        get throws {
            let registry = try House.file(folder + "Registry.swift")
            return Set(try registry.matches(of: #"\b(\w+)\.self"#, in: \.code).map(\.text))
        }
    }

    @Test func `every scaler is registered, and everything registered is a scaler in a file of its name`() throws {
        let (files, registered) = (Self.files, try Self.registered)
        let forgotten = files.filter { !registered.contains($0.key) }
            .map { Finding($0.value.path, "add \($0.key).self to Registry.swift") }
        let strange = registered.subtracting(files.keys)
            .map { Finding(Self.folder + "Registry.swift", "no file is called \($0).swift") }
        #expect(!registered.isEmpty)
        expectNone(forgotten + strange, "Registry.swift lists every scaler")
    }

    @Test func `every scaler has tests, and they run the contract`() throws {
        let findings = try Self.files.keys.sorted()
            .flatMap { name -> [Finding] in
                let tests = House.swift.filter {
                    $0.path.hasPrefix("Tests/ScalersTests/") && $0.name == "\(name)Tests.swift"
                }
                guard let file = tests.first else { return [Finding("Tests/ScalersTests", "lacks \(name)Tests.swift")] }
                let runs = try file.matches(of: #"ScalerContract\.verify\(\s*\#(name)\.self"#, in: \.code)
                return runs.isEmpty ? [Finding(file.path, "call ScalerContract.verify(\(name).self, …)")] : []
            }
        expectNone(findings, "every scaler keeps the contract")
    }

    @Test func `every trigger type is documented`() throws {
        let pages = try ["README.md", "docs/compatibility.md"].filter(House.has).map(House.file)
        let findings = try Self.files.values.sorted { $0.path < $1.path }
            .flatMap { file -> [Finding] in
                let type = try file.matches(of: #"ScalerSchema\(\s*"([^"]+)""#, in: \.commentless).first?.text
                guard let type else { return [Finding(file.path, "declares no ScalerSchema(\"type\", …)")] }
                if House.has("docs/triggers") {
                    return House.has("docs/triggers/\(type).md")
                        ? [] : [Finding(file.path, "write docs/triggers/\(type).md")]
                }
                let isNamed = try pages.contains { try !$0.matches(of: #"`\#(type)`"#, in: \.text).isEmpty }
                return isNamed ? [] : [Finding(file.path, "name `\(type)` in README.md or docs/compatibility.md")]
            }
        expectNone(findings, "users find every trigger type")
    }
}
