internal import Foundation
internal import KubeModel
internal import Outbound
internal import Scaling

/// What is asked of a Vault: one path, which may hold many keys.
struct VaultQuestion: Sendable, Hashable {
    /// The path, without `/` at its ends.
    let path: String
    /// `secret`, `secretV2`, `pki`, or empty to find out which KV it is.
    let type: String
    /// What a certificate is asked for with.
    let request: AuthenticationSpec.CertificateRequest?

    /// What a setting needs.
    init(_ secret: AuthenticationSpec.VaultSecret) {
        self.path = secret.path.split(separator: "/").joined(separator: "/")
        self.type = secret.type ?? ""
        self.request = secret.type == "pki" ? secret.pkiData : nil
    }

    /// What to post; `nil` where the path is only read.
    var body: JSONValue? {
        guard type == "pki" else { return nil }
        let fields = [
            ("common_name", request?.commonName), ("alt_names", request?.altNames), ("ip_sans", request?.ipSans),
            ("uri_sans", request?.uriSans), ("other_sans", request?.otherSans), ("ttl", request?.ttl),
            ("format", request?.format),
        ]
        let given = fields.compactMap { name, value in value.flatMap { $0.isEmpty ? nil : (name, JSONValue.string($0)) }
        }
        return .object(Dictionary(uniqueKeysWithValues: given))
    }
}

/// What a Vault gave for a path.
struct VaultAnswer: Sendable {
    /// How long an answer that costs nothing to ask for again is shared.
    private static let lifetime = Duration.seconds(10)

    /// What is there; `nil` if the Vault refused.
    private let data: Secret<[String: JSONValue]>?
    /// The status, for a refusal.
    private let status: Int
    /// How long it may be used.
    let lifetime: Duration
    /// Until when, by the uptime, what was made for us is best used; `nil` where nothing was made.
    let leasedUntil: Duration?

    /// Takes an answer apart.
    ///
    /// What was made for us, a leased account or a certificate, is used for 80 % of its life: asking again would make
    /// another one.
    init(_ reply: VaultConnection.Reply, to question: VaultQuestion, now: Date, uptime: Duration) {
        let (data, lease) = reply.body.withValue { body in
            let data = body["data"]?.object
            let isLeased = body["lease_id"]?.string.map { !$0.isEmpty } ?? false
            let ends = question.type == "pki" ? data?["expiration"]?.integer : nil
            let life = ends.map { Double($0) - now.timeIntervalSince1970 }
            let leased = isLeased ? body["lease_duration"]?.integer.map(Double.init) : nil
            return (data.map { Secret($0) }, [life, leased].compactMap { $0 }.filter { $0 > 0 }.min())
        }
        self.data = reply.isGood ? data ?? Secret([:]) : nil
        self.status = reply.status
        self.lifetime = lease.map { .seconds($0) * 4 / 5 } ?? Self.lifetime
        self.leasedUntil = lease == nil ? nil : uptime + lifetime
    }

    /// Whether the Vault said that our token may not.
    var isDenied: Bool { status == 403 }

    /// One key of what is there.
    ///
    /// - Throws: ``CredentialError`` for what is missing or is no text.
    /// - Source: KEDA, `pkg/scaling/resolver/hashicorpvault_handler.go`, for what each type means.
    func value(of key: String, _ question: VaultQuestion) throws(CredentialError) -> Secret<String> {
        guard let data else {
            throw CredentialError(VaultError("reading \"\(question.path)\"", status: status).description)
        }
        let found = data.map { data -> JSONValue? in
            let nested = data["data"]?.object
            switch question.type {
            case "secretV2": return nested?[key]
            case "": return (nested ?? data)[key]
            default: return data[key]
            }
        }
        let isThere = found.withValue { $0 != nil && $0 != .null }
        guard isThere else { throw CredentialError("hashiCorpVault: \"\(question.path)\" has no key \"\(key)\"") }
        let text = found.map { value -> String? in
            guard question.type == "pki", key == "ca_chain", let chain = value?.array else { return value?.string }
            return chain.compactMap(\.string).joined(separator: "\n")
        }
        guard let value = text.withValue({ text in text.map { Secret($0) } }) else {
            throw CredentialError("hashiCorpVault: key \"\(key)\" of \"\(question.path)\" is not a text")
        }
        return value
    }
}
