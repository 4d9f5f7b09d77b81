internal import Foundation
internal import Outbound
internal import ScalerKit

/// How a trigger proves to an HTTP source who it is; prometheus, loki and metrics-api share it.
///
/// Without `authModes` nothing of it counts, not even `ca`.
///
/// Names of headers may come from a Secret as well as their values, so nothing of this is printed.
///
/// - Source: KEDA, `pkg/scalers/authentication/authentication_types.go`.
struct HTTPAuthentication: Sendable, CustomStringConvertible, CustomReflectable {
    static let modes = Field<[String]?>
        .optional(
            "authModes",
            or: "authMode",
            from: [.metadata, .authentication],
            .list,
            help: "`apiKey`, `basic`, `bearer`, `custom`, `oauth` and `tls`, joined by commas."
        )
    static let token = secret("bearerToken", or: "token", "Token for `bearer`.")
    static let user = secret("username", "User for `basic`.")
    static let password = secret("password", "Password for `basic`; may be empty.")
    static let certificate = secret("cert", "PEM certificate for `tls`.")
    static let key = secret("key", "PEM private key for `tls`.")
    static let authority = secret("ca", "PEM certificates to trust, for `tls`.")
    static let headerName = secret("customAuthHeader", "Header for `custom`.")
    static let headerValue = secret("customAuthValue", "Its value.")

    static let apiKey = Field<Secret<String>?>
        .optional("apiKey", from: [.metadata, .authentication], .secret, help: "Key for `apiKey`.")
    static let keyMethod = Field(
        "method",
        from: [.metadata, .authentication],
        .oneOf("header", "query"),
        default: "header",
        help: "Where the key for `apiKey` goes: `header` or `query`."
    )
    static let keyName = Field<Secret<String>?>
        .optional(
            "keyParamName",
            from: [.metadata, .authentication],
            .secret,
            help: "Name of that header or query parameter; `X-API-KEY` and `api_key` unless given."
        )
    static let tokenServer = Field<WebAddress.Parsed?>
        .optional("oauthTokenURI", from: [.authentication], .address, help: "Who gives the tokens for `oauth`.")
    static let clientID = secret("clientID", "Who asks for them.")
    static let clientSecret = secret("clientSecret", "Its password; may be empty.")
    static let scopes = Field<[String]?>
        .optional("scopes", or: "scope", from: [.authentication], .list, help: "What they are for, joined by commas.")
    static let endpointParameters = secret("endpointParams", "More fields of the request: `name=value&other=value`.")

    /// All settings of this block.
    static var fields: [any AnyField] {
        [
            modes, token, user, password, certificate, key, authority, headerName, headerValue, apiKey, keyMethod,
            keyName, tokenServer, clientID, clientSecret, scopes, endpointParameters,
        ]
    }

    /// What each mode may be called.
    private static let knownModes = ["apiKey", "basic", "tls", "bearer", "custom", "oauth"]

    /// Whether any mode is asked for.
    let isEnabled: Bool
    /// Goes into the Authorization header.
    private var authorization: HTTPRequest.Authorization?
    /// Go into headers of the user's choice.
    private var secretHeaders: [String: Secret<String>] = [:]
    /// Who we are to TLS, and whom we trust.
    @Rare private var identity: TLSSettings?
    /// Goes into a query parameter of the user's choice.
    private var parameter: (name: Secret<String>, value: Secret<String>)?
    /// Fetches tokens for the Authorization header.
    @Rare private var client: OAuth2Client?

    /// That there is one, and nothing of it.
    var description: String { "<redacted>" }

    /// No children, so that `dump` shows nothing.
    var customMirror: Mirror { Mirror(self, children: [:]) }

    /// Takes the settings of the modes that are asked for.
    ///
    /// - Throws: ``SettingsError`` for an unknown mode, two that exclude each other, or what a mode lacks.
    init(_ settings: ScalerSettings) throws(SettingsError) {
        let modes = try settings[Self.modes] ?? []
        self.isEnabled = !modes.isEmpty
        guard modes.allSatisfy(Self.knownModes.contains) else {
            throw SettingsError(
                "authModes",
                "parameter \"authModes\" has a mode that is none of \(Self.knownModes.joined(separator: ", "))"
            )
        }
        guard Set(modes).intersection(["bearer", "basic", "oauth"]).count <= 1 else {
            throw SettingsError("authModes", "parameter \"authModes\" may have only one of bearer, basic and oauth")
        }
        for mode in modes { try take(mode, settings) }
    }

    /// Takes the settings of one mode.
    ///
    /// In KEDA `apiKey` and `oauth` mean nothing to prometheus; here they do what they say.
    private mutating func take(_ mode: String, _ settings: ScalerSettings) throws(SettingsError) {
        switch mode {
        case "basic":
            authorization = .basic(
                user: try Self.need(Self.user, settings, for: mode).withValue { $0 },
                password: try settings[Self.password] ?? ""
            )
        case "bearer":
            authorization = .bearer(try Self.need(Self.token, settings, for: mode))
        case "custom":
            let name = try Self.need(Self.headerName, settings, for: mode).withValue { $0 }
            secretHeaders[name] = try Self.need(Self.headerValue, settings, for: mode)
        case "tls":
            identity = TLSSettings(
                authorities: try settings[Self.authority]?.withValue { $0 },
                certificate: try Self.need(Self.certificate, settings, for: mode).withValue { $0 },
                privateKey: try Self.need(Self.key, settings, for: mode)
            )
        case "apiKey":
            let key = try Self.need(Self.apiKey, settings, for: mode)
            let name = try settings[Self.keyName]
            if try settings[Self.keyMethod] == "query" {
                parameter = (name ?? "api_key", key)
            } else {
                secretHeaders[(name ?? "X-API-KEY").withValue { $0 }] = key
            }
        case "oauth":
            guard let server = try settings[Self.tokenServer] else { throw Self.missing(Self.tokenServer, for: mode) }
            guard let parameters = FormEncoding.decode(try settings[Self.endpointParameters]?.withValue { $0 } ?? "")
            else {
                throw SettingsError(
                    "endpointParams",
                    "parameter \"endpointParams\" must be pairs such as name=value&other=value"
                )
            }
            client = try OAuth2Client(
                at: server.address,
                id: Self.need(Self.clientID, settings, for: mode),
                secret: settings[Self.clientSecret] ?? "",
                scopes: settings[Self.scopes] ?? [],
                parameters: parameters
            )
        default: break
        }
    }

    /// Sends a request that the proof was put into, with a token if that is the proof.
    ///
    /// - Throws: ``ScalerError`` if there is no token to be had, `OutboundError`.
    func send(_ request: HTTPRequest, in world: ScalerWorld, upTo limit: Int) async throws -> HTTPResponse {
        guard let client else { return try await world.http.collect(request, upTo: limit) }
        return try await client.send(request, in: world, upTo: limit)
    }

    /// Puts the proof into a request, but for tokens, which ``send(_:in:upTo:)`` adds.
    func apply(to request: inout HTTPRequest) {
        if let authorization { request.authorization = authorization }
        request.secretHeaders.merge(secretHeaders) { $1 }
        if let parameter {
            request.url = parameter.name.withValue { name in
                parameter.value.withValue { request.url.asking(name, $0) }
            }
            request.hidesTarget = true
        }
        guard let identity else { return }
        request.tls.authorities = identity.authorities
        request.tls.certificate = identity.certificate
        request.tls.privateKey = identity.privateKey
    }

    /// A setting that a mode cannot do without.
    private static func need(
        _ field: Field<Secret<String>?>,
        _ settings: ScalerSettings,
        for mode: String
    ) throws(SettingsError) -> Secret<String> {
        guard let value = try settings[field] else { throw missing(field, for: mode) }
        return value
    }

    /// What to say of a setting that a mode cannot do without.
    private static func missing(_ field: some AnyField, for mode: String) -> SettingsError {
        let name = field.names[0]
        return SettingsError(name, "missing required parameter \"\(name)\" for authModes \"\(mode)\"")
    }

    /// A setting that comes from the trigger's authentication only.
    private static func secret(_ name: String, _ help: String) -> Field<Secret<String>?> {
        .optional(name, from: [.authentication], .secret, help: help)
    }

    /// The same with a second name.
    private static func secret(_ name: String, or alias: String, _ help: String) -> Field<Secret<String>?> {
        .optional(name, or: alias, from: [.authentication], .secret, help: help)
    }
}
