import KubeModel
import Testing

@testable import LocalCluster

@Suite struct DiscoveryTests {
    @Test func `every kind of the table is found under each of its versions`() {
        var world = World()
        for kind in world.state.kinds.all {
            for view in kind.views {
                let group = view.version.group
                let path = group.isEmpty ? "/api/\(view.version.version)" : "/apis/\(view.version)"
                let resources = world.send(.get, path).json["resources"]?.array ?? []
                let entry = resources.first { $0["name"] == .string(kind.names.plural) }
                #expect(entry?["kind"] == .string(kind.names.kind), "\(kind.id)")
                #expect(entry?["verbs"]?.array?.isEmpty == false)
                if kind.review == nil {
                    #expect(
                        world.send(.get, "\(path)/\(kind.names.plural)").status == 200,
                        "\(kind.id) in \(view.version)"
                    )
                }
            }
        }
    }

    @Test func `groups name their favourite version first`() {
        var world = World()
        let groups = world.send(.get, "/apis").json["groups"]?.array ?? []
        let autoscaling = groups.first { $0["name"] == "autoscaling" }
        #expect(autoscaling?["versions"]?.array?.map { $0["version"] } == ["v2", "v1", "v2beta2"])
        #expect(autoscaling?["preferredVersion"] == ["groupVersion": "autoscaling/v2", "version": "v2"])
        #expect(world.send(.get, "/apis/autoscaling").json["kind"] == "APIGroup")
        #expect(world.send(.get, "/api").json["versions"] == ["v1"])
        #expect(world.send(.get, "/apis/none").status == 404)
    }

    @Test func `a definition appears and disappears with its kind`() {
        var world = World()
        #expect(world.send(.get, "/apis/example.com/v1").status == 404)
        #expect(world.send(.post, Place.definitions, Sample.definition()).status == 201)
        let definition = world.send(.get, Place.definitions + "/widgets.example.com").json
        let conditions = definition[path: "status", "conditions"]?.array ?? []
        #expect(conditions.map { $0["type"] } == ["NamesAccepted", "Established"])
        let names = world.send(.get, "/apis/example.com/v1").json["resources"]?.array?.map { $0["name"] }
        #expect(names == ["widgets", "widgets/status", "widgets/scale"])
        world.send(.delete, Place.definitions + "/widgets.example.com")
        #expect(world.send(.get, "/apis/example.com/v1").status == 404)
    }

    @Test(arguments: [
        ("v2", "v1"), ("v1", "v2beta2"), ("v2beta2", "v2beta1"), ("v1beta1", "v3alpha1"), ("v10", "v9"), ("v1", "foo"),
        ("bar", "foo"),
    ])
    func `one version is preferred to the other`(first: String, second: String) {
        #expect(KindTable.isPreferred(first, second))
        #expect(!KindTable.isPreferred(second, first))
    }

    @Test(arguments: ["/healthz", "/livez", "/readyz", "/readyz/ping"])
    func `health is told in plain text`(path: String) {
        var world = World()
        #expect(world.send(.get, path).status == 200)
    }

    @Test func `the OpenAPI document comes as JSON and as protocol buffers`() {
        var world = World()
        #expect(world.send(.get, "/openapi/v2").json["swagger"] == "2.0")
        let request = APIRequest(
            .get,
            target: "/openapi/v2?timeout=32s",
            contentType: nil,
            accept: "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
            body: []
        )
        guard case .whole(let answer) = world.state.answer(request, now: world.now),
            case .bytes(let bytes, let type) = answer.body
        else {
            Issue.record("no bytes came")
            return
        }
        #expect(type == "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
        #expect(bytes.starts(with: [0x0A, 3] + [UInt8]("2.0".utf8) + [0x12]))
        #expect(bytes.suffix(2) == [0x42, 0])
    }

    @Test func `reviews are answered and not stored`() {
        var world = World()
        let revision = world.state.revision
        let token = world.send(.post, "/apis/authentication.k8s.io/v1/tokenreviews", ["spec": ["token": "x"]])
        #expect(token.status == 201)
        #expect(token.json[path: "status", "authenticated"] == true)
        let empty = world.send(.post, "/apis/authentication.k8s.io/v1/tokenreviews", ["spec": ["token": ""]])
        #expect(empty.json[path: "status", "authenticated"] == false)
        let access = world.send(.post, "/apis/authorization.k8s.io/v1/subjectaccessreviews", ["spec": [:]])
        #expect(access.json[path: "status", "allowed"] == true)
        #expect(world.send(.get, "/apis/authorization.k8s.io/v1/subjectaccessreviews").status == 405)
        #expect(world.state.revision == revision)
    }

    /// Paths, and what they find first in an object.
    private static let paths: [(String, JSONValue?)] = [
        (".a", 1), ("$.b.c", "x"), (".list[0].n", "one"), (".list[-1].n", "two"), (".list[*].n", "one"),
        (".list[?(@.n==\"two\")].v", 2), (".list[?(@.n=='none')].v", nil), (".b['d.e']", true), (".b.d\\.e", true),
        (".none", nil), (".list[9]", nil),
    ]

    @Test(arguments: paths)
    func `a field path finds its value`(text: String, found: JSONValue?) throws {
        let object: JSONValue = [
            "a": 1, "b": ["c": "x", "d.e": true], "list": [["n": "one", "v": 1], ["n": "two", "v": 2]],
        ]
        #expect(try #require(FieldPath(parsing: text)).first(in: object) == found)
    }

    @Test(arguments: ["..a", ".a[", ".a[?(@.b>1)]", ".a[b]", "."])
    func `what printer columns do not use is not read`(text: String) {
        #expect(FieldPath(parsing: text) == nil)
    }
}
