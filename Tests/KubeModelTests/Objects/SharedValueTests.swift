import KubeModel
import Testing

@Suite struct SharedValueTests {
    /// Something that has one.
    private struct Holder: Codable, Hashable {
        var needed: SharedValue<[String: Int]>
        var optional: SharedValue<[String: Int]>?
    }

    /// Reads a holder.
    private func holder(_ json: String) throws -> Holder {
        try KubeJSON.decode(from: Array(json.utf8))
    }

    @Test(arguments: [#"{"needed":{"a":1}}"#, #"{"needed":{},"optional":{"b":2}}"#])
    func `it is written and read as its value alone`(json: String) throws {
        #expect(try KubeJSON.value(of: holder(json)) == KubeJSON.decode(from: Array(json.utf8)))
    }

    @Test func `null is no value, and a needed one must be there`() throws {
        #expect(try holder(#"{"needed":{},"optional":null}"#).optional == nil)
        #expect(throws: (any Error).self) { try holder("{}") }
        #expect(throws: (any Error).self) { try holder(#"{"needed":"a"}"#) }
    }

    @Test func `allocations do not matter, values do`() {
        let one = SharedValue(["a": 1])
        #expect(one == SharedValue(["a": 1]))
        #expect(one.hashValue == SharedValue(["a": 1]).hashValue)
        #expect(one != SharedValue(["a": 2]))
    }

    @Test func `to change a copy of an object changes no other`() {
        let one = Scale(
            apiVersion: "autoscaling/v1",
            metadata: ObjectMeta(name: "a"),
            spec: Scale.Spec(replicas: 1),
            status: nil
        )
        var other = one
        other.metadata.name = "b"
        #expect(one.metadata.name == "a")
        #expect(other.metadata.name == "b")
        #expect(one != other)
    }
}
