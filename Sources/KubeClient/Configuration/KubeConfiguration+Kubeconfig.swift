import Foundation
import KubeModel
import Outbound

extension KubeConfiguration {
    /// What a context of a kubeconfig means.
    ///
    /// - Throws: ``KubeError`` `.invalidConfiguration`, naming what is missing.
    init(_ file: Kubeconfig, context wanted: String?, files: TextFiles) throws(KubeError) {
        let asked = wanted ?? file.currentContext ?? ""
        guard !asked.isEmpty else {
            throw Self.wrong("the kubeconfig has no current-context; name one with --context")
        }
        guard let context = file.contexts?.first(where: { $0.name == asked })?.value else {
            let known = (file.contexts ?? []).map(\.name).joined(separator: ", ")
            throw Self.wrong("the kubeconfig has no context \"\(asked)\"; it has: \(known.isEmpty ? "none" : known)")
        }
        guard let cluster = file.clusters?.first(where: { $0.name == context.cluster })?.value else {
            throw Self.wrong("the context \"\(asked)\" names the cluster \"\(context.cluster)\", which is not there")
        }
        let user = try Self.user(of: context, in: file, asked: asked)
        if cluster.proxyURL.map({ !$0.isEmpty }) == true {
            throw Self.wrong("proxy-url in a kubeconfig is not supported; set HTTPS_PROXY in the environment instead")
        }
        let authorities = try Self.material(
            cluster.certificateAuthorityData,
            cluster.certificateAuthority,
            "certificate-authority-data"
        )
        let server: WebAddress
        do {
            server = try WebAddress.parse(cluster.server ?? "").address
        } catch {
            throw Self.wrong("the server of the cluster \"\(context.cluster)\" is not a URL", cause: error)
        }
        let skips = cluster.insecureSkipTLSVerify ?? false
        self.init(
            server: server,
            namespace: context.namespace.flatMap { $0.isEmpty ? nil : $0 } ?? "default",
            authorities: skips ? nil : authorities,
            serverName: cluster.tlsServerName.flatMap { $0.isEmpty ? nil : $0 },
            skipsVerification: skips,
            identity: try Self.identity(user, cluster, authorities),
            files: files
        )
    }

    /// The user that a context names; a context without one is anonymous.
    private static func user(
        of context: Kubeconfig.Context,
        in file: Kubeconfig,
        asked: String
    ) throws(KubeError) -> Kubeconfig.User? {
        guard let name = context.user, !name.isEmpty else { return nil }
        guard let user = file.users?.first(where: { $0.name == name })?.value else {
            throw wrong("the context \"\(asked)\" names the user \"\(name)\", which is not there")
        }
        return user
    }

    /// How a user logs in.
    ///
    /// A token file wins over a token, data over files.
    private static func identity(
        _ user: Kubeconfig.User?,
        _ cluster: Kubeconfig.Cluster,
        _ authorities: Material?
    ) throws(KubeError) -> Identity {
        guard let user else { return Identity() }
        // Without them we would be somebody else than the file says.
        if user.impersonated.map({ !$0.isEmpty }) == true {
            throw wrong("\"as\" in a kubeconfig is not supported; log in as the user that you mean")
        }
        if let provider = user.authProvider {
            throw wrong(
                "the auth-provider \"\(provider.name ?? "")\" in the kubeconfig is not supported; use exec or a token"
            )
        }
        let token = user.token.flatMap { $0.isEmpty ? nil : Material.text(Secret($0)) }
        let tokenFile = user.tokenFile.flatMap { $0.isEmpty ? nil : Material.file($0) }
        return Identity(
            certificate: try material(user.clientCertificateData, user.clientCertificate, "client-certificate-data"),
            privateKey: try material(user.clientKeyData, user.clientKey, "client-key-data"),
            token: tokenFile ?? token,
            user: user.username.flatMap { $0.isEmpty ? nil : $0 },
            password: user.password.map(Secret.init),
            plugin: try user.exec.map { exec throws(KubeError) in try ExecPlugin(exec, cluster, authorities) }
        )
    }

    /// Data if there is some, else a file if one is named.
    private static func material(_ data: String?, _ file: String?, _ name: String) throws(KubeError) -> Material? {
        if let data, !data.isEmpty {
            guard let bytes = Data(base64Encoded: data, options: .ignoreUnknownCharacters),
                let text = String(validating: bytes, as: UTF8.self), !text.isEmpty
            else { throw wrong("\(name) in the kubeconfig is not base64 of a PEM text") }
            return .text(Secret(text))
        }
        return file.flatMap { $0.isEmpty ? nil : .file($0) }
    }

    /// An error of the person who wrote the file.
    private static func wrong(_ text: String, cause: (any Error)? = nil) -> KubeError {
        KubeError(.invalidConfiguration, text, cause: cause)
    }
}

extension ExecPlugin {
    /// What a kubeconfig says of a plug-in.
    ///
    /// - Throws: ``KubeError`` for a version of the contract that we do not speak, or a plug-in that needs a terminal.
    fileprivate init(
        _ exec: Kubeconfig.Exec,
        _ cluster: Kubeconfig.Cluster,
        _ authorities: KubeConfiguration.Material?
    ) throws(KubeError) {
        guard let version = exec.apiVersion.flatMap(Version.init) else {
            throw KubeError(
                .invalidConfiguration,
                "the credential plugin's apiVersion must be one of \(Version.names); renew the kubeconfig"
            )
        }
        guard exec.interactiveMode != "Always" else {
            throw KubeError(.invalidConfiguration, "the credential plugin needs a terminal (interactiveMode: Always)")
        }
        let settings = cluster.extensions?.first { $0.name == "client.authentication.k8s.io/exec" }?.extension
        let info = ClusterInfo(
            server: cluster.server ?? "",
            serverName: cluster.tlsServerName,
            skipsVerification: cluster.insecureSkipTLSVerify ?? false,
            authorities: authorities,
            settings: settings
        )
        self.init(
            version: version,
            command: exec.command,
            arguments: exec.args ?? [],
            environment: Dictionary((exec.env ?? []).map { ($0.name, $0.value) }) { _, last in last },
            cluster: exec.provideClusterInfo == true ? info : nil,
            installHint: exec.installHint
        )
    }
}
