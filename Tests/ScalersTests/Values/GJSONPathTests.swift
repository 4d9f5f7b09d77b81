import KubeModel
import Testing

@testable import Scalers

@Suite struct GJSONPathTests {
    /// A document of our own, with one of everything that paths meet.
    static let document = #"""
        {"queue": {"length": 12, "max.age": 5, "a*b": 1, "#": 7}, "flags": [true, false], "none": null,
         "sizes": [3, 1, 2], "grid": [[1, 2], [3]], "@timestamp": 99,
         "jobs": [
           {"name": "mail", "state": "queued", "cost": 4, "urgent": true, "tags": ["x", "y"]},
           {"name": "sms", "state": "running", "cost": 6.5, "urgent": false, "tags": ["y"]},
           {"name": "push", "state": "queued", "cost": 9, "tags": []}
         ]}
        """#

    /// What a path leads to, as JSON; `nil` where there is nothing.
    static func find(_ path: String) throws -> String? {
        let document = try JSONValue(parsing: Array(document.utf8))
        guard let value = try GJSONPath(path).value(in: document) else { return nil }
        return String(decoding: try KubeJSON.encode(value), as: UTF8.self)
    }

    @Test(arguments: [
        ("queue.length", "12"), ("queue|length", "12"), ("sizes", "[3,1,2]"), ("sizes.1", "1"),
        ("jobs.2.name", #""push""#),
        ("jobs.1.tags.0", #""y""#), ("none", "null"), ("@timestamp", "99"),
        (#"queue.max\.age"#, "5"), (#"queue.a\*b"#, "1"), (#"queue.\a\*b"#, "1"), ("queue.#", "7"),
        ("qu*.length", "12"), ("queue.max?age", "5"), ("*.length", "12"), ("q?eue.l*h", "12"), ("*", #"99"#),
        ("sizes.#", "3"), ("jobs.#.cost", "[4,6.5,9]"), ("jobs.#.urgent", "[true,false]"), ("jobs.#.tags.#", "[2,1,0]"),
        ("grid.#.0", "[1,3]"), ("jobs.#.tags|#", "3"), ("jobs.#.missing", "[]"),
        (#"jobs.#(name=="sms").cost"#, "6.5"), (#"jobs.#(name="sms").cost"#, "6.5"), ("jobs.#(name==sms).cost", "6.5"),
        (#"jobs.#( name == "sms" ).cost"#, "6.5"), (#"jobs.#(name!="mail").name"#, #""sms""#),
        ("jobs.#(cost>4).name", #""sms""#), ("jobs.#(cost>=4).name", #""mail""#), ("jobs.#(cost<5).name", #""mail""#),
        ("jobs.#(cost<=4)#.name", #"["mail"]"#), (#"jobs.#(cost=="9").name"#, #""push""#),
        ("jobs.#(urgent==true).name", #""mail""#), ("jobs.#(urgent<true).name", #""sms""#),
        ("jobs.#(urgent).name", #""mail""#),
        (#"jobs.#(name%"*s*")#.name"#, #"["sms","push"]"#), (#"jobs.#(name!%"*s*").name"#, #""mail""#),
        (#"jobs.#(state=="queued")#.cost"#, "[4,9]"), (#"jobs.#(state=="queued")#|#"#, "2"),
        (#"jobs.#(state=="queued")#|1.name"#, #""push""#), (#"jobs.#(state=="gone")#|#"#, "0"),
        (#"jobs.#(tags.#(=="x")).name"#, #""mail""#), (#"jobs.#(tags.#(=="y"))#|#"#, "2"),
        ("jobs.#(tags.#>1).name", #""mail""#),
        ("sizes.#(>1)#", "[3,2]"), ("flags.#(==false)#|#", "1"),
    ])
    func `a path leads to a value`(path: String, value: String) throws {
        #expect(try Self.find(path) == value)
    }

    @Test(arguments: [
        "missing", "queue.missing", "queue.length.deeper", "sizes.3", "sizes.-1", "sizes.first", "none.x", "sizes.*",
        #"jobs.#(name=="nobody").cost"#, "jobs.#(cost==many).name", #"jobs.#(name=="sms").missing"#, "queue.#(a==1)",
        "jobs.#(missing!=1)", "jobs.#(tags==1)", "", "queue.", "queue..length",
    ])
    func `a path may lead nowhere`(path: String) throws {
        #expect(try Self.find(path) == nil)
    }

    @Test(arguments: [
        ("a.@reverse", "modifier @reverse"), ("@this", "modifier @this"), ("a|@values", "modifier @values"),
        ("{a,b}", "multipath"), ("a.[b]", "multipath"), ("!5", "literal"), ("..0.a", "JSON lines"),
        ("a.#(b==", "not of the form"), ("a.#(b=={", "not of the form"), ("a.#()", "not of the form"),
        ("a.#(b==~true)", "~"), (String(repeating: "a", count: 2000), "at most 1024"),
        (String(repeating: "*", count: 300), "pattern of more than"),
        (String(repeating: "#(a.", count: 20), "too many queries"),
    ])
    func `what is not supported is refused by name`(path: String, message: String) {
        let error = #expect(throws: ValueProblem.self) { try GJSONPath(path) }
        #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    }

    @Test(arguments: ["a#(b==1)", "#foo", "a)b", "a.#(b==1)c", "\\", "a.\\", "#(", "a b", "é.ü", "#|#|#", "|", "..."])
    func `no path crashes`(path: String) throws {
        // Whether such a path is refused or leads nowhere does not matter.
        _ = try? Self.find(path)
    }
}

@Suite struct WildcardTests {
    @Test(arguments: [
        ("*", "", true), ("?", "", false), ("a*", "a", true), ("*a", "ba", true), ("a*b*c", "aXbYc", true),
        ("a*b*c", "aXbY", false), ("a?c", "abc", true), ("a?c", "ac", false), ("*aab", "aaaab", true),
        ("a**b", "ab", true), (#"a\*b"#, "a*b", true), (#"a\*b"#, "aXb", false), ("é?", "éü", true), ("", "", true),
        ("", "a", false),
    ])
    func `a star stands for any characters, a question mark for one`(pattern: String, text: String, fits: Bool) {
        #expect(Wildcard(parsing: pattern).matches(text) == fits)
    }

    @Test func `a spiteful pattern takes no longer than its length times the text's`() {
        let pattern = Wildcard(parsing: String(repeating: "a*", count: 100) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 20_000)))
    }
}
