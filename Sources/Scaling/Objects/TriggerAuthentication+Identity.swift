extension AuthenticationSpec {
    /// A workload identity.
    ///
    /// None of the providers is built yet, except for `none`.
    public struct PodIdentity: Codable, Sendable, Hashable {
        /// `azure-workload`, `gcp`, `aws`, `aws-eks` or `none`.
        public var provider: String
        /// Azure: another identity than the operator's.
        public var identityId: String?
        /// Azure: another tenant.
        public var identityTenantId: String?
        /// Azure: another place to log in; needs a tenant.
        public var identityAuthorityHost: String?
        /// AWS: the role to assume.
        public var roleArn: String?
        /// AWS: the external id that the role asks for.
        public var externalID: String?
        /// AWS: `keda` or `workload`.
        public var identityOwner: String?
    }

    /// Where a trigger fetches tokens by OAuth 2.
    public struct OAuth2Source: Codable, Sendable, Hashable {
        /// `clientCredentials`, which is also what absence means.
        public var type: String?
        /// Who asks.
        public var clientId: String
        /// Where the asker's secret is.
        public var clientSecret: SecretValue?
        /// Who is asked.
        public var tokenUrl: String
        /// What for.
        public var scopes: [String]?
        /// More fields of the request.
        public var tokenUrlParams: [String: String]?
    }

    /// A value that stands in a Secret.
    public struct SecretValue: Codable, Sendable, Hashable {
        /// Where it stands.
        public var valueFrom: ValueFrom

        /// Where a value stands.
        public struct ValueFrom: Codable, Sendable, Hashable {
            /// One key of a Secret.
            public var secretKeyRef: SecretKey
        }

        /// One key of a Secret.
        public struct SecretKey: Codable, Sendable, Hashable {
            /// The Secret.
            public var name: String
            /// Its key.
            public var key: String
        }
    }
}
