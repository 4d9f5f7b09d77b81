import Outbound
import Testing

@Suite struct SecretTests {
    /// The text that must never come out.
    private static let canary = "canary-7f3a"

    /// Every way in which a value may turn into text.
    private func texts(of value: Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        return ["\(value)", String(describing: value), String(reflecting: value), dumped]
    }

    @Test func `a secret is never shown`() {
        let secret = Secret(Self.canary)
        let holders: [Any] = [
            secret, [secret], ["key": secret], Optional(secret) as Any, (1, secret),
            HTTPRequest.Authorization.basic(user: "u", password: secret), HTTPRequest.Authorization.bearer(secret),
            HTTPRequest(
                .get,
                WebAddress(host: "h"),
                secretHeaders: ["X-API-KEY": secret],
                authorization: .bearer(secret),
                tls: TLSSettings(privateKey: secret, privateKeyPassword: secret)
            ),
            SQLQuery("SELECT 1", on: secret, deadline: .seconds(1)), secret.map { [$0] },
            Secret([UInt8](Self.canary.utf8)),
        ]
        for holder in holders {
            for text in texts(of: holder) {
                #expect(!text.contains(Self.canary))
                #expect(text.contains("<redacted>"))
            }
        }
        #expect(Mirror(reflecting: secret).children.isEmpty)
        #expect(String(describing: CollectionOfOne(secret)) == "CollectionOfOne(<redacted>)")
    }

    @Test func `a secret opens for the length of a call`() throws {
        let secret = Secret(Self.canary)
        #expect(secret.withValue { $0 } == Self.canary)
        #expect(secret.map { $0.count }.withValue { $0 } == Self.canary.count)
        let thrown = #expect(throws: OutboundError.self) {
            try secret.withValue { _ throws(OutboundError) in throw OutboundError(.tls, "no") }
        }
        #expect(thrown?.code == .tls)
    }

    @Test func `secrets are compared by what they hold`() {
        #expect(Secret("a") == Secret("a"))
        #expect(Secret("a") != Secret("b"))
        #expect(Set([Secret("a"), "a", "b"]).count == 2)
    }
}
