internal import Outbound
internal import ScalerKit

/// How a trigger proves to etcd who it is, and whom it trusts.
struct EtcdAccess: Sendable {
    static let user = Field<Secret<String>?>
        .optional("username", from: [.authentication, .environment], .secret, help: "User, where etcd asks for one.")
    static let password = Field<Secret<String>?>
        .optional("password", from: [.authentication, .environment], .secret, help: "Password of `username`.")
    static let tls = Field(
        "tls",
        from: [.authentication],
        .oneOf("enable", "disable"),
        default: "disable",
        help: "`enable` to speak TLS where an endpoint has no scheme, and for the four below to count."
    )
    static let authority = secret("ca", "PEM certificates to trust.")
    static let certificate = secret("cert", "PEM certificate to show; with `key`.")
    static let key = secret("key", "Its PEM private key.")
    static let keyPassword = secret("keyPassword", "Password of `key`, if it is encrypted.")

    /// All settings of this block.
    static var fields: [any AnyField] { [user, password, tls, authority, certificate, key, keyPassword] }

    /// User and password of etcd's own authentication.
    struct Login: Sendable {
        /// The user.
        let user: Secret<String>
        /// The password.
        let password: Secret<String>
    }

    /// Who asks, if etcd is to know.
    let login: Login?
    /// Whether endpoints without a scheme speak TLS.
    let usesTLS: Bool
    /// Of every connection with TLS.
    let settings: TLSSettings

    /// Takes the settings.
    ///
    /// - Throws: ``SettingsError`` for one half of what belongs together.
    init(_ settings: ScalerSettings) throws(SettingsError) {
        switch (try settings[Self.user], try settings[Self.password]) {
        case (let user?, let password?): self.login = Login(user: user, password: password)
        case (nil, nil): self.login = nil
        case (nil, .some): throw SettingsError("username", "username must be provided with password")
        case (.some, nil): throw SettingsError("password", "password must be provided with username")
        }
        self.usesTLS = try settings[Self.tls] == "enable"
        guard usesTLS else {
            self.settings = TLSSettings()
            return
        }
        let (certificate, key) = (try settings[Self.certificate], try settings[Self.key])
        guard certificate != nil || key == nil else { throw SettingsError("cert", "cert must be provided with key") }
        guard key != nil || certificate == nil else { throw SettingsError("key", "key must be provided with cert") }
        self.settings = TLSSettings(
            authorities: try settings[Self.authority]?.withValue { $0 },
            certificate: certificate?.withValue { $0 },
            privateKey: key,
            privateKeyPassword: try settings[Self.keyPassword]
        )
    }

    /// A setting that comes from the trigger's authentication only.
    private static func secret(_ name: String, _ help: String) -> Field<Secret<String>?> {
        .optional(name, from: [.authentication], .secret, help: help)
    }
}
