import ArgumentParser
import Foundation
import KubeClient
import KubeModel
import Outbound
import Scaling
import Serving

/// What flags and environment come to.
///
/// - Source: KEDA, `cmd/operator/main.go` and `pkg/util/env_resolver.go`, for the variables.
struct OperatorConfiguration: Sendable {
    /// Where the cluster is, and who we are there.
    var cluster: KubeConfiguration
    /// Requests a second to the API server; `nil` for our own choice, infinite for no limit.
    var kubeAPIQPS: Double?
    /// Requests at once to the API server; `nil` for our own choice.
    var kubeAPIBurst: Double?
    /// Namespaces to look after; none for all.
    var namespaces: [String]
    /// Which ScaledObjects, ScaledJobs and HPAs to look after.
    var watchedObjects: LabelSelector
    /// Which TriggerAuthentications and ClusterTriggerAuthentications there are for us.
    var watchedAuthentications: LabelSelector
    /// Our own namespace.
    var ownNamespace: String
    /// Where ClusterTriggerAuthentications have their Secrets and ConfigMaps.
    var clusterNamespace: String
    /// What this process is called.
    var instance: String
    /// The cluster's domain, such as `cluster.local`.
    var clusterDomain: String

    /// Whether one of several replicas is to lead.
    var leaderElect: Bool
    /// Name of the Lease.
    var leaderElectionID: String
    /// Among how many shards the objects are dealt out; 1 where the leader has them all.
    var shards: Int
    /// How long the others wait after the leader's last sign of life.
    var leaseDuration: Duration
    /// How long the leader tries to renew; shorter than ``leaseDuration``.
    var renewDeadline: Duration
    /// How often leader and others try; shorter than ``renewDeadline``.
    var retryPeriod: Duration
    /// Where other replicas reach this one; `nil` if nobody has said.
    var advertiseAddress: String?
    /// Where the leader answers the other replicas.
    var metricsServiceAddress: ListenAddress

    /// Where the external metrics API listens.
    var externalMetricsAddress: ListenAddress
    /// Where the webhooks listen.
    var webhookAddress: ListenAddress
    /// Where the Prometheus page listens; nowhere where there is none.
    var metricsAddresses: [ListenAddress]
    /// Where the probes listen.
    var healthAddress: ListenAddress
    /// Who scales what is awake, unless its object says otherwise.
    var engine: ScalingEngine
    /// Whether what is decided is done; where it is not, no object may say otherwise.
    var mode: OperatingMode
    /// Whether the health port shows decisions.
    var showsDecisions: Bool
    /// Whether the durations of triggers' requests are told object by object.
    var hasHighCardinalityLabels: Bool

    /// Folder of the serving certificate; `nil` to make one.
    var certificateFolder: String?
    /// Whether we make the authority and the certificate, keep them in a Secret and renew them.
    var enableCertRotation: Bool
    /// Name of that Secret.
    var certSecretName: String
    /// Name of the operator's Service.
    var operatorServiceName: String
    /// Name of the metrics API's Service.
    var metricsServerServiceName: String
    /// Name of the webhooks' Service.
    var webhooksServiceName: String
    /// Name of the ValidatingWebhookConfiguration.
    var validatingWebhookName: String
    /// Whether our authority is put into the webhook configuration.
    var enableWebhookPatching: Bool
    /// Whether our authority is put into the APIService.
    var enableAPIServicePatching: Bool
    /// The TLS that the external metrics API speaks.
    var externalMetricsTLS: TLSPolicy
    /// The TLS that the webhooks, and the leader to its followers, speak.
    var serviceTLS: TLSPolicy

    /// How long one read of a source may take.
    var readTimeout: Duration
    /// Passes over ScaledObjects at once, if the user says; more than ours, or ours stand.
    var maxReconciles: Int?
    /// The TLS that triggers speak, unless they say more.
    var triggerTLS: TLSPolicy
    /// Folders of certificates that triggers trust besides the system's.
    var caFolders: [String]
    /// Whether a connection of a trigger serves more than one request.
    var keepsConnections: Bool
    /// Connections that triggers keep open for later; `nil` for our own choice.
    var idleConnectionLimit: Int?
    /// How long they keep them.
    var idleConnectionLifetime: Duration
    /// Folder that `filePath` may read from; `nil` if it may not.
    var filePathAuthRoot: String?
    /// Whether Secrets are read in ``clusterNamespace`` only.
    var restrictSecretAccess: Bool
    /// How long tokens of `boundServiceAccountToken` are valid.
    var tokenExpiry: Duration
    /// Vault's token; wins over one in an authentication.
    var vaultToken: Secret<String>?
    /// Whom to trust as a Vault.
    var vaultTLS: TLSSettings

    /// The whole environment, for proxies and `PG…`; a secret, as it may hold passwords.
    var environment: Secret<[String: String]>
    /// What a user should know about values that were not taken as they are.
    var remarks: [Remark]

    /// Takes flags and environment; a flag wins.
    ///
    /// - Throws: `KubeError` where no cluster is to be found, `ValidationError` for a variable that makes no sense.
    init(_ flags: OperatorCommand, environment: [String: String]) throws {
        var reader = EnvironmentReader(environment)
        self.environment = Secret(environment)
        self.cluster = try KubeConfiguration.load(
            kubeconfig: flags.cluster.kubeconfig,
            context: flags.cluster.context,
            environment: environment
        )
        self.kubeAPIQPS = flags.cluster.kubeAPIQPS.flatMap { $0 == 0 ? nil : $0 < 0 ? .infinity : $0 }
        self.kubeAPIBurst = flags.cluster.kubeAPIBurst.flatMap { $0 < 1 ? nil : $0 }
        self.namespaces =
            flags.cluster.watchNamespaces.isEmpty
            ? Self.namespaces(reader.text("WATCH_NAMESPACE")) : flags.cluster.watchNamespaces
        self.watchedObjects = try reader.selector("WATCH_LABEL_SELECTOR")
        self.watchedAuthentications = try reader.selector("WATCH_LABEL_SELECTOR_FOR_TRIGGERAUTH")
        self.ownNamespace = reader.text("POD_NAMESPACE") ?? "keda"
        self.clusterNamespace = reader.text("KEDA_CLUSTER_OBJECT_NAMESPACE") ?? ownNamespace
        self.instance = reader.text("POD_NAME") ?? ProcessInfo.processInfo.hostName
        self.clusterDomain = flags.certificates.k8sClusterDomain

        let timing = try LeaderTiming(flags.leader, reader)
        self.leaderElect = flags.leader.leaderElect
        self.leaderElectionID = try flags.leader.lease(in: flags.cluster.mode)
        self.shards = flags.leader.shards
        if shards > 1, flags.cluster.mode == .recommend {
            throw ValidationError("--shards is for those who manage objects: leave it out with --mode recommend")
        }
        self.leaseDuration = timing.lease
        self.renewDeadline = timing.renew
        self.retryPeriod = timing.retry
        self.advertiseAddress = flags.leader.advertiseAddress ?? reader.text("POD_IP")
        self.metricsServiceAddress = flags.leader.metricsServiceBindAddress

        let listening = flags.listening
        self.externalMetricsAddress = listening.externalMetricsBindAddress
        self.webhookAddress = listening.webhookBindAddress
        self.metricsAddresses = listening.pageAddresses
        self.healthAddress = listening.healthBindAddress
        self.engine = flags.cluster.engine
        self.mode = flags.cluster.mode
        self.showsDecisions = listening.debugDecisions ?? listening.healthBindAddress.isLoopback
        self.hasHighCardinalityLabels = listening.enableHighCardinalityMetricsLabels

        let certificates = flags.certificates
        self.certificateFolder = certificates.certDir
        self.enableCertRotation = certificates.enableCertRotation
        self.certSecretName = certificates.certSecretName
        self.operatorServiceName = certificates.operatorServiceName
        self.metricsServerServiceName = certificates.metricsServerServiceName
        self.webhooksServiceName = certificates.webhooksServiceName
        self.validatingWebhookName = certificates.validatingWebhookName
        self.enableWebhookPatching = certificates.enableWebhookPatching
        self.enableAPIServicePatching = certificates.enableAPIServicePatching
        self.externalMetricsTLS = certificates.externalMetricsTLS

        self.readTimeout = try reader.readTimeout()
        self.maxReconciles = try reader.maxReconciles()
        self.triggerTLS = reader.triggerTLS()
        self.serviceTLS = reader.serviceTLS(else: triggerTLS)
        self.caFolders = flags.outside.caFolders.isEmpty ? ["/custom/ca"] : flags.outside.caFolders
        self.keepsConnections = !(reader.boolean("KEDA_HTTP_DISABLE_KEEP_ALIVE") ?? false)
        self.idleConnectionLimit = flags.outside.httpMaxIdleConnections.flatMap { $0 == 0 ? nil : $0 }
        self.idleConnectionLifetime = flags.outside.httpIdleConnectionTimeout
        self.filePathAuthRoot = flags.outside.filePathAuthRoot.flatMap { $0.isEmpty ? nil : $0 }
        self.restrictSecretAccess = reader.text("KEDA_RESTRICT_SECRET_ACCESS")?.lowercased() == "true"
        self.tokenExpiry = try reader.tokenExpiry()
        self.vaultTLS = reader.vaultTLS()
        self.vaultToken = reader.text("VAULT_TOKEN").map { Secret($0) }
        self.remarks =
            flags.withoutEffect.compactMap(KnownFlags.named).compactMap { Remark(flag: $0, in: flags.cluster.mode) }
            + certificates.remarks
            + KnownVariables.remarks(on: environment) + reader.remarks
    }

    /// Namespaces between commas; nothing, or a literal pair of quotes, means all.
    private static func namespaces(_ text: String?) -> [String] {
        guard let text, text != "\"\"" else { return [] }
        return text.split(separator: ",").map(String.init)
    }
}
