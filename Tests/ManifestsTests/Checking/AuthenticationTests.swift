import Manifests
import Testing

@Suite struct AuthenticationTests {
    @Test(arguments: ["TriggerAuthentication", "ClusterTriggerAuthentication"])
    func `authentications are checked by their schema`(kind: String) {
        let text = """
            apiVersion: keda.sh/v1alpha1
            kind: \(kind)
            metadata:
              name: db
            spec:
              secretTargetRef:
                - parameter: connection
                  name: db
                - parameter: password
                  name: db
                  key: 5
                  keys: a
              podIdentity:
                provider: azure-workloads
              hashiCorpVault:
                address: a
                secrets: []
            """
        let lines = check(text).map { $0.split(separator: ": ", maxSplits: 1)[0] }
        #expect(
            lines == [
                "7:7 error spec.secretTargetRef[0].key", "11:7 error spec.secretTargetRef[1].key",
                "12:7 warning spec.secretTargetRef[1].keys", "14:5 error spec.podIdentity.provider",
                "15:3 error spec.hashiCorpVault.authentication", "17:5 error spec.hashiCorpVault.secrets",
            ]
        )
    }

    @Test(arguments: [
        (
            "podIdentity: {provider: aws, externalID: x}",
            ["6:32 error spec.podIdentity.externalID: externalID of PodIdentity requires roleArn to be set"]
        ),
        ("podIdentity: {provider: aws, externalID: x, roleArn: role}", []),
        (
            "oauth2: {type: clientCredentials, clientId: me, tokenUrl: login}",
            ["6:51 error spec.oauth2.tokenUrl: oauth2.tokenUrl must be a valid http or https URL"]
        ),
        (
            "oauth2: {type: password, clientId: me, tokenUrl: \"http://login\"}",
            ["6:12 error spec.oauth2.type: must be one of clientCredentials"]
        ),
    ])
    func `authentications are checked by KEDA's rules`(source: String, expected: [String]) {
        let text = """
            apiVersion: keda.sh/v1alpha1
            kind: TriggerAuthentication
            metadata:
              name: db
            spec:
              \(source)
            """
        #expect(check(text) == expected)
    }

    @Test func `no finding repeats a value`() {
        let canary = "canary-4711"
        let text = """
            apiVersion: keda.sh/v1alpha1
            kind: TriggerAuthentication
            metadata: {name: \(canary)_, labels: {a: [\(canary)]}}
            spec:
              podIdentity: {provider: \(canary), identityOwner: \(canary)}
              secretTargetRef: \(canary)
              hashiCorpVault: {address: [\(canary)], authentication: \(canary), credential: \(canary), secrets: [\(canary)]}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: a, labels: \(canary)}
            stringData: {password: \(canary)}
            data: \(canary)
            ---
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata: {name: x}
            spec:
              pollingInterval: \(canary)
              scaleTargetRef: {name: x}
              triggers:
                - type: prometheus
                  metadata: {serverAddress: "\(canary)", threshold: \(canary), password: \(canary), unsafeSsl: \(canary)}
                - type: cron
                  metadata: {timezone: UTC, start: 0 9 * * *, end: 0 18 * * *, desiredReplicas: \(canary)}
            """
        let report = report(text)
        #expect(report.problems > 8)
        #expect(!report.text().contains(canary))
    }
}
