import ArgumentParser
import Foundation
import KubeClient
import Outbound
import Serving

/// What flags and environment come to.
///
/// - Source: KEDA, `cmd/operator/main.go` and `pkg/util/env_resolver.go`, for the variables.
struct OperatorConfiguration: Sendable {
    /// Where the cluster is, and who we are there.
    var cluster: KubeConfiguration
    /// Namespaces to look after; none for all.
    var namespaces: [String]
    /// Our own namespace.
    var ownNamespace: String
    /// Where ClusterTriggerAuthentications have their Secrets and ConfigMaps.
    var clusterNamespace: String
    /// What this process is called.
    var instance: String
    /// How long one read of a source may take.
    var readTimeout: Duration
    /// Where the external metrics API listens.
    var externalMetricsAddress: ListenAddress
    /// Where the Prometheus page listens.
    var metricsAddress: ListenAddress
    /// Where the probes listen.
    var healthAddress: ListenAddress
    /// Folder of the serving certificate; `nil` to make one.
    var certificateFolder: String?
    /// The whole environment, for proxies and `PG…`; a secret, as it may hold passwords.
    var environment: Secret<[String: String]>

    /// Takes flags and environment; a flag wins.
    ///
    /// - Throws: `KubeError` where no cluster is to be found, `ValidationError` for a variable that makes no sense.
    init(_ flags: OperatorCommand, environment: [String: String]) throws {
        self.environment = Secret(environment)
        self.cluster = try KubeConfiguration.load(
            kubeconfig: flags.kubeconfig,
            context: flags.context,
            environment: environment
        )
        self.namespaces =
            flags.watchNamespaces.isEmpty ? Self.namespaces(environment["WATCH_NAMESPACE"]) : flags.watchNamespaces
        self.ownNamespace = Self.given(environment["POD_NAMESPACE"]) ?? "keda"
        self.clusterNamespace = Self.given(environment["KEDA_CLUSTER_OBJECT_NAMESPACE"]) ?? ownNamespace
        self.instance = Self.given(environment["POD_NAME"]) ?? ProcessInfo.processInfo.hostName
        self.readTimeout = try Self.timeout(environment["KEDA_HTTP_DEFAULT_TIMEOUT"])
        self.externalMetricsAddress = flags.externalMetricsBindAddress
        self.metricsAddress = flags.metricsBindAddress
        self.healthAddress = flags.healthBindAddress
        self.certificateFolder = flags.certDir
    }

    /// Namespaces between commas; nothing, or a literal pair of quotes, means all.
    private static func namespaces(_ text: String?) -> [String] {
        guard let text = given(text), text != "\"\"" else { return [] }
        return text.split(separator: ",").map(String.init)
    }

    /// Whole milliseconds, 3000 unless given; 0 and less mean 300, as in KEDA.
    private static func timeout(_ text: String?) throws -> Duration {
        guard let text = given(text) else { return .milliseconds(3000) }
        guard let milliseconds = Int(text) else {
            throw ValidationError("KEDA_HTTP_DEFAULT_TIMEOUT must be a whole number of milliseconds")
        }
        return .milliseconds(milliseconds > 0 ? milliseconds : 300)
    }

    /// A variable that is set to something.
    private static func given(_ text: String?) -> String? {
        text.flatMap { $0.isEmpty ? nil : $0 }
    }
}
