import KubeModel
import Testing

@testable import LocalCluster

@Suite struct FieldSetTests {
    /// Makes a set from `fieldsV1`.
    private static func set(_ json: JSONValue) throws -> FieldSet { try #require(FieldSet(json)) }

    @Test(
        arguments: [
            [:], ["f:a": [:]], ["f:a": [".": [:], "f:b": [:]]], ["f:a": ["f:b": [:]]],
            ["f:list": ["k:{\"n\":\"x\",\"p\":1}": [".": [:], "f:n": [:]], "v:\"y\"": [:], "v:2": [:]]],
        ] as [JSONValue]
    )
    func `fieldsV1 is read and written alike`(json: JSONValue) throws {
        #expect(try Self.set(json).json == json)
    }

    @Test(arguments: ["x", ["a": [:]], ["k:x": [:]], ["f:a": 1]] as [JSONValue])
    func `what is no fieldsV1 is not read`(json: JSONValue) {
        #expect(FieldSet(json) == nil)
    }

    @Test func `sets are added, cut and taken away at every depth`() throws {
        let one = try Self.set(["f:a": [".": [:], "f:x": [:]], "f:b": [:]])
        let other = try Self.set(["f:a": ["f:x": [:], "f:y": [:]], "f:c": [:]])
        #expect(one.union(other).json == ["f:a": [".": [:], "f:x": [:], "f:y": [:]], "f:b": [:], "f:c": [:]])
        #expect(one.intersection(other).json == ["f:a": ["f:x": [:]]])
        #expect(one.subtracting(other).json == ["f:a": [:], "f:b": [:]])
        #expect(other.subtracting(other).isEmpty)
        #expect(other.withContainers.json == ["f:a": [".": [:], "f:x": [:], "f:y": [:]], "f:c": [:]])
    }

    @Test func `paths are those of conflicts`() throws {
        let set = try Self.set([
            "f:spec": ["f:list": ["k:{\"p\":1,\"n\":\"x\"}": ["f:v": [:]], "v:\"y\"": [:]]], "f:a": [:],
        ])
        #expect(set.paths == [".a", ".spec.list[=\"y\"]", ".spec.list[n=\"x\",p=1].v"])
    }

    @Test(
        arguments: [
            ("ab", "", "ab"), ("", "ab", "ab"), ("ab", "c", "abc"), ("abc", "ca", "bca"), ("abc", "b", "abc"),
            ("abcd", "db", "acdb"), ("ab", "xb", "axb"), ("ab", "bx", "abx"), ("abc", "cba", "cba"),
        ]
    )
    func `applied elements keep their order among the others`(live: String, wish: String, order: String) {
        func steps(_ text: String) -> [FieldStep] { text.map { .field(String($0)) } }
        #expect(MergedOrder.of(steps(live), steps(wish)) == steps(order))
    }
}
