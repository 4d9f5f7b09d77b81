import Certificates
import Foundation
import Outbound
import Synchronization
import Testing

@Suite struct SharedSecretTests {
    static let now = Date(timeIntervalSince1970: 1_781_604_000)

    /// A good Secret.
    static func good(_ version: String) throws -> CertificateSecret {
        var secret = try CertificateRotationTests.made(at: now)
        secret.version = version
        return secret
    }

    @Test func `what was good last stays while the Secret is away or spoilt`() throws {
        let (one, two) = (try Self.good("1"), try Self.good("5"))
        let stored = Mutex<CertificateSecret?>(nil)
        let shared = SharedSecret { stored.withLock { $0 } }
        #expect(shared.current == nil)
        var spoilt = one
        (spoilt.privateKey, spoilt.version) = (two.privateKey, "0")
        stored.withLock { $0 = spoilt }
        #expect(shared.current == nil)
        stored.withLock { $0 = one }
        #expect(shared.current == one)
        for (version, change) in [
            ("2", { (secret: inout CertificateSecret) in secret.certificate = "" }),
            ("3", { $0.privateKey = two.privateKey }), ("4", { $0.authority = "nonsense" }),
            ("4a", { $0.authority = two.authority }),
        ] {
            var next = one
            change(&next)
            next.version = version
            stored.withLock { $0 = next }
            #expect(shared.current == one)
        }
        stored.withLock { $0 = nil }
        #expect(shared.current == one)
        stored.withLock { $0 = two }
        #expect(shared.current == two)
    }

    @Test func `an identity vouches for what its authorities have signed`() throws {
        let (one, two) = (try Self.good("1"), try Self.good("2"))
        let identity = try #require(one.identity)
        #expect(identity.vouches(for: one.certificate))
        #expect(!identity.vouches(for: two.certificate) && !identity.vouches(for: "nonsense"))
        #expect(throws: Never.self) { try identity.check() }
    }

    /// Ages of a certificate of ten days, and whether its end is near.
    @Test(arguments: [(0.0, false), (8.9, false), (9.1, true), (11, true)])
    func `the end is near when less than a tenth is left`(days: Double, isNear: Bool) {
        let lifetime = CertificateLifetime(from: Self.now, until: Self.now + 10 * 86_400)
        #expect(lifetime.isNearEnd(at: Self.now + days * 86_400) == isNear)
    }
}
