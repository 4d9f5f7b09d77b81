import KubeModel
import Scaling
import Testing

@Suite struct AuthenticationRulesTests {
    /// An identity of Azure with more.
    static func azure(_ more: JSONValue) -> JSONValue {
        ["podIdentity": MergePatch.apply(more, to: ["provider": "azure-workload"])]
    }

    /// An identity of AWS with more.
    static func aws(_ more: JSONValue) -> JSONValue { ["podIdentity": MergePatch.apply(more, to: ["provider": "aws"])] }

    /// A good OAuth 2 source, changed.
    static func oauth2(_ changes: JSONValue = [:]) -> JSONValue {
        let good: JSONValue = ["type": "clientCredentials", "clientId": "me", "tokenUrl": "https://login/token"]
        return ["oauth2": MergePatch.apply(changes, to: good)]
    }

    static let empty =
        "identityTenantId of PodIdentity should not be empty. If it's set, identityTenantId has to be "
        + "different than \"\""
    static let hostless =
        "identityTenantID of PodIdentity should not be nil or empty when identityAuthorityHost of "
        + "PodIdentity is set"

    @Test(
        arguments: [
            ([:], nil), (["secretTargetRef": [["parameter": "a", "name": "b", "key": "c"]]], nil),
            (azure([:]), nil), (azure(["identityId": "a"]), nil),
            (
                azure(["identityId": ""]),
                "identityId of PodIdentity should not be empty. If it's set, identityId has to be different than \"\""
            ),
            (azure(["identityAuthorityHost": "https://login"]), hostless),
            (azure(["identityAuthorityHost": "https://login", "identityTenantId": ""]), hostless),
            (azure(["identityAuthorityHost": "https://login", "identityTenantId": "t"]), nil),
            (azure(["identityAuthorityHost": "", "identityTenantId": "t"]), nil),
            (azure(["identityTenantId": ""]), empty), (azure(["identityTenantId": "t"]), nil),
            (aws([:]), nil), (aws(["roleArn": "arn", "identityOwner": "keda"]), nil),
            (
                aws(["roleArn": "arn", "identityOwner": "workload"]),
                "roleArn of PodIdentity can't be set if KEDA isn't identityOwner"
            ),
            (aws(["roleArn": "", "identityOwner": "workload"]), nil),
            (aws(["externalID": "x", "roleArn": "arn"]), nil),
            (aws(["externalID": "x"]), "externalID of PodIdentity requires roleArn to be set"),
            (["podIdentity": ["provider": "gcp", "identityId": ""]], nil),
            (["podIdentity": ["provider": "aws-eks", "externalID": "x"]], nil),
            (["podIdentity": ["provider": "none"]], nil),
            (oauth2(), nil), (oauth2(["type": nil]), nil),
            (oauth2(["type": "password"]), "oauth2.type must be 'clientCredentials', got 'password'"),
            (oauth2(["clientId": ""]), "oauth2.clientId is required when oauth2 is configured"),
            (oauth2(["tokenUrl": ""]), "oauth2.tokenUrl is required when oauth2 is configured"),
        ] as [(JSONValue, String?)]
    )
    func `an authentication is refused in KEDA's words`(spec: JSONValue, message: String?) throws {
        let spec: AuthenticationSpec = try KubeJSON.decode(from: spec)
        #expect(spec.admissionProblems.map(\.message) == (message.map { [$0] } ?? []))
    }

    @Test(arguments: [
        ("https://login.example.com/token?a=b", true), ("HTTP://login", true), ("http://u:p@h:80/x", true),
        ("http://[::1]:8080/t", true), ("http://h", true), ("ftp://h", false), ("https:///token", false),
        ("https://", false), ("login/token", false), ("https//h", false), ("https://h:port/", false),
        ("https://a b/", false), ("https://h/\n", false), ("https://h/a b", true),
    ])
    func `tokens come from http and https addresses with a host`(address: String, isGood: Bool) throws {
        let spec: AuthenticationSpec = try KubeJSON.decode(from: Self.oauth2(["tokenUrl": .string(address)]))
        let message = "oauth2.tokenUrl must be a valid http or https URL"
        #expect(spec.admissionProblems.map(\.message) == (isGood ? [] : [message]))
    }

    @Test(arguments: [("azure-workload", 1), ("aws", 1), ("gcp", 0), ("aws-eks", 0), ("none", 0)])
    func `beside identities without rules OAuth 2 is not looked at`(provider: String, count: Int) throws {
        var spec = Self.oauth2(["clientId": ""])
        spec["podIdentity"] = ["provider": .string(provider)]
        let read: AuthenticationSpec = try KubeJSON.decode(from: spec)
        #expect(read.admissionProblems.count == count)
    }
}
