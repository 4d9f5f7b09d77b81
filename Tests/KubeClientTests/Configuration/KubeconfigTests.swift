import KubeClient
import Outbound
import Testing

@Suite struct KubeconfigTests {
    /// A file with one of everything; `Q0E=` is `CA`.
    static let file = """
        apiVersion: v1
        kind: Config
        current-context: dev
        clusters:
        - name: dev
          cluster: {server: "https://dev:6443", certificate-authority-data: Q0E=}
        - name: rancher
          cluster: {server: "https://r.example/k8s/clusters/c-1/", certificate-authority: ca.pem, tls-server-name: inner}
        - name: open
          cluster: {server: "https://127.0.0.1:1", insecure-skip-tls-verify: true, certificate-authority-data: Q0E=}
        users:
        - name: cert
          user: {client-certificate-data: Q0E=, client-key-data: Q0E=}
        - name: files
          user: {client-certificate: sub/c.pem, client-key: /abs/k.pem}
        - name: token
          user: {token: canary-token}
        - name: both
          user: {token: canary-token, tokenFile: t}
        - name: basic
          user: {username: u, password: canary-password}
        - name: eks
          user:
            exec:
              apiVersion: client.authentication.k8s.io/v1beta1
              command: aws
              args: [eks, get-token, --cluster-name, c]
              env: [{name: AWS_PROFILE, value: p}]
              interactiveMode: IfAvailable
        - name: script
          user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./bin/login, args: null, env: null, provideClusterInfo: true}}
        contexts:
        - {name: dev, context: {cluster: dev, user: cert, namespace: work}}
        - {name: rancher, context: {cluster: rancher, user: files}}
        - {name: open, context: {cluster: open, user: token}}
        - {name: both, context: {cluster: dev, user: both}}
        - {name: basic, context: {cluster: dev, user: basic, namespace: ""}}
        - {name: eks, context: {cluster: dev, user: eks}}
        - {name: script, context: {cluster: dev, user: script}}
        - {name: anonymous, context: {cluster: dev}}
        - {name: lost, context: {cluster: nowhere, user: cert}}
        - {name: nobody, context: {cluster: dev, user: ghost}}
        preferences: {}
        """

    /// Loads one context of the file.
    static func load(_ context: String?, _ text: String = file) throws -> KubeConfiguration {
        try KubeConfiguration.load(
            kubeconfig: "/home/me/cfg",
            context: context,
            environment: [:],
            files: .memory(["/home/me/cfg": text])
        )
    }

    @Test func `the current context is taken`() throws {
        let config = try Self.load(nil)
        #expect(config.server.description == "https://dev:6443/" && config.namespace == "work")
        #expect(config.authorities == .text(Secret("CA")))
        #expect(config.identity == .init(certificate: .text(Secret("CA")), privateKey: .text(Secret("CA"))))
    }

    @Test func `paths stand relative to the file`() throws {
        let config = try Self.load("rancher")
        #expect(config.authorities == .file("/home/me/ca.pem") && config.serverName == "inner")
        #expect(config.identity == .init(certificate: .file("/home/me/sub/c.pem"), privateKey: .file("/abs/k.pem")))
        #expect(config.server.appending("api").description == "https://r.example/k8s/clusters/c-1/api")
        #expect(config.namespace == "default")
    }

    @Test func `trusting anyone leaves the authorities out`() throws {
        let config = try Self.load("open")
        #expect(config.skipsVerification && config.authorities == nil)
        #expect(config.identity == .init(token: .text(Secret("canary-token"))))
    }

    @Test func `a token file wins over a token, and a password is kept`() throws {
        #expect(try Self.load("both").identity == .init(token: .file("/home/me/t")))
        #expect(try Self.load("basic").identity == .init(user: "u", password: Secret("canary-password")))
        #expect(try Self.load("basic").namespace == "default")
        #expect(try Self.load("anonymous").identity == .init())
    }

    @Test func `plug-ins are read as EKS and GKE write them`() throws {
        let aws = try #require(try Self.load("eks").identity.plugin)
        #expect(aws.version == .v1beta1 && aws.command == "aws" && aws.environment == ["AWS_PROFILE": "p"])
        #expect(aws.arguments == ["eks", "get-token", "--cluster-name", "c"] && aws.cluster == nil)
        let script = try #require(try Self.load("script").identity.plugin)
        #expect(script.command == "/home/me/bin/login" && script.arguments.isEmpty)
        #expect(script.cluster?.server == "https://dev:6443" && script.cluster?.authorities == .text(Secret("CA")))
    }

    @Test func `nothing of a plug-in but its program is ever shown`() throws {
        let text = Self.file.replacing("value: p", with: "value: canary-1")
            .replacing("cluster-name, c", with: "t, canary-2")
        let config = try Self.load("eks", text)
        #expect(config.identity.plugin?.environment == ["AWS_PROFILE": "canary-1"])
        #expect(!"\(config) \(String(reflecting: config))".contains("canary"))
    }

    @Test(arguments: [
        (
            "{token: t, as: admin, as-groups: [g]}",
            "\"as\" in a kubeconfig is not supported; log in as the user that you mean"
        ),
        (
            "{auth-provider: {name: oidc, config: {id-token: canary}}}",
            "the auth-provider \"oidc\" in the kubeconfig is not supported; use exec or a token"
        ),
    ])
    func `a user that we cannot be is refused, not replaced by another`(user: String, message: String) {
        let error = #expect(throws: KubeError.self) {
            try Self.load("both", Self.file.replacing("{token: canary-token, tokenFile: t}", with: user))
        }
        #expect(error?.description == message && error?.code == .invalidConfiguration)
    }

    @Test(arguments: [
        ("lost", "the context \"lost\" names the cluster \"nowhere\", which is not there"),
        ("nobody", "the context \"nobody\" names the user \"ghost\", which is not there"),
        (
            "prod",
            "the kubeconfig has no context \"prod\"; it has: dev, rancher, open, both, basic, eks, script, anonymous, lost, nobody"
        ),
    ])
    func `a context that leads nowhere says why`(context: String, message: String) {
        let error = #expect(throws: KubeError.self) { try Self.load(context) }
        #expect(error?.description == message && error?.code == .invalidConfiguration)
    }

    @Test(arguments: [
        ("", "the kubeconfig has no current-context; name one with --context"),
        ("a: [", "the kubeconfig /home/me/cfg is not valid YAML in line 2"),
        ("clusters: canary-x", "the kubeconfig /home/me/cfg is not one: clusters has the wrong type"),
        (
            "users: [{name: a, user: {token: [canary-y]}}]",
            "the kubeconfig /home/me/cfg is not one: users.[0].user.token has the wrong type"
        ),
        ("users: [{name: a}]", "the kubeconfig /home/me/cfg is not one: users.[0] lacks user"),
    ])
    func `a broken file is named without showing it`(text: String, message: String) {
        let error = #expect(throws: KubeError.self) { try Self.load(nil, text) }
        #expect(error?.description == message)
        #expect(error?.debugDescription.contains("canary") == false)
    }

    @Test(arguments: [
        ("server: \"ftp://x\"", "", "the server of the cluster \"c\" is not a URL"),
        (
            "certificate-authority-data: \"%%\", server: \"https://x\"", "",
            "certificate-authority-data in the kubeconfig is not base64 of a PEM text"
        ),
        (
            "proxy-url: \"http://p\", server: \"https://x\"", "",
            "proxy-url in a kubeconfig is not supported; set HTTPS_PROXY in the environment instead"
        ),
        (
            "server: \"https://x\"", "exec: {command: a, apiVersion: client.authentication.k8s.io/v1alpha1}",
            "the credential plugin's apiVersion must be one of client.authentication.k8s.io/v1, client.authentication.k8s.io/v1beta1; renew the kubeconfig"
        ),
        (
            "server: \"https://x\"",
            "exec: {command: a, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}",
            "the credential plugin needs a terminal (interactiveMode: Always)"
        ),
    ])
    func `what we cannot do is said`(cluster: String, user: String, message: String) {
        let text = """
            current-context: x
            clusters: [{name: c, cluster: {\(cluster)}}]
            users: [{name: u, user: {\(user)}}]
            contexts: [{name: x, context: {cluster: c, user: u}}]
            """
        #expect(#expect(throws: KubeError.self) { try Self.load(nil, text) }?.description == message)
    }

    @Test func `no secret is shown when a configuration is printed`() throws {
        for context in ["open", "both", "basic"] {
            var text = ""
            let config = try Self.load(context)
            dump(config, to: &text)
            #expect(!(text + "\(config)" + String(reflecting: config)).contains("canary"))
        }
    }
}
