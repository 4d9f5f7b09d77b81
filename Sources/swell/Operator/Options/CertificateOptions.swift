import ArgumentParser
import Outbound

/// The flags of our certificates and of where their authority is made known.
struct CertificateOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder with tls.crt and tls.key for HTTPS, read again when they change; made at start unless given.",
            valueName: "folder"
        )
    )
    var certDir: String?

    @Option(
        help: ArgumentHelp(
            "Make an authority and a certificate, keep them in a Secret, and renew them in time; false unless given.",
            valueName: "bool"
        ),
        transform: OptionValues.boolean
    )
    var enableCertRotation = false

    @Option(help: ArgumentHelp("Name of that Secret.", valueName: "name"))
    var certSecretName = "kedaorg-certs"

    @Option(help: ArgumentHelp("Name of the operator's Service, for the certificate.", valueName: "name"))
    var operatorServiceName = "keda-operator"

    @Option(help: ArgumentHelp("Name of the metrics API's Service, for the certificate.", valueName: "name"))
    var metricsServerServiceName = "keda-metrics-apiserver"

    @Option(help: ArgumentHelp("Name of the webhooks' Service, for the certificate.", valueName: "name"))
    var webhooksServiceName = "keda-admission-webhooks"

    @Option(help: ArgumentHelp("Domain of the cluster, for the certificate.", valueName: "domain"))
    var k8sClusterDomain = "cluster.local"

    @Option(
        help: ArgumentHelp("Put the authority into the webhook configuration; true unless given.", valueName: "bool"),
        transform: OptionValues.boolean
    )
    var enableWebhookPatching = true

    @Option(
        name: .customLong("enable-apiservice-patching"),
        help: ArgumentHelp("Put the authority into the APIServices; true unless given.", valueName: "bool"),
        transform: OptionValues.boolean
    )
    var enableAPIServicePatching = true

    @Option(help: ArgumentHelp("Name of the ValidatingWebhookConfiguration.", valueName: "name"))
    var validatingWebhookName = "keda-admission"

    @Option(
        help: ArgumentHelp(
            "Oldest TLS of the external metrics API: VersionTLS10 to VersionTLS13; VersionTLS12 unless given.",
            valueName: "version"
        ),
        transform: version
    )
    var tlsMinVersion = TLSSettings.Version.tls12

    @Option(
        help: ArgumentHelp(
            "Its cipher suites for TLS 1.2, by Go's names between commas; a good choice unless given.",
            valueName: "names"
        )
    )
    var tlsCipherSuites = ""

    /// The TLS that the external metrics API speaks.
    var externalMetricsTLS: TLSPolicy {
        TLSPolicy(minimumVersion: tlsMinVersion, cipherSuites: CipherSuiteNames.parse(tlsCipherSuites).known)
    }

    /// What is not taken as it is.
    var remarks: [Remark] {
        let unknown = CipherSuiteNames.parse(tlsCipherSuites).unknown.joined(separator: ", ")
        guard !unknown.isEmpty else { return [] }
        return [Remark(isWarning: true, text: "--tls-cipher-suites: unknown cipher suites are left out: \(unknown)")]
    }

    /// A version as Kubernetes' API servers write it.
    @Sendable private static func version(_ text: String) throws -> TLSSettings.Version {
        guard text.hasPrefix("Version"), let version = TLSSettings.Version(rawValue: String(text.dropFirst(7))) else {
            throw ValidationError("\"\(text)\" is none of VersionTLS10, VersionTLS11, VersionTLS12, VersionTLS13")
        }
        return version
    }
}
