extension AuthenticationSpec {
    /// A HashiCorp Vault, how to log in, and what to read there.
    public struct VaultSource: Codable, Sendable, Hashable {
        /// Its URL.
        public var address: String
        /// The namespace, where it has such.
        public var namespace: String?
        /// `token` or `kubernetes`.
        public var authentication: String
        /// Kubernetes: as whom to log in.
        public var role: String?
        /// Kubernetes: where that way of logging in is mounted.
        public var mount: String?
        /// What to log in with.
        public var credential: VaultCredential?
        /// What to read, at least one.
        public var secrets: [VaultSecret]
    }

    /// What to log in to a Vault with.
    ///
    /// A token may stand here in the clear: nothing of this is printed.
    public struct VaultCredential: Codable, Sendable, Hashable, CustomStringConvertible, CustomReflectable {
        /// Token: itself.
        public var token: String?
        /// Kubernetes: the operator's file with a service account's token.
        public var serviceAccount: String?
        /// Kubernetes: whose token to ask for; counts before the file.
        public var serviceAccountName: String?

        /// That there is one, and nothing of it.
        public var description: String { "<redacted>" }

        /// No children, so that `dump` shows nothing.
        public var customMirror: Mirror { Mirror(self, children: [:]) }
    }

    /// One setting from a Vault.
    public struct VaultSecret: Codable, Sendable, Hashable {
        /// The setting.
        public var parameter: String
        /// Where in the Vault.
        public var path: String
        /// Which key of what is there.
        public var key: String
        /// `secret` (KV 1), `secretV2`, `pki`; empty or absent to find out which KV it is.
        public var type: String?
        /// What a certificate is asked for with.
        public var pkiData: CertificateRequest?
    }

    /// What a certificate is asked for with.
    public struct CertificateRequest: Codable, Sendable, Hashable {
        /// Its common name.
        public var commonName: String?
        /// More DNS names and mail addresses, joined by commas.
        public var altNames: String?
        /// IP addresses, joined by commas.
        public var ipSans: String?
        /// URIs, joined by commas.
        public var uriSans: String?
        /// Other names, each `oid;type:value`.
        public var otherSans: String?
        /// How long it is to live, such as `24h`.
        public var ttl: String?
        /// `pem`, `der` or `pem_bundle`.
        public var format: String?
    }
}
