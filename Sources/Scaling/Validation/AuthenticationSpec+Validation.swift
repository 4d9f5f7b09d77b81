extension AuthenticationSpec {
    /// All for which KEDA's admission refuses an authentication.
    ///
    /// Beside the identities that have no rules, `oauth2` is not looked at.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/triggerauthentication_webhook.go`, `validateSpec`.
    public var admissionProblems: [SpecProblem] {
        guard let identity = podIdentity else { return oauth2?.problems ?? [] }
        switch identity.provider {
        case "azure-workload": return identity.azureProblems + (oauth2?.problems ?? [])
        case "aws": return identity.awsProblems + (oauth2?.problems ?? [])
        default: return []
        }
    }
}

extension AuthenticationSpec.PodIdentity {
    /// What is said of an identity of Azure that cannot be.
    fileprivate var azureProblems: [SpecProblem] {
        var problems: [SpecProblem] = []
        if identityId == "" {
            problems.append(
                SpecProblem(
                    "spec.podIdentity.identityId",
                    "identityId of PodIdentity should not be empty. If it's set, identityId has to be different than \"\""
                )
            )
        }
        if identityAuthorityHost?.isEmpty == false {
            if identityTenantId?.isEmpty ?? true {
                problems.append(
                    SpecProblem(
                        "spec.podIdentity.identityTenantId",
                        "identityTenantID of PodIdentity should not be nil or empty when identityAuthorityHost of "
                            + "PodIdentity is set"
                    )
                )
            }
        } else if identityTenantId == "" {
            problems.append(
                SpecProblem(
                    "spec.podIdentity.identityTenantId",
                    "identityTenantId of PodIdentity should not be empty. If it's set, identityTenantId has to be "
                        + "different than \"\""
                )
            )
        }
        return problems
    }

    /// What is said of an identity of AWS that cannot be.
    fileprivate var awsProblems: [SpecProblem] {
        let hasRole = roleArn?.isEmpty == false
        if hasRole, identityOwner == "workload" {
            return [
                SpecProblem(
                    "spec.podIdentity.roleArn",
                    "roleArn of PodIdentity can't be set if KEDA isn't identityOwner"
                )
            ]
        }
        if externalID?.isEmpty == false, !hasRole {
            return [
                SpecProblem("spec.podIdentity.externalID", "externalID of PodIdentity requires roleArn to be set")
            ]
        }
        return []
    }
}

extension AuthenticationSpec.OAuth2Source {
    /// What is said of where tokens come from that cannot be; no text of the spec but the type is repeated.
    fileprivate var problems: [SpecProblem] {
        var problems: [SpecProblem] = []
        if let type, type != "clientCredentials" {
            problems.append(
                SpecProblem("spec.oauth2.type", "oauth2.type must be 'clientCredentials', got '\(type)'")
            )
        }
        if clientId.isEmpty {
            problems.append(
                SpecProblem("spec.oauth2.clientId", "oauth2.clientId is required when oauth2 is configured")
            )
        }
        if tokenUrl.isEmpty {
            problems.append(
                SpecProblem("spec.oauth2.tokenUrl", "oauth2.tokenUrl is required when oauth2 is configured")
            )
        } else if !isWebAddress {
            problems.append(
                SpecProblem("spec.oauth2.tokenUrl", "oauth2.tokenUrl must be a valid http or https URL")
            )
        }
        return problems
    }

    /// Whether `tokenUrl` is http or https and names a host.
    ///
    /// - Source: Go, `net/url`, `Parse`, which takes more for a path or a query than RFC 3986 does.
    private var isWebAddress: Bool {
        guard let match = tokenUrl.wholeMatch(of: /[hH][tT][tT][pP][sS]?:\/\/([^\/?#]*)(.*)/),
            tokenUrl.unicodeScalars.allSatisfy({ $0.value > 0x1F && $0.value != 0x7F })
        else { return false }
        let host = match.1.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        return host.wholeMatch(of: /(\[[0-9A-Fa-f:.%a-z]+\]|[^\s:\[\]]*)(:[0-9]*)?/) != nil && !host.isEmpty
    }
}
