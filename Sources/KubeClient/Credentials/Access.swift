import Foundation
import Outbound

/// Opens the door for each request: reads what may change, runs what must be run, remembers both for a while.
final class Access: Sendable {
    /// What one request is sent with.
    struct Pass: Sendable {
        /// Where to.
        let server: WebAddress
        /// Whom to trust, and the certificate that is shown.
        let tls: TLSSettings
        /// The `Authorization` header.
        let authorization: HTTPRequest.Authorization?
        /// Which run of the plug-in it comes from, if from one.
        let issue: Int?
    }

    /// What is fixed.
    private let configuration: KubeConfiguration
    /// What stands in files.
    private let files: FileCache
    /// What is run, where no token is given.
    private let plugin: PluginCredentials?

    /// Nothing is read or run yet.
    init(
        _ configuration: KubeConfiguration,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        time: TimeSource
    ) {
        self.configuration = configuration
        self.files = FileCache(configuration.files, time: time)
        self.plugin =
            configuration.identity.token == nil
            ? configuration.identity.plugin.map {
                PluginCredentials($0, environment: environment, files: configuration.files, time: time)
            } : nil
    }

    /// What to send the next request with.
    ///
    /// - Throws: ``KubeError`` `.noCredentials`, `.cancelled`.
    func current() async throws(KubeError) -> Pass {
        let issue = try await plugin?.current()
        var tls = TLSSettings(
            authorities: try text(configuration.authorities, "the certificate authority"),
            serverName: configuration.serverName,
            skipsVerification: configuration.skipsVerification
        )
        if let certificate = issue?.credential.certificate {
            tls.certificate = certificate
            tls.privateKey = issue?.credential.privateKey
        } else {
            tls.certificate = try text(configuration.identity.certificate, "the client certificate")
            tls.privateKey = try text(configuration.identity.privateKey, "the client key").map(Secret.init)
        }
        return Pass(
            server: configuration.server,
            tls: tls,
            authorization: try authorization(issue?.credential.token),
            issue: issue?.number
        )
    }

    /// A request was answered with 401.
    ///
    /// - Returns: whether asking again with what ``current()`` now gives may help.
    func refused(_ pass: Pass) -> Bool {
        if let issue = pass.issue {
            plugin?.refused(issue)
            return true
        }
        files.forget()
        if case .file = configuration.identity.token { return true }
        if case .file = configuration.identity.certificate { return true }
        return false
    }

    /// The header, from the first of token, plug-in and password that there is.
    private func authorization(_ issued: Secret<String>?) throws(KubeError) -> HTTPRequest.Authorization? {
        let identity = configuration.identity
        if let token = try text(identity.token, "the token") {
            return .bearer(Secret(token.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
        if let issued { return .bearer(issued) }
        return identity.user.map { .basic(user: $0, password: identity.password ?? Secret("")) }
    }

    /// The text of something that may stand in a file.
    private func text(_ material: KubeConfiguration.Material?, _ purpose: String) throws(KubeError) -> String? {
        switch material {
        case .text(let secret): secret.withValue { $0 }
        case .file(let path): try files.text(path, for: purpose)
        case nil: nil
        }
    }
}
