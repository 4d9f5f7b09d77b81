import KubeModel
import Testing

@Suite struct LabelSelectorTests {
    @Test(
        arguments: [
            ("", "", []),
            ("a=b", "a=b", [.isIn("a", ["b"])]),
            ("a==b", "a=b", [.isIn("a", ["b"])]),
            ("a=", "a=", [.isIn("a", [""])]),
            ("a!=b", "a notin (b)", [.isNotIn("a", ["b"])]),
            (" a = b , c ", "a=b,c", [.isIn("a", ["b"]), .exists("c")]),
            ("a in (x, y)", "a in (x,y)", [.isIn("a", ["x", "y"])]),
            ("a in (x)", "a=x", [.isIn("a", ["x"])]),
            ("a notin (x,y)", "a notin (x,y)", [.isNotIn("a", ["x", "y"])]),
            ("a in (,x)", "a in (,x)", [.isIn("a", ["", "x"])]),
            ("!a", "!a", [.isAbsent("a")]),
            ("a>5,b<-2", "a>5,b<-2", [.isGreater("a", 5), .isLess("b", -2)]),
            ("in=notin", "in=notin", [.isIn("in", ["notin"])]),
            ("notin notin (in)", "notin notin (in)", [.isNotIn("notin", ["in"])]),
            ("in", "in", [.exists("in")]),
            (
                "scaledobject.keda.sh/name=my-so", "scaledobject.keda.sh/name=my-so",
                [.isIn("scaledobject.keda.sh/name", ["my-so"])]
            ),
            ("index", "index", [.exists("index")]),
            ("a in(x)", "a=x", [.isIn("a", ["x"])]),
        ] as [(String, String, [LabelSelector.Requirement])]
    )
    func `the text form is read and written`(text: String, canonical: String, expected: [LabelSelector.Requirement])
        throws
    {
        let selector = try LabelSelector(parsing: text)
        #expect(selector.requirements == expected)
        #expect(selector.description == canonical)
        #expect(try LabelSelector(parsing: canonical) == selector)
    }

    @Test(arguments: [
        ",", "a,", "a=b=c", "=b", "a=b c", "a in", "a in x", "a in (x", "a in x)", "a in ()x", "a>x", "a<1.5", "!",
        "a=b,,c", "!a=b",
        "-a=b", "a/b/c=d", "/a=b", "A_/a=b", "a=-b", "a=b/c", "é=1", "a=\(String(repeating: "b", count: 64))",
        "\(String(repeating: "a", count: 64))=b",
    ])
    func `a text that is none is refused`(text: String) {
        #expect(throws: LabelSelector.ParseError.self) { try LabelSelector(parsing: text) }
    }

    @Test(arguments: [
        ("a=b", ["a": "b"], true), ("a=b", ["a": "c"], false), ("a=b", [:], false),
        ("a!=b", [:], true), ("a!=b", ["a": "b"], false), ("a!=b", ["a": "c"], true),
        ("a", ["a": ""], true), ("!a", ["a": ""], false), ("!a", [:], true),
        ("a in (x,y)", ["a": "y"], true), ("a notin (x,y)", ["a": "y"], false),
        ("a>5", ["a": "6"], true), ("a>5", ["a": "5"], false), ("a>5", ["a": "x"], false), ("a<5", [:], false),
        ("a=b,c", ["a": "b"], false), ("", ["a": "b"], true),
    ])
    func `labels meet a selector or not`(text: String, labels: [String: String], isMet: Bool) throws {
        #expect(try LabelSelector(parsing: text).matches(labels) == isMet)
    }

    @Test func `the structured form goes both ways`() throws {
        let json = """
            {"matchExpressions":[{"key":"tier","operator":"In","values":["a","b"]},{"key":"x","operator":"Exists"},\
            {"key":"y","operator":"DoesNotExist"},{"key":"z","operator":"NotIn","values":["c"]}],"matchLabels":{"app":"web"}}
            """
        let selector: LabelSelector = try KubeJSON.decode(from: Array(json.utf8))
        #expect(selector.description == "app=web,tier in (a,b),x,!y,z notin (c)")
        #expect(String(decoding: try KubeJSON.encode(selector), as: UTF8.self) == json)
    }

    @Test func `the structured form cannot say more than it can`() throws {
        let selector = try LabelSelector(parsing: "a>5")
        #expect(throws: EncodingError.self) { try KubeJSON.encode(selector) }
        let odd = Array(#"{"matchExpressions":[{"key":"a","operator":"Like","values":["b"]}]}"#.utf8)
        #expect(throws: DecodingError.self) { try KubeJSON.decode(LabelSelector.self, from: odd) }
    }

    @Test(arguments: [
        ("a=b,c=d", ["a": "b", "c": "d"]), ("a in (x)", ["a": "x"]), ("", [:]), ("a in (x,y)", nil), ("a", nil),
    ])
    func `equalities are told only where there is nothing else`(text: String, labels: [String: String]?) throws {
        #expect(try LabelSelector(parsing: text).equalities == labels)
    }
}
