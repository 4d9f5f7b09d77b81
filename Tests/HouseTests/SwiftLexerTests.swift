import Testing

@Suite struct SwiftLexerTests {
    /// What is left of a source when only code is kept; runs of spaces count as one.
    static func code(_ source: String) -> String {
        SwiftLexer.split(source).keeping([.code]).split(separator: " ").joined(separator: " ")
    }

    @Test(arguments: [
        ("a // print(x)", "a"),
        ("a /* b /* c */ d */ e", "a e"),
        ("a /* b", "a"),
        (#"f("print(x)")"#, "f( )"),
        (#"f("\(g(1)) t \(h)")"#, "f( g(1) h )"),
        (#"f("\"", x)"#, "f( , x)"),
        (##"f(#"a " \(b) \#(c)"#, x)"##, "f( c , x)"),
        ("f(\"\"\"\nprint(\"x\")\n\"\"\", y)", "f( \n \n , y)"),
        (#"f("\(g("\(h)"))", y)"#, "f( g( h ) , y)"),
        (#"split(of: /"(x)/, y)"#, "split(of: , y)"),
        (#"f(#/"//x/#) + z"#, "f( ) + z"),
        ("a / b; c / d", "a / b; c / d"),
        ("(a) / b // c / d", "(a) / b"),
        ("f(/)", "f(/)"),
        ("#if os(Linux)", "#if os(Linux)"),
        ("func `it's \"so\" // here`() {}", "func ` `() {}"),
        ("let s = \"open\nnext()", "let s = \nnext()"),
    ])
    func `only code is kept`(source: String, expected: String) {
        #expect(Self.code(source) == expected)
    }

    @Test func `every place stays where it was`() {
        let source = "let a = \"ä\"  // é\nlet b = 1 /* \n */ + 2\n"
        let kept = SwiftLexer.split(source).keeping([.code])
        #expect(kept.utf8.count == source.utf8.count)
        #expect(kept.utf8.enumerated().filter { $0.element == 10 }.map(\.offset) == [19, 33, 41])
    }

    @Test func `texts are kept where only comments are unwanted`() {
        let file = SourceFile(path: "x.swift", text: "f(\"a // b\")  // c")
        #expect(file.commentless.hasPrefix("f(\"a // b\")  ") && !file.commentless.contains("c"))
    }
}
