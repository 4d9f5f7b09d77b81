import Foundation
import Testing

/// What every file has to look like.
@Suite struct FilesTests {
    /// How long a file of code may get; near it, look for a seam.
    static let longest = 400

    /// Ends of names of files that hold code.
    static let code = [".swift", ".c", ".h", ".sh"]

    /// Ends of names of files in which a tab is no indentation.
    static let tabless = [".swift", ".c", ".h", ".yaml", ".yml", ".json", ".md"]

    /// Files that speak of what is forbidden in them.
    static let exemptions = [
        Exemption("note", in: "Tests/HouseTests/Rules/FilesTests.swift", because: "names the words it looks for"),
        Exemption(
            "path",
            in: "Tests/KubeClientTests/Configuration/KubeconfigTests.swift",
            because: "a kubeconfig of a made-up user"
        ),
    ]

    /// The files whose names end so.
    static func texts(_ endings: [String]) -> [SourceFile] {
        House.texts.filter { file in endings.contains { file.name.hasSuffix($0) } }
    }

    /// Where a pattern stands in any text, less what is exempt.
    static func search(_ rule: String, _ pattern: String, _ what: String) throws -> [Finding] {
        let found = try House.texts.flatMap { file in
            try file.matches(of: pattern, in: \.text).map { (rule: rule, path: file.path, line: $0.line) }
        }
        return exemptions.filter { $0.rule == rule }.apply(to: found) { _ in what }
    }

    @Test func `the repository is found`() {
        #expect(House.has("Package.swift") && House.has("Sources") && House.swift.count > 100)
    }

    @Test func `no file is longer than four hundred lines`() {
        let long = Self.texts(Self.code).filter { $0.lineCount > Self.longest }
        expectNone(long.map { Finding($0.path, $0.lineCount, "find a seam and split it") }, "files stay short")
    }

    @Test func `every file ends with one newline`() {
        let odd = House.texts.filter { !$0.text.isEmpty && (!$0.text.hasSuffix("\n") || $0.text.hasSuffix("\n\n")) }
        expectNone(odd.map { Finding($0.path, $0.lineCount, "end it with one newline") }, "files end with a newline")
    }

    @Test func `nothing is indented with tabs`() throws {
        let tabs = try Self.texts(Self.tabless)
            .flatMap { file in
                try file.matches(of: "^ *\t", in: \.text).map { Finding(file.path, $0.line, "indent with spaces") }
            }
        expectNone(tabs, "indentation is spaces")
    }

    @Test func `nothing is left to do in comments`() throws {
        expectNone(
            try Self.search("note", #"\b(TODO|FIXME|XXX)\b"#, "do it, or open an issue"),
            "no notes are left in the code"
        )
    }

    @Test func `no text holds a path of somebody's machine`() throws {
        let pattern = #"(?<![\w.}~/-])/(Users|home|root|work|private/var)/[\w.-]"#
        expectNone(
            try Self.search("path", pattern, "name no folder of a development machine"),
            "paths of development machines stay out"
        )
    }
}
