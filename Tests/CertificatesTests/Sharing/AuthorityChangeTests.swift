import Certificates
import Foundation
import Outbound
import SwiftASN1
import Testing
import X509

/// How one authority follows another.
@Suite struct AuthorityChangeTests {
    static let now = CertificateRotationTests.now
    static let rotation = CertificateRotationTests.rotation
    static let minute = 60.0

    /// A Secret whose authority is to be renewed now, and after the first step of that.
    static func begun(days: Double = 365) throws -> (old: CertificateSecret, new: CertificateSecret) {
        let old = try ForeignSecret(now: now, names: rotation.names, authorityDays: 90, days: days).made()
        let action = rotation.action(for: old, toldSince: now, now: now)
        #expect(action == .renewAuthority(because: "ca.crt expires within 90 days"))
        return (old, try #require(try rotation.outcome(of: action, over: old, now: now)))
    }

    /// The certificates of a text.
    static func certificates(_ text: String) throws -> [Certificate] {
        try PEMDocument.parseMultiple(pemString: text).map { try Certificate(pemDocument: $0) }
    }

    @Test func `the new authority stands before the old one, and what is served stays`() throws {
        let (old, new) = try Self.begun()
        let authorities = try Self.certificates(new.authority)
        #expect(authorities.count == 2)
        #expect(authorities.last == (try Self.certificates(old.authority)).first)
        #expect(new.certificate == old.certificate && new.privateKey == old.privateKey && new.version == old.version)
        // KEDA reads the first one and takes ca.key for its key, in this form.
        let key = try new.authorityKey.withValue { try Certificate.PrivateKey(pemEncoded: $0) }
        #expect(authorities.first?.publicKey == key.publicKey)
        #expect(new.authorityKey.withValue { $0.hasPrefix("-----BEGIN RSA PRIVATE KEY-----") })
    }

    /// How long everybody has been told, in minutes, how long the certificate lives, in days, and what is to be done.
    static let waits: [(told: Double?, days: Double, CertificateRotation.Action)] = [
        (nil, 365, .settle(until: nil)), (0, 365, .settle(until: now + 10 * minute)),
        (9.9, 365, .settle(until: now + 0.1 * minute)),
        (10, 365, .renewCertificate(because: "everybody has been told of the new authority")),
        // Of two minutes that are left of it a quarter is waited.
        (0, 2 / 1440.0, .settle(until: now + 0.5 * minute)),
        (0.7, 2 / 1440.0, .renewCertificate(because: "everybody has been told of the new authority")),
    ]

    @Test(arguments: waits)
    func `the new authority signs once everybody has known it for a while`(
        told: Double?,
        days: Double,
        action: CertificateRotation.Action
    ) throws {
        let new = try Self.begun(days: days).new
        let since = told.map { Self.now - $0 * Self.minute }
        #expect(Self.rotation.action(for: new, toldSince: since, now: Self.now) == action)
    }

    @Test func `nobody waits for a certificate that has come to its end, or that nobody has signed`() throws {
        var new = try Self.begun(days: 2).new
        let late = Self.now + 3 * 86_400
        let action = Self.rotation.action(for: new, toldSince: nil, now: late)
        #expect(action == .renewCertificate(because: "tls.crt is not signed by ca.crt"))
        new.certificate = try CertificateRotationTests.made().certificate
        let other = Self.rotation.action(for: new, toldSince: nil, now: Self.now)
        #expect(other == .renewCertificate(because: "tls.crt does not belong to tls.key"))
    }

    @Test func `the old authority goes ten minutes after its last certificate, or when it expires itself`() throws {
        let new = try Self.begun().new
        let told = Self.now - 10 * Self.minute
        let action = Self.rotation.action(for: new, toldSince: told, now: Self.now)
        let signed = try #require(try Self.rotation.outcome(of: action, over: new, now: Self.now))
        #expect(signed.authority == new.authority && signed.certificate != new.certificate)
        let due = Self.now + 10 * Self.minute
        #expect(Self.rotation.action(for: signed, toldSince: told, now: due - 1) == .settle(until: due))
        #expect(Self.rotation.action(for: signed, toldSince: nil, now: due) == .retireAuthorities)
        let done = try #require(try Self.rotation.outcome(of: .retireAuthorities, over: signed, now: due))
        #expect(try Self.certificates(done.authority) == [try #require(try Self.certificates(new.authority).first)])
        #expect(done.certificate == signed.certificate && done.authorityKey == new.authorityKey)
        #expect(Self.rotation.action(for: done, toldSince: nil, now: due) == .keep)

        let end = Self.now + 1 * Self.minute
        let expired = try ForeignSecret(now: Self.now, authorityDays: 1 / 1440.0).made().authority
        var short = done
        short.authority += expired
        #expect(Self.rotation.action(for: short, toldSince: nil, now: Self.now) == .settle(until: end))
        #expect(Self.rotation.action(for: short, toldSince: nil, now: end) == .retireAuthorities)
    }

    @Test func `a key that is lost again and again leaves no endless bundle, and what is served stays trusted`() throws
    {
        let (old, begun) = try Self.begun()
        var secret = begun
        for _ in 0..<6 {
            secret.authorityKey = Secret("")
            let action = Self.rotation.action(for: secret, toldSince: nil, now: Self.now)
            secret = try #require(try Self.rotation.outcome(of: action, over: secret, now: Self.now))
            #expect(secret.certificate == old.certificate)
            #expect(try #require(secret.identity).vouches(for: old.certificate))
        }
        #expect(try Self.certificates(secret.authority).count == 4)
    }

    /// How long it takes to tell everybody, and when the leader is lost and what it knew with it, in minutes.
    static let courses: [(telling: Int, losses: [Int])] = [
        (0, []), (1, []), (1, [1, 2, 5, 12, 13, 30]), (45, []), (45, [20, 50]),
    ]

    @Test(arguments: courses)
    func `whoever is up to ten minutes behind trusts whoever is up to ten minutes behind, at every moment`(
        telling: Int,
        losses: [Int]
    ) throws {
        var secret = try ForeignSecret(now: Self.now, names: Self.rotation.names, authorityDays: 89).made()
        // What the Secret and what the bundles of the API server were, minute by minute.
        var (secrets, bundles) = ([secret], [secret.authority])
        var told: (bundle: String, at: Int)? = (secret.authority, -60)
        var trusted: [[String]: Bool] = [:]
        for minute in 0...180 {
            let now = Self.now + Double(minute) * Self.minute
            if losses.contains(minute) { told = nil }
            let changed = secrets.lastIndex { $0.authority != secret.authority } ?? -60
            let isTold = minute - changed > telling
            if isTold, told?.bundle != secret.authority { told = (secret.authority, minute) }
            bundles.append(isTold ? secret.authority : bundles[bundles.count - 1])
            let since = told.flatMap { $0.bundle == secret.authority ? Self.now + Double($0.at) * Self.minute : nil }
            let action = Self.rotation.action(for: secret, toldSince: since, now: now)
            secret = try Self.rotation.outcome(of: action, over: secret, now: now) ?? secret
            secrets.append(secret)
            // Replicas believe the Secret as they have it, the API server the bundle as it has it.
            let believed = Set(secrets.suffix(10).map(\.authority) + bundles.suffix(10))
            for (bundle, leaf) in believed.flatMap({ bundle in
                Set(secrets.suffix(10).map(\.certificate)).map { (bundle, $0) }
            }) {
                let identity = PeerIdentity(
                    authorities: bundle,
                    pair: CertificatePair(certificates: leaf, privateKey: Secret(""))
                )
                let isTrusted = trusted[[bundle, leaf]] ?? identity.vouches(for: leaf)
                trusted[[bundle, leaf]] = isTrusted
                try #require(isTrusted, "minute \(minute)")
            }
        }
        #expect(try Self.certificates(secret.authority).count == 1)
        #expect(Self.rotation.action(for: secret, toldSince: nil, now: Self.now + 3 * 3600) == .keep)
        #expect(secrets.first?.certificate != secret.certificate)
    }
}
