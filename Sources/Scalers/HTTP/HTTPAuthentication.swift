internal import Foundation
internal import Outbound
internal import ScalerKit

/// How a trigger proves to an HTTP source who it is; prometheus, loki and metrics-api share it.
///
/// Without `authModes` nothing of it counts, not even `ca`.
///
/// - Source: KEDA, `pkg/scalers/authentication/authentication_types.go`.
struct HTTPAuthentication: Sendable {
    static let modes = Field<[String]?>
        .optional(
            "authModes",
            or: "authMode",
            from: [.metadata, .authentication],
            .list,
            help: "`basic`, `bearer`, `custom` and `tls`, joined by commas."
        )
    static let token = secret("bearerToken", or: "token", "Token for `bearer`.")
    static let user = secret("username", "User for `basic`.")
    static let password = secret("password", "Password for `basic`; may be empty.")
    static let certificate = secret("cert", "PEM certificate for `tls`.")
    static let key = secret("key", "PEM private key for `tls`.")
    static let authority = secret("ca", "PEM certificates to trust, for `tls`.")
    static let headerName = secret("customAuthHeader", "Header for `custom`.")
    static let headerValue = secret("customAuthValue", "Its value.")

    /// All settings of this block.
    static var fields: [any AnyField] {
        [modes, token, user, password, certificate, key, authority, headerName, headerValue]
    }

    /// What each mode may be called.
    private static let knownModes = ["apiKey", "basic", "tls", "bearer", "custom", "oauth"]

    /// Whether any mode is asked for.
    let isEnabled: Bool
    /// Goes into the Authorization header.
    private var authorization: HTTPRequest.Authorization?
    /// Goes into a header of the user's choice.
    private var custom: (name: String, value: Secret<String>)?
    /// Who we are to TLS, and whom we trust.
    private var identity: TLSSettings?

    /// Takes the settings of the modes that are asked for.
    ///
    /// - Throws: ``SettingsError`` for an unknown mode, two that exclude each other, or what a mode lacks; and for a
    ///   mode besides a pod identity.
    init(_ settings: ScalerSettings) throws(SettingsError) {
        let modes = try settings[Self.modes] ?? []
        self.isEnabled = !modes.isEmpty
        guard modes.isEmpty || settings.podIdentity == nil else {
            throw SettingsError("authModes", "pod identity cannot be enabled with other auth types")
        }
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

    /// Takes the settings of one mode; `apiKey` and `oauth` mean nothing to the sources here, as in KEDA.
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
            custom = (
                try Self.need(Self.headerName, settings, for: mode).withValue { $0 },
                try Self.need(Self.headerValue, settings, for: mode)
            )
        case "tls":
            identity = TLSSettings(
                authorities: try settings[Self.authority]?.withValue { $0 },
                certificate: try Self.need(Self.certificate, settings, for: mode).withValue { $0 },
                privateKey: try Self.need(Self.key, settings, for: mode)
            )
        default: break
        }
    }

    /// Puts the proof into a request.
    func apply(to request: inout HTTPRequest) {
        if let authorization { request.authorization = authorization }
        if let custom { request.secretHeaders[custom.name] = custom.value }
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
        guard let value = try settings[field] else {
            throw SettingsError(field.name, "missing required parameter \"\(field.name)\" for authModes \"\(mode)\"")
        }
        return value
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
