internal import KubeModel
internal import Outbound
internal import Scaling

/// One Vault, spoken to in JSON over HTTP.
///
/// - Source: HashiCorp Vault, "HTTP API".
struct VaultConnection: Sendable {
    /// Which Vault, and which of its namespaces.
    struct Place: Sendable, Hashable {
        /// Its URL.
        let address: WebAddress
        /// `nil` for the root.
        let namespace: String?

        /// Takes the address apart.
        ///
        /// - Throws: ``CredentialError`` for one that is none.
        init(_ source: AuthenticationSpec.VaultSource) throws(CredentialError) {
            do throws(OutboundError) {
                self.address = try WebAddress.parse(source.address).address
            } catch {
                throw CredentialError("hashiCorpVault: address is not an absolute http:// or https:// URL")
            }
            self.namespace = source.namespace.flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    /// What a Vault said.
    struct Reply: Sendable {
        /// The HTTP status, never one of 500 and up.
        let status: Int
        /// The body, which may hold secrets.
        let body: Secret<JSONValue>

        /// Whether the answer is a good one.
        var isGood: Bool { (200..<300).contains(status) }
    }

    /// Bytes of an answer that are read.
    private static let limit = 1 << 20
    /// How long one call may take.
    private static let deadline = Duration.seconds(10)

    /// Reaches it.
    let http: any HTTPTransport
    /// Where it is.
    let place: Place
    /// Whom to trust there.
    let tls: TLSSettings

    /// Asks for something.
    ///
    /// - Parameters:
    ///   - path: below `/v1`, with `/` between its parts.
    ///   - token: proves who we are, where the question needs that.
    ///   - body: is posted; without one the path is read.
    ///   - what: names the call in errors.
    /// - Returns: an answer of a working Vault, which may be a refusal.
    /// - Throws: ``VaultError`` for what is no answer of a working Vault, `OutboundError`.
    func ask(
        _ path: String,
        token: Secret<String>?,
        posting body: JSONValue? = nil,
        _ what: String
    ) async throws -> Reply {
        let segments = path.split(separator: "/").map(String.init)
        var request = HTTPRequest(
            body == nil ? .get : .post,
            place.address.appending("v1").appending(segments: segments),
            headers: [.init("X-Vault-Request", "true")],
            tls: tls,
            deadline: Self.deadline
        )
        if let namespace = place.namespace { request.headers.append(.init("X-Vault-Namespace", namespace)) }
        if let token { request.secretHeaders["X-Vault-Token"] = token }
        if let body {
            request.body = try KubeJSON.encode(body)
            request.headers.append(.init("Content-Type", "application/json"))
        }
        let response = try await http.collect(request, upTo: Self.limit)
        guard response.status < 500, response.status != 307 else { throw VaultError(what, status: response.status) }
        guard response.head.isSuccess, !response.body.isEmpty else {
            return Reply(status: response.status, body: Secret(.null))
        }
        do {
            return Reply(status: response.status, body: Secret(try KubeJSON.decode(from: response.body)))
        } catch {
            throw VaultError("hashiCorpVault: \(what) was answered with something that is no JSON; check the address")
        }
    }
}
