import ArgumentParser

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
            "Make an authority and a certificate, keep them in a Secret, and renew them in time.",
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
        help: ArgumentHelp("Put the authority into the webhook configuration.", valueName: "bool"),
        transform: OptionValues.boolean
    )
    var enableWebhookPatching = true

    @Option(
        name: .customLong("enable-apiservice-patching"),
        help: ArgumentHelp("Put the authority into the APIService.", valueName: "bool"),
        transform: OptionValues.boolean
    )
    var enableAPIServicePatching = true

    @Option(help: ArgumentHelp("Name of the ValidatingWebhookConfiguration.", valueName: "name"))
    var validatingWebhookName = "keda-admission"
}
