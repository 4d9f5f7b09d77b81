internal import Outbound
internal import ScalerKit

/// As whom a trigger asks AWS.
enum AWSIdentity: Sendable {
    /// As the owner of keys that do not change.
    case keys(AWSCredentials)
    /// As the operator itself.
    case own
    /// In a role that the operator assumes.
    case role(Secret<String>, externalID: Secret<String>?)

    /// Where its credentials come from.
    ///
    /// - Throws: ``ScalerError`` where the operator has no identity, or only half of one.
    func source(in region: Secret<String>, _ process: OwnProcess) throws(ScalerError) -> AWSCredentialSource {
        switch self {
        case .keys(let keys): .keys(keys)
        case .own: try .own(in: region, process)
        case .role(let role, let externalID):
            .lender(try .role(role, externalID: externalID, in: region, process))
        }
    }
}

/// Where credentials for AWS come from.
enum AWSCredentialSource: Sendable {
    /// They are at hand.
    case keys(AWSCredentials)
    /// Somebody lends them for a time.
    case lender(AWSLender)

    /// Where the operator's own come from: AWS's default chain, as far as it concerns a pod.
    ///
    /// - Throws: ``ScalerError`` where nothing of the chain is set, or what is set cannot be used.
    /// - Source: AWS, "SDKs and Tools Reference", "Standardized credential providers"; Go's SDK for the order, which KEDA
    ///   uses.
    static func own(in region: Secret<String>, _ process: OwnProcess) throws(ScalerError) -> AWSCredentialSource {
        if let id = process["AWS_ACCESS_KEY_ID"], let key = process["AWS_SECRET_ACCESS_KEY"] {
            return .keys(
                AWSCredentials(accessKeyID: id, secretAccessKey: key, sessionToken: process["AWS_SESSION_TOKEN"])
            )
        }
        if process["AWS_WEB_IDENTITY_TOKEN_FILE"] != nil { return .lender(try .webIdentity(in: region, process)) }
        if let lender = try AWSLender.container(process) { return .lender(lender) }
        throw ScalerError(
            .refused,
            "the operator has no AWS identity of its own: give it a service account with a role (IRSA or EKS Pod Identity), "
                + "or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in its environment; the metadata service of EC2 and "
                + "shared configuration files are not asked"
        )
    }
}
