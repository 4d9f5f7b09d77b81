import Foundation
import KubeClient
import KubeModel
import Outbound
import Synchronization
import TestKit
import Testing

@Suite struct AccessTests {
    static let key = ObjectKey(namespace: "n", name: "m")
    static let path = "/api/v1/namespaces/n/configmaps/m"
    static let map = ScriptedTransport.Answer.json(#"{"metadata":{"name":"m"}}"#)
    static let refused = ScriptedTransport.Answer.json(#"{"kind":"Status","code":401}"#, status: 401)

    /// A file whose text the test changes.
    final class File: Sendable {
        /// Its text; `nil` when it is not there.
        let text: Mutex<String?>
        /// Holds a text.
        init(_ text: String) { self.text = Mutex(text) }
        /// A source with just this file.
        var files: TextFiles { TextFiles("one") { _ in self.text.withLock { $0 }.map { Array($0.utf8) } } }
    }

    @Test func `a token file is read again after a minute, and what was read last stands when it is gone`() async throws
    {
        let (server, clock, file) = (ScriptedTransport { _ in Self.map }, ManualClock(), File("one\n"))
        let client = KubeClient.scripted(server, identity: .init(token: .file("/t")), clock: clock, files: file.files)
        for (wait, text) in [(0, "one"), (59, "two"), (1, "two"), (60, nil)] as [(Int, String?)] {
            clock.advance(by: .seconds(wait))
            file.text.withLock { $0 = text }
            _ = try await client.get(ConfigMap.self, Self.key)
        }
        let tokens = server.requests.map(\.authorization)
        #expect(tokens == ["one", "one", "two", "two"].map { .bearer(Secret($0)) })
    }

    @Test func `a refused token is read again at once, and once only`() async throws {
        let (server, file) = (ScriptedTransport(), File("old"))
        let client = KubeClient.scripted(server, identity: .init(token: .file("/t")), files: file.files)
        server.expect(.get, Self.path, Self.map)
        _ = try await client.get(ConfigMap.self, Self.key)
        file.text.withLock { $0 = "new" }
        server.expect(.get, Self.path, Self.refused)
        server.expect(.get, Self.path, Self.map)
        _ = try await client.get(ConfigMap.self, Self.key)
        #expect(server.requests.last?.authorization == .bearer(Secret("new")))
        for _ in 0..<2 { server.expect(.get, Self.path, Self.refused) }
        let error = await #expect(throws: KubeError.self) { try await client.get(ConfigMap.self, Self.key) }
        #expect(error?.code == .unauthorized)
        try server.verify()
    }

    @Test func `a fixed token that is refused is not tried again`() async throws {
        let server = ScriptedTransport()
        let client = KubeClient.scripted(server, identity: .init(token: .text(Secret("t"))))
        server.expect(.get, Self.path, Self.refused)
        let error = await #expect(throws: KubeError.self) { try await client.get(ConfigMap.self, Self.key) }
        #expect(error?.code == .unauthorized)
        try server.verify()
    }

    @Test func `a token that was never there is no credential`() async throws {
        let client = KubeClient.scripted(ScriptedTransport(), identity: .init(token: .file("/t")))
        let error = await #expect(throws: KubeError.self) { try await client.get(ConfigMap.self, Self.key) }
        #expect(error?.code == .noCredentials && error?.description == "the token is not there")
    }

    @Test func `certificates, names and passwords reach the wire`() async throws {
        let server = ScriptedTransport { _ in Self.map }
        let configuration = KubeConfiguration(
            server: WebAddress(scheme: "https", host: "h"),
            authorities: .file("/ca"),
            serverName: "inner",
            identity: .init(
                certificate: .text(Secret("C")),
                privateKey: .file("/key"),
                user: "u",
                password: Secret("p")
            ),
            files: .memory(["/ca": "CA", "/key": "K"])
        )
        _ = try await KubeClient(configuration, over: server).get(ConfigMap.self, Self.key)
        let request = try #require(server.requests.first)
        #expect(request.authorization == .basic(user: "u", password: Secret("p")))
        #expect(
            request.tls
                == TLSSettings(authorities: "CA", certificate: "C", privateKey: Secret("K"), serverName: "inner")
        )
    }
}
