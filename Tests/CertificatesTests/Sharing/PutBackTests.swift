import Certificates
import Foundation
import Outbound
import Testing

/// What is put back because nobody could go on from what is there.
@Suite struct PutBackTests {
    static let now = CertificateRotationTests.now
    static let rotation = CertificateRotationTests.rotation

    /// What somebody has done to a Secret, and what is to come of it.
    struct Harm: Sendable, CustomTestStringConvertible {
        /// What it is.
        let testDescription: String
        /// Does it to a good one, with another good one at hand; `nil` takes the Secret away.
        let change: @Sendable (_ good: CertificateSecret, _ other: CertificateSecret) throws -> CertificateSecret?
    }

    /// A harm to a Secret that stays.
    static func harm(
        _ name: String,
        _ change: @escaping @Sendable (inout CertificateSecret, CertificateSecret) -> Void
    ) -> Harm {
        Harm(testDescription: name) { good, other in
            var next = good
            next.version = "9"
            change(&next, other)
            return next
        }
    }

    static let harms = [
        Harm(testDescription: "the Secret is deleted") { _, _ in nil },
        harm("ca.crt is missing") { secret, _ in secret.authority = "" },
        harm("ca.crt cannot be read") { secret, _ in secret.authority = "nonsense" },
        harm("all is missing") { secret, _ in
            (secret.authority, secret.certificate) = ("", "")
            (secret.authorityKey, secret.privateKey) = (Secret(""), Secret(""))
        },
        harm("ca.crt is another") { $0.authority = $1.authority },
        harm("ca.crt is no authority") { secret, _ in secret.authority = secret.certificate },
        harm("ca.crt and ca.key are others") { ($0.authority, $0.authorityKey) = ($1.authority, $1.authorityKey) },
        harm("ca.crt and ca.key are others, and tls.crt is missing") {
            ($0.authority, $0.authorityKey, $0.certificate) = ($1.authority, $1.authorityKey, "")
        },
        harm("tls.crt and tls.key are others") { ($0.certificate, $0.privateKey) = ($1.certificate, $1.privateKey) },
    ]

    @Test(arguments: harms) func `what everybody trusts is put back`(harm: Harm) throws {
        var good = try CertificateRotationTests.made()
        good.version = "1"
        let found = try harm.change(good, try CertificateRotationTests.made())
        let action = Self.rotation.action(for: found, after: good, toldSince: nil, now: Self.now)
        guard case .putBack = action else {
            Issue.record("\(action)")
            return
        }
        let next = try #require(try Self.rotation.outcome(of: action, over: found, after: good, now: Self.now))
        var expected = good
        expected.version = found?.version
        #expect(next == expected)
        #expect(Self.rotation.action(for: next, after: good, toldSince: nil, now: Self.now) == .keep)
    }

    @Test func `a lost pair is put back where another one would not be trusted at once`() throws {
        let good = try CertificateRotationTests.made()
        var keyless = good
        (keyless.authorityKey, keyless.privateKey) = (Secret(""), Secret(""))
        // The first step of another authority, before everybody knows it.
        let begun = try AuthorityChangeTests.begun()
        var pairless = begun.new
        (pairless.certificate, pairless.privateKey) = ("", Secret(""))
        for (found, good) in [(keyless, good), (pairless, begun.new)] {
            let action = Self.rotation.action(for: found, after: good, toldSince: nil, now: Self.now)
            #expect(action == .putBack(because: "tls.crt and tls.key are missing, or do not belong together"))
            let next = try #require(try Self.rotation.outcome(of: action, over: found, after: good, now: Self.now))
            #expect(next.certificate == good.certificate && next.privateKey == good.privateKey)
            #expect(next.authority == found.authority && next.authorityKey == found.authorityKey)
            let then = Self.rotation.action(for: next, after: good, toldSince: nil, now: Self.now)
            if found == keyless {
                #expect(then == .renewAuthority(because: "ca.crt and ca.key are missing, or cannot be used"))
            } else {
                #expect(then == .settle(until: nil))
            }
        }
    }

    @Test func `what can be gone on from is gone on from`() throws {
        let (good, other) = (try CertificateRotationTests.made(), try CertificateRotationTests.made())
        #expect(Self.rotation.action(for: other, after: good, toldSince: nil, now: Self.now) == .keep)
        var renewing = good
        renewing.authorityKey = Secret("")
        #expect(
            Self.rotation.action(for: renewing, after: good, toldSince: nil, now: Self.now)
                == .renewAuthority(because: "ca.crt and ca.key are missing, or cannot be used")
        )
        renewing = good
        renewing.privateKey = Secret("")
        #expect(
            Self.rotation.action(for: renewing, after: good, toldSince: nil, now: Self.now)
                == .renewCertificate(because: "tls.crt and tls.key are missing, or cannot be used")
        )
    }

    @Test func `a stranger in ca.crt does not stay behind a new authority`() throws {
        var secret = try CertificateRotationTests.made()
        secret.authority = try CertificateRotationTests.made().authority
        let action = Self.rotation.action(for: secret, toldSince: nil, now: Self.now)
        #expect(action == .renewAuthority(because: "ca.crt and ca.key are missing, or cannot be used"))
        let next = try #require(try Self.rotation.outcome(of: action, over: secret, now: Self.now))
        #expect(try AuthorityChangeTests.certificates(next.authority).count == 1)
        #expect(try #require(next.identity).vouches(for: next.certificate))
    }
}
