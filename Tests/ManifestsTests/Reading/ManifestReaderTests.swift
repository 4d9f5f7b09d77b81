import KubeModel
import Manifests
import Testing

@Suite struct ManifestReaderTests {
    @Test(
        arguments: [
            ("a: yes\nb: 'yes'\nc: !!str yes\nd: \"5\"\ne: 5", ["a": true, "b": "yes", "c": "yes", "d": "5", "e": 5]),
            ("a: !!int '5'\nb: !!float 5\nc: !own x\nd: !!binary aGk=", ["a": 5, "b": 5, "c": "x", "d": "hi"]),
            ("a: |\n  x\n  y\nb: >-\n  x\n  y", ["a": "x\ny\n", "b": "x y"]),
            ("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}", ["a": ["b": 1, "c": 2], "d": ["b": 1, "c": 3]]),
            (
                "a: [&x {b: 1}, &y {b: 2, c: 3}]\nd:\n  <<: [*x, *y]",
                ["a": [["b": 1], ["b": 2, "c": 3]], "d": ["b": 1, "c": 3]]
            ),
            ("on: 1\n0x2: x\n\"3\": y", ["true": 1, "2": "x", "3": true]),
            (#"{"a": [1, 2.5, null, "\u00e9\/"], "b": {}}"#, ["a": [1, 2.5, nil, "é/"], "b": [:]]),
            (#"{"a": "\ud83d\ude00"}"#, ["a": "😀"]),
            ("{\n\t\"a\": 1\n}", ["a": 1]),
            ("\u{FEFF}a: 1", ["a": 1]),
            ("a: 1\r\nb: 2\r\n", ["a": 1, "b": 2]),
            ("a: \"a\\\n  b\"", ["a": "ab"]),
        ] as [(String, JSONValue)]
    )
    func `a document becomes what kubectl would send`(text: String, value: JSONValue) {
        let reading = read(text)
        #expect(reading.problems.isEmpty)
        #expect(reading.manifests.map(\.content) == [value])
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n", "---\n---\n# x\n", "---\n...\n", "null"])
    func `documents that hold nothing are left out`(text: String) {
        let reading = read(text)
        #expect(reading.manifests.isEmpty)
        #expect(reading.problems.isEmpty)
    }

    @Test func `every part has its place`() {
        let manifests = read("# first\na:\n  b:\n    - x\n    - c: 1\n      d: 2\n---\ne: {f: 3}\n").manifests
        let path = ValuePath([.key("a"), .key("b"), .index(1), .key("d")])
        #expect(manifests[0].position(of: ValuePath()) == Position(line: 2, column: 1))
        #expect(manifests[0].position(of: ValuePath("a", "b")) == Position(line: 3, column: 3))
        #expect(
            manifests[0].position(of: ValuePath([.key("a"), .key("b"), .index(0)])) == Position(line: 4, column: 7)
        )
        #expect(manifests[0].position(of: path) == Position(line: 6, column: 7))
        #expect(manifests[1].position(of: ValuePath("e", "f")) == Position(line: 8, column: 5))
    }

    @Test func `what is missing stands where it should be held`() {
        let manifest = read("a:\n  b: 1\n").manifests[0]
        #expect(manifest.position(of: ValuePath("a", "c", "d")) == Position(line: 1, column: 1))
        #expect(manifest.position(of: ValuePath("x")) == Position(line: 1, column: 1))
    }

    @Test func `merged parts stand where they are written`() {
        let manifest = read("a: &x\n  b: 1\nc:\n  <<: *x\n").manifests[0]
        #expect(manifest.position(of: ValuePath("c", "b")) == Position(line: 2, column: 3))
        #expect(manifest.position(of: ValuePath("c")) == Position(line: 3, column: 1))
    }

    @Test func `lists are taken apart, items of typed lists get their kind`() {
        let reading = read(
            """
            apiVersion: v1
            kind: List
            items:
              - apiVersion: v1
                kind: ConfigMap
                metadata: {name: one}
              - apiVersion: keda.sh/v1alpha1
                kind: ScaledObjectList
                items:
                  - metadata: {name: two}
            """
        )
        #expect(reading.manifests.map(\.kind) == ["ConfigMap", "ScaledObject"])
        #expect(reading.manifests.map(\.apiVersion) == ["v1", "keda.sh/v1alpha1"])
        #expect(reading.manifests.map(\.key.name) == ["one", "two"])
        let finding = reading.manifests[1].finding(.error, at: ValuePath("metadata", "name"), "x")
        #expect(finding.field.description == "items[1].items[0].metadata.name")
        #expect(finding.position == Position(line: 10, column: 20))
    }

    @Test(arguments: [
        (
            "a: 1\n b: 2\n",
            "2:3 error: this is not valid YAML: mapping values are not allowed in this context; quote the text, or check the indentation"
        ),
        (
            "a:\n\tb: 1\n",
            "2:1 error: this is not valid YAML: found character that cannot start any token while scanning for the next token that begins in line 2; indent with spaces, not with tabs"
        ),
        (
            "a: 'x\n",
            "2:1 error: this is not valid YAML: found unexpected end of stream while scanning a quoted scalar that begins in line 1; check indentation, colons and quotes here and in the lines above"
        ),
        (
            "a: *b\n",
            "1:4 error: this is not valid YAML: found undefined alias; an alias needs an anchor further up in its document"
        ),
        ("a: 1\nb: 2\na: 3\n", "1:1 error: \"a\" stands twice in this object; keep one"),
        (
            "a: {{ .Values.name }}\n",
            "1:5 error: this is a template; render it first: helm template … | swell validate -f -"
        ),
        (
            "{{- if .Values.on }}\na: 1\n{{- end }}\n",
            "1:3 error: this is a template; render it first: helm template … | swell validate -f -"
        ),
        ("a: 1\nb: \"\u{1}\"\n", "2:1 error: this is not valid YAML: a control character stands here; remove it"),
        ("a: .inf\n", "1:4 error: Kubernetes has no numbers without end or value; quote it if it is text"),
        ("? [a, b]\n: 1\n", "1:3 error: a key must be a plain text; write it out"),
        ("a: &x 1\n*x : 2\n", "2:1 error: a key must be a plain text; write it out"),
        ("~: 1\n", "1:1 error: a key is missing before the colon"),
        ("a: 1\n<<: 2\n", "2:1 error: only objects can be merged with <<"),
        ("a: !!binary aGk\n", "1:4 error: this is not base64, which !!binary asks for"),
    ])
    func `what is no YAML is told with its place`(text: String, expected: String) {
        #expect(check(text) == [expected])
    }

    @Test func `a mistake in one document does not hide the others`() {
        let reading = read("a: 1\n---\nb: [\n---\nc: 3\n---\nd: 'x\n")
        #expect(reading.manifests.map(\.content) == [["a": 1], ["c": 3]])
        #expect(reading.problems.map(\.position?.line) == [4, 8])
    }

    @Test func `problems never repeat the text`() {
        let canary = "canary-4711"
        for text in [
            "kind: Secret\nstringData:\n  a: \"\(canary)\n", "a: [\(canary)\n", "a: \(canary): b\n", "a: @\(canary)\n",
            "kind: Secret\n  \(canary): x\n", "a: !!binary \(canary)~\n",
        ] {
            let lines = check(text)
            #expect(!lines.isEmpty)
            #expect(!lines.joined().contains(canary))
        }
    }
}
