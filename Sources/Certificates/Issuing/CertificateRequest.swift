/// What a certificate is to say.
public struct CertificateRequest: Sendable, Hashable {
    /// What a certificate may be used for.
    public enum Usage: Sendable, Hashable, CaseIterable {
        /// To prove a server's identity.
        case server
        /// To prove a client's identity.
        case client
    }

    /// The subject's CN: for clients the user name.
    public var commonName: String
    /// The subject's Os: for clients the groups.
    public var organizations: [String]
    /// Names under which a server is reached.
    public var names: [String]
    /// IPv4 and IPv6 addresses under which a server is reached.
    public var addresses: [String]
    /// What it may be used for.
    public var usages: [Usage]
    /// How long it is valid, in days.
    public var days: Int

    /// Asks for a certificate; one year for both uses, as KEDA's.
    ///
    /// - Source: KEDA, `pkg/certificates/certificate_manager.go`.
    public init(
        commonName: String,
        organizations: [String] = [],
        names: [String] = [],
        addresses: [String] = [],
        usages: [Usage] = Usage.allCases,
        days: Int = 365
    ) {
        self.commonName = commonName
        self.organizations = organizations
        self.names = names
        self.addresses = addresses
        self.usages = usages
        self.days = days
    }
}
