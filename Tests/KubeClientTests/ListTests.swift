import KubeClient
import KubeModel
import Outbound
import TestKit
import Testing

@Suite struct ListTests {
    static let first = "/api/v1/configmaps?limit=500"

    /// A page of a list.
    static func page(_ names: [String], version: String = "9", next: String? = nil) -> ScriptedTransport.Answer {
        let items = names.map { #"{"metadata":{"name":"\#($0)","namespace":"n"}}"# }.joined(separator: ",")
        return .json(#"{"metadata":{"resourceVersion":"\#(version)","continue":"\#(next ?? "")"},"items":[\#(items)]}"#)
    }

    static let expired = ScriptedTransport.Answer.json(
        #"{"kind":"Status","reason":"Expired","code":410,"message":"too old"}"#,
        status: 410
    )

    @Test func `pages are read to the last one`() async throws {
        let server = ScriptedTransport()
        server.expect(.get, Self.first, Self.page(["a", "b"], next: "t/1"))
        server.expect(.get, "\(Self.first)&continue=t%2F1", Self.page(["c"], next: "t2"))
        server.expect(.get, "\(Self.first)&continue=t2", Self.page(["d"]))
        let listing = try await KubeClient.scripted(server).list(ConfigMap.self)
        #expect(listing.items.map(\.metadata.name) == ["a", "b", "c", "d"])
        #expect(listing.resourceVersion == "9" && listing.next == nil)
        try server.verify()
    }

    @Test func `an expired token begins the list again`() async throws {
        let server = ScriptedTransport()
        server.expect(.get, Self.first, Self.page(["a"], next: "t"))
        server.expect(.get, "\(Self.first)&continue=t", Self.expired)
        server.expect(.get, Self.first, Self.page(["b"], next: "u"))
        server.expect(.get, "\(Self.first)&continue=u", Self.page(["c"]))
        let listing = try await KubeClient.scripted(server).list(ConfigMap.self)
        #expect(listing.items.map(\.metadata.name) == ["b", "c"])
        try server.verify()
    }

    @Test func `a token that expires twice has the list asked for in one piece`() async throws {
        let server = ScriptedTransport()
        for _ in 0..<2 {
            server.expect(.get, Self.first, Self.page(["a"], next: "t"))
            server.expect(.get, "\(Self.first)&continue=t", Self.expired)
        }
        server.expect(.get, "/api/v1/configmaps", Self.page(["a", "b"]))
        #expect(try await KubeClient.scripted(server).list(ConfigMap.self).items.count == 2)
        try server.verify()
    }

    @Test func `an object that does not fit hides no other`() async throws {
        let server = ScriptedTransport()
        server.expect(
            .get,
            Self.first,
            .json(
                #"{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b","namespace":"n"},"data":3},{}]}"#
            )
        )
        let listing = try await KubeClient.scripted(server).list(ConfigMap.self)
        #expect(listing.items.map(\.metadata.name) == ["a"])
        #expect(listing.unreadable.map(\.key) == [ObjectKey(namespace: "n", name: "b"), nil])
    }

    @Test(arguments: [
        #"{"metadata":{},"items":null}"#, #"{"metadata":{"resourceVersion":"1"}}"#, #"{"metadata":{},"items":[]}"#,
    ])
    func `no items is an empty list`(body: String) async throws {
        let server = ScriptedTransport()
        server.expect(.get, Self.first, .json(body))
        #expect(try await KubeClient.scripted(server).list(ConfigMap.self).items.isEmpty)
    }

    @Test func `a selection narrows the list`() async throws {
        let server = ScriptedTransport()
        server.expect(
            .get,
            "/api/v1/namespaces/n/configmaps?labelSelector=a%20in%20%28b%2Cc%29&fieldSelector=metadata.name%3Dx&limit=500",
            Self.page([])
        )
        let selection = Selection(
            namespace: "n",
            labels: try LabelSelector(parsing: "a in (b,c)"),
            fields: "metadata.name=x"
        )
        #expect(try await KubeClient.scripted(server).list(ConfigMap.self, selection).items.isEmpty)
        try server.verify()
    }
}
