public import Foundation
import Outbound
import X509

/// Decides when the shared authority and its certificate are made anew, and makes them.
///
/// Pure: what the Secret holds and the time go in, what to do comes out. What KEDA has written is kept for as long as
/// it is good, and what is made here KEDA can go on with. What nobody can go on from is put back as it was good last.
///
/// ## Steps of a new authority
/// Whoever asks us must trust what we present at every moment, and nobody learns of a change when others do. So:
/// 1. The new authority goes to the front of `ca.crt`, where it is the one that `ca.key` belongs to; the former ones stay
///    behind it, and `tls.crt`, which a former one has signed, stays too.
/// 2. When everybody has been told of both, and ``settling`` has passed, `tls.crt` is signed by the new one.
/// 3. When that has been so for ``settling``, or no former one may be used any more, the former ones go.
///
/// The Secret alone says which step is next, so whoever leads goes on from it. KEDA reads the first of `ca.crt` only: it
/// signs `tls.crt` anew after step 1, keeps all of `ca.crt` and gives all of it to the API server.
///
/// - Source: open-policy-agent/cert-controller, `pkg/rotator/rotator.go`, for the lifetimes and the look ahead.
public struct CertificateRotation: Sendable, Hashable {
    /// What to do.
    public enum Action: Sendable, Hashable {
        /// Nothing: all is good, for long enough.
        case keep
        /// Nothing yet: the change of authorities goes on then, or, without a time, once everybody has been told.
        case settle(until: Date?)
        /// Store again what was good last, and is in use still.
        case putBack(because: String)
        /// Sign a new certificate with the authority that is there.
        case renewCertificate(because: String)
        /// Make an authority, and a certificate too unless the one in place may serve for a while.
        case renewAuthority(because: String)
        /// Take away the authorities that have signed nothing that is in use.
        case retireAuthorities
    }

    /// How long before its end a certificate is made anew: 90 days.
    public static let lookAhead = TimeInterval(90 * 86_400)
    /// How long a change of the Secret or a bundle may take to reach everybody: 10 minutes.
    ///
    /// Watches that have died unnoticed are found dead after five.
    public static let settling = TimeInterval(600)
    /// Former authorities that stay, should `ca.key` get lost again and again.
    ///
    /// The one that vouches for `tls.crt` is among them, however old it is.
    private static let mostFormer = 3

    /// Under which names the replicas are reached.
    ///
    /// The first one is the common name, too; never empty.
    public let names: [String]

    /// Makes the rules for a set of names.
    ///
    /// - Parameters:
    ///   - services: Services that lead to us; the operator's own first.
    ///   - namespace: where they are.
    ///   - domain: the cluster's, such as `cluster.local`.
    public init(services: [String], in namespace: String, domain: String) {
        self.names = services.flatMap { service in
            [
                service, "\(service).\(namespace)", "\(service).\(namespace).svc",
                "\(service).\(namespace).svc.\(domain)",
            ]
        }
    }

    /// Decides.
    ///
    /// - Parameters:
    ///   - secret: what is stored; `nil` when there is no Secret.
    ///   - good: what was good last, so that replicas use it and others trust it; `nil` when that is not known.
    ///   - told: since when everybody who verifies us has all of `ca.crt` as it is stored; `nil` when not everybody has.
    ///   - now: the time.
    /// - Returns: what to do.
    public func action(
        for secret: CertificateSecret?,
        after good: CertificateSecret? = nil,
        toldSince told: Date?,
        now: Date
    ) -> Action {
        let found = secret.map { DecodedSecret($0) }
        if let good, let reason = DecodedSecret(good).reasonToReplace(found) { return .putBack(because: reason) }
        guard let decoded = found else { return .renewAuthority(because: "there is no Secret") }
        guard let signer = decoded.signer?.authority else {
            return .renewAuthority(because: "ca.crt and ca.key are missing, or cannot be used")
        }
        guard signer.isAuthority else {
            return .renewAuthority(because: "ca.crt is not an authority's certificate")
        }
        if let reason = Self.lifetimeProblem(of: signer, now) { return .renewAuthority(because: "ca.crt \(reason)") }
        guard let leaf = decoded.leaf, let key = decoded.leafKey else {
            return .renewCertificate(because: "tls.crt and tls.key are missing, or cannot be used")
        }
        if !signer.vouches(for: leaf), let end = decoded.endOfService(at: now) {
            // The one in place is trusted by all; the new authority may not be.
            guard let told else { return .settle(until: nil) }
            let due = told + Self.settling(before: end, from: told)
            return now < due
                ? .settle(until: due) : .renewCertificate(because: "everybody has been told of the new authority")
        }
        if let reason = problem(of: leaf, key, signedBy: signer, now) {
            return .renewCertificate(because: "tls.crt \(reason)")
        }
        let former = decoded.authorities.dropFirst()
        guard let end = former.map(\.notValidAfter).max() else { return .keep }
        let due = min(end, leaf.notValidBefore + CertificateWriting.clockSkew + Self.settling)
        return now < due ? .settle(until: due) : .retireAuthorities
    }

    /// Makes what an action asks for.
    ///
    /// - Parameters:
    ///   - action: what to do.
    ///   - secret: what is stored; `nil` when there is no Secret.
    ///   - good: what was good last; `nil` when that is not known.
    ///   - now: the time.
    /// - Returns: what is to be stored over `secret`; `nil` when there is nothing to do.
    /// - Throws: ``CertificatesError``.
    public func outcome(
        of action: Action,
        over secret: CertificateSecret?,
        after good: CertificateSecret? = nil,
        now: Date
    ) throws(CertificatesError) -> CertificateSecret? {
        let decoded = secret.map { DecodedSecret($0) }
        switch action {
        case .keep, .settle: return nil
        case .putBack: return Self.restored(secret, from: good)
        case .retireAuthorities:
            guard var next = secret, let signer = decoded?.signer else { return nil }
            next.authority = signer.certificate
            return next
        case .renewCertificate:
            guard let secret, let signer = decoded?.signer else { return nil }
            return try renewed(secret, signedBy: signer, now)
        case .renewAuthority:
            let authority = try CertificateAuthority(key: .rsa, now: now)
            let former = decoded?.formerAuthorities(at: now, most: Self.mostFormer) ?? []
            let next = CertificateSecret(
                authority: try Self.bundle([authority.authority] + former),
                authorityKey: authority.privateKey,
                certificate: secret?.certificate ?? "",
                privateKey: secret?.privateKey ?? Secret(""),
                version: secret?.version
            )
            let isServing = decoded?.endOfService(at: now) != nil
            return isServing ? next : try renewed(next, signedBy: authority, now)
        }
    }

    /// A Secret as it was good last, or its certificate alone where its authorities vouch for that.
    private static func restored(_ secret: CertificateSecret?, from good: CertificateSecret?) -> CertificateSecret? {
        guard var next = good else { return nil }
        next.version = secret?.version
        if let secret, DecodedSecret(secret).hasSigned(DecodedSecret(next).leaf) {
            (next.authority, next.authorityKey) = (secret.authority, secret.authorityKey)
        }
        return next
    }

    /// A Secret with a new certificate.
    private func renewed(
        _ secret: CertificateSecret,
        signedBy authority: CertificateAuthority,
        _ now: Date
    ) throws(CertificatesError) -> CertificateSecret {
        let pair = try authority.issue(CertificateRequest(commonName: names[0], names: names), now: now)
        var next = secret
        (next.certificate, next.privateKey) = (pair.certificates, pair.privateKey)
        return next
    }

    /// What is wrong with a certificate; `nil` when it is good.
    private func problem(
        of leaf: Certificate,
        _ key: Certificate.PrivateKey,
        signedBy authority: Certificate,
        _ now: Date
    ) -> String? {
        guard key.publicKey == leaf.publicKey else { return "does not belong to tls.key" }
        guard authority.vouches(for: leaf) else { return "is not signed by ca.crt" }
        if let reason = Self.lifetimeProblem(of: leaf, now) { return reason }
        // What cannot be read says nothing.
        let uses = try? leaf.extensions.extendedKeyUsage
        guard let uses, uses.contains(.serverAuth), uses.contains(.clientAuth) else {
            return "is not for servers and clients"
        }
        let alternatives = try? leaf.extensions.subjectAlternativeNames
        let known = Set((alternatives.map(Array.init) ?? []).map(\.description))
        let missing = names.filter { !known.contains(GeneralName.dnsName($0).description) }
        return missing.isEmpty ? nil : "does not name \(missing.joined(separator: ", "))"
    }

    /// What is wrong with a lifetime; `nil` when it has begun and lasts long enough.
    private static func lifetimeProblem(of certificate: Certificate, _ now: Date) -> String? {
        if certificate.notValidBefore > now { return "is not valid yet" }
        if certificate.notValidAfter <= now { return "has expired" }
        return certificate.notValidAfter <= now + lookAhead ? "expires within 90 days" : nil
    }

    /// How long to wait when all depends on a certificate that will not serve for long: a quarter of what is left.
    private static func settling(before end: Date, from told: Date) -> TimeInterval {
        min(settling, max(0, end.timeIntervalSince(told)) / 4)
    }

    /// Authorities as `ca.crt` has them.
    private static func bundle(_ authorities: [Certificate]) throws(CertificatesError) -> String {
        do {
            return try PEMCertificates.text(of: authorities)
        } catch {
            throw CertificatesError(.cannotIssue, "the authorities cannot be written", cause: error)
        }
    }
}
