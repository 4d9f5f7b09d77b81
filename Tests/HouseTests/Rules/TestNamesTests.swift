import Foundation
import Testing

/// Tests are named by what they prove.
@Suite struct TestNamesTests {
    /// The functions of a file that are marked as tests, by line and name as written.
    static func tests(in file: SourceFile) throws -> [(line: Int, name: String)] {
        // Blanked code has the length of the text in bytes, not in characters: names are read from the text by bytes.
        let text = Array(file.text.utf8)
        let code = Array(file.code.utf8)
        let marks = try file.matches(of: #"@Test\b"#, in: \.code)
        return marks.compactMap { mark in
            let start = file.code.utf16.index(file.code.startIndex, offsetBy: mark.end)
            let offset = file.code.utf8.distance(from: file.code.startIndex, to: start)
            guard let function = code[offset...].firstRange(of: Array("func ".utf8)) else { return nil }
            let name = text[function.upperBound...].prefix { $0 != UInt8(ascii: "\n") }
            return (mark.line, String(decoding: name, as: UTF8.self))
        }
    }

    /// Whether a function's name, as written, is a sentence in backticks.
    static func isSentence(_ name: String) -> Bool {
        guard name.hasPrefix("`") else { return false }
        return name.dropFirst().prefix { $0 != "`" }.contains(" ")
    }

    @Test func `tests are named by sentences in backticks`() throws {
        let named = try House.swift.filter { $0.path.hasPrefix("Tests/") }
            .flatMap { file in
                try Self.tests(in: file).map { (file, $0.line, $0.name) }
            }
        #expect(named.count > 100)
        let bad = named.filter { !Self.isSentence($0.2) }
        expectNone(bad.map { Finding($0.0.path, $0.1, "func \($0.2)") }, "a test's name is a sentence in backticks")
    }

    @Test func `marks, arguments and names are told apart`() throws {
        let file = SourceFile(
            path: "x.swift",
            text: """
                // @Test func no()
                @Test func `ä sentence`() {}
                @Test(arguments: ["func x", "(é"])
                func short(x: Int) {}
                """
        )
        let tests = try Self.tests(in: file)
        #expect(tests.map(\.line) == [2, 3])
        #expect(tests.map { Self.isSentence($0.name) } == [true, false])
    }
}
