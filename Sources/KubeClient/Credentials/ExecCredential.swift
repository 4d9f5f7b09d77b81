import Foundation
import KubeModel
import Outbound

/// What a credential plug-in gave.
struct ExecCredential: Sendable {
    /// A bearer token.
    let token: Secret<String>?
    /// PEM certificate chain.
    let certificate: String?
    /// PEM key of ``certificate``.
    let privateKey: Secret<String>?
    /// When it will be of no use; `nil` for as long as the process runs.
    let expires: Date?

    /// The plug-in's answer as the wire has it.
    private struct Answer: Decodable {
        /// Must be what was asked for.
        let apiVersion: String
        /// Must be `ExecCredential`.
        let kind: String
        /// What was got.
        let status: Status?

        /// What was got.
        struct Status: Decodable {
            /// When it ends.
            let expirationTimestamp: Timestamp?
            /// A bearer token.
            let token: String?
            /// PEM.
            let clientCertificateData: String?
            /// PEM.
            let clientKeyData: String?
        }
    }

    /// Reads what a plug-in wrote.
    ///
    /// - Throws: ``KubeError`` `.noCredentials`, which repeats nothing of the output.
    init(output: [UInt8], version: ExecPlugin.Version) throws(KubeError) {
        // The decoder's error may quote the output, and with it the token; so it is dropped.
        guard let answer = try? KubeJSON.decode(Answer.self, from: output), answer.kind == "ExecCredential" else {
            throw KubeError(.noCredentials, "the credential plugin did not print an ExecCredential")
        }
        guard answer.apiVersion == version.rawValue else {
            throw KubeError(
                .noCredentials,
                "the credential plugin answered in another version than \(version.rawValue)",
                isRetryable: false
            )
        }
        let status = answer.status
        let hasCertificate = status?.clientCertificateData?.isEmpty == false
        guard hasCertificate == (status?.clientKeyData?.isEmpty == false),
            hasCertificate || status?.token?.isEmpty == false
        else {
            throw KubeError(.noCredentials, "the credential plugin gave neither a token nor a certificate with its key")
        }
        self.token = status?.token.flatMap { $0.isEmpty ? nil : Secret($0) }
        self.certificate = hasCertificate ? status?.clientCertificateData : nil
        self.privateKey = hasCertificate ? status?.clientKeyData.map(Secret.init) : nil
        self.expires = status?.expirationTimestamp?.date
    }

    /// Whether it can still be used; the last seconds are not trusted to the clocks.
    func isFresh(at now: Date) -> Bool {
        expires.map { now < $0.addingTimeInterval(-10) } ?? true
    }
}
