internal import Outbound
internal import ScalerKit

/// How a trigger proves to AWS who it is: by keys that do not change, so far.
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
    static let role = secret("awsRoleArn", "AWS role to assume; not supported yet.")
    static let externalID = secret("awsExternalId", "External ID for that role; not supported yet.")
    static let identityOwner = Field<String?>
        .optional(
            "identityOwner",
            .text,
            help: "`pod` for keys of the trigger; `operator`, for those of the operator, is not supported yet."
        )

    /// All settings of this block.
    static var fields: [any AnyField] {
        [accessKeyID, secretAccessKey, sessionToken, role, externalID, identityOwner]
    }

    /// The keys that the settings give.
    ///
    /// - Throws: ``SettingsError`` for keys that are missing, and for ways to prove an identity that are.
    static func credentials(from settings: ScalerSettings) throws(SettingsError) -> AWSCredentials {
        let missing = "is not supported yet: give awsAccessKeyID and awsSecretAccessKey"
        if let owner = try settings[identityOwner], owner != "pod" {
            throw SettingsError(
                identityOwner.name,
                "parameter \"identityOwner\": the operator's own AWS identity \(missing)"
            )
        }
        if settings.has(role) { throw SettingsError(role.name, "parameter \"awsRoleArn\": assuming a role \(missing)") }
        return AWSCredentials(
            accessKeyID: try need(accessKeyID, settings),
            secretAccessKey: try need(secretAccessKey, settings),
            sessionToken: try settings[sessionToken]
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
