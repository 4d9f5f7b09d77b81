internal import Outbound
internal import ScalerKit

/// How a trigger proves to AWS who it is: by keys, as the operator itself, or in a role that the operator assumes.
///
/// - Source: KEDA, `pkg/scalers/aws/aws_common.go`, `GetAwsAuthorization`.
enum AWSAuthentication {
    static let accessKeyID = Field<Secret<String>?>
        .optional(
            "awsAccessKeyID",
            or: "awsAccessKeyId",
            from: [.authentication, .metadata, .environment],
            .secret,
            help: "AWS access key ID."
        )
    static let secretAccessKey = Field<Secret<String>?>
        .optional(
            "awsSecretAccessKey",
            from: [.authentication, .environment],
            .secret,
            help: "AWS secret access key."
        )
    static let sessionToken = secret("awsSessionToken", "AWS session token of keys that are lent for a time.")
    static let role = secret("awsRoleArn", "AWS role that the operator assumes for the trigger.")
    static let externalID = secret("awsExternalId", "External ID for that role.")
    static let identityOwner = Field<String?>
        .optional(
            "identityOwner",
            .oneOf("pod", "operator"),
            help: "`pod` for keys of the trigger, which is the default; `operator` for the operator's own AWS identity."
        )

    /// All settings of this block.
    static var fields: [any AnyField] {
        [accessKeyID, secretAccessKey, sessionToken, role, externalID, identityOwner]
    }

    /// A client that asks as the settings say.
    ///
    /// - Parameters:
    ///   - settings: those of the trigger.
    ///   - region: where the source is; its field is `awsRegion`.
    ///   - service: as AWS calls it in signatures.
    /// - Returns: a client for that service.
    /// - Throws: ``SettingsError`` for keys that are missing, and for a region that is none where the operator proves who
    ///   it is.
    static func client(
        from settings: ScalerSettings,
        in region: Secret<String>,
        for service: String
    ) throws(SettingsError) -> AWSClient {
        let identity = try identity(from: settings)
        if case .keys = identity { return AWSClient(identity: identity, region: region, service: service) }
        guard region.withValue(AWSRegion.isWellFormed) else {
            throw SettingsError("awsRegion", "parameter \"awsRegion\" must be a region of AWS such as eu-west-1")
        }
        return AWSClient(identity: identity, region: region, service: service)
    }

    /// As whom the settings want to ask.
    private static func identity(from settings: ScalerSettings) throws(SettingsError) -> AWSIdentity {
        if let role = try settings[role] { return .role(role, externalID: try settings[externalID]) }
        if try settings[identityOwner] == "operator" { return .own }
        return .keys(
            AWSCredentials(
                accessKeyID: try need(accessKeyID, settings),
                secretAccessKey: try need(secretAccessKey, settings),
                sessionToken: try settings[sessionToken]
            )
        )
    }

    /// A key that nothing goes without.
    private static func need(
        _ field: Field<Secret<String>?>,
        _ settings: ScalerSettings
    ) throws(SettingsError) -> Secret<String> {
        guard let value = try settings[field] else { throw SettingsError(field.name, "\(field.name) not found") }
        return value
    }

    /// A setting that comes from the trigger's authentication only.
    private static func secret(_ name: String, _ help: String) -> Field<Secret<String>?> {
        .optional(name, from: [.authentication], .secret, help: help)
    }
}
