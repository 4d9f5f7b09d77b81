import Foundation
import KubeModel
import Scaling
import Testing

@Suite struct TriggerAuthenticationTests {
    /// Every field that KEDA's CRD has.
    static let everything: JSONValue = [
        "podIdentity": [
            "provider": "azure-workload", "identityId": "id", "identityTenantId": "tenant",
            "identityAuthorityHost": "https://login", "roleArn": "arn", "externalID": "x", "identityOwner": "keda",
        ],
        "env": [["parameter": "a", "name": "A", "containerName": "main"]],
        "filePath": "team/db.json",
        "configMapTargetRef": [["parameter": "b", "name": "config", "key": "b"]],
        "secretTargetRef": [["parameter": "c", "name": "secret", "key": "c"]],
        "hashiCorpVault": [
            "address": "https://vault", "namespace": "n", "authentication": "kubernetes", "role": "r", "mount": "m",
            "credential": ["token": "canary", "serviceAccount": "/file", "serviceAccountName": "sa"],
            "secrets": [
                [
                    "parameter": "d", "path": "secret/data/db", "key": "password", "type": "pki",
                    "pkiData": [
                        "commonName": "cn", "altNames": "a", "ipSans": "i", "uriSans": "u", "otherSans": "o",
                        "ttl": "1h", "format": "pem",
                    ],
                ]
            ],
        ],
        "azureKeyVault": ["vaultUri": "u", "secrets": [["parameter": "e", "name": "n"]]],
        "gcpSecretManager": ["secrets": [["parameter": "f", "id": "n"]]],
        "awsSecretManager": ["secrets": [["parameter": "g", "name": "n"]]],
        "boundServiceAccountToken": [["parameter": "h", "serviceAccountName": "sa"]],
        "oauth2": [
            "type": "clientCredentials", "clientId": "me",
            "clientSecret": ["valueFrom": ["secretKeyRef": ["name": "s", "key": "k"]]],
            "tokenUrl": "https://login/token", "scopes": ["a", "b"], "tokenUrlParams": ["audience": "x"],
        ],
    ]

    @Test func `no field is lost between reading and writing`() throws {
        let spec: AuthenticationSpec = try KubeJSON.decode(from: KubeJSON.encode(Self.everything))
        let again: JSONValue = try KubeJSON.decode(from: KubeJSON.encode(spec))
        #expect(again == Self.everything)
    }

    @Test func `a Vault's token is not printed`() throws {
        let spec: AuthenticationSpec = try KubeJSON.decode(from: KubeJSON.encode(Self.everything))
        var dumped = ""
        dump(spec, to: &dumped)
        for text in ["\(spec)", String(reflecting: spec), dumped] {
            #expect(!text.contains("canary"))
        }
    }
}
