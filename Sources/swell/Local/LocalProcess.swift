import Foundation
import KubeClient
import KubeModel
import LocalCluster
import Logging
import Manifests
import Operator
import Outbound
import OutboundCurl
import ScalerKit
import Scalers
import Scaling
import ServiceLifecycle
import Serving
import Synchronization
import UnixSignals

/// `swell local` put together: the cluster in memory, the operator on it, the manifests, the table.
struct LocalProcess {
    /// The flags.
    let options: LocalCommand
    /// For people.
    let logger: Logger
    /// The clocks.
    let time: TimeSource

    /// How long the demo runs unless a duration is given: the wave, and the way back to zero.
    private static let demoDuration = Duration.seconds(55)

    /// Runs to the end of the duration, or until a signal.
    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        // Before any transport, see OperatorAssembly.
        let databases = try Databases(environment: environment)
        do {
            try await withCurlTransport(environment: environment) { triggers in
                try await run(triggers: triggers, databases, Secret(environment))
            }
            await databases.close()
        } catch {
            await databases.close()
            throw error
        }
    }

    /// Runs over open transports.
    private func run(
        triggers: any HTTPTransport,
        _ databases: Databases,
        _ environment: Secret<[String: String]>
    ) async throws {
        let metrics = Mutex<(any MetricSource)?>(nil)
        let cluster = LocalCluster(clusterConfiguration, time: time) { namespace, metric, selector in
            guard let source = metrics.withLock({ $0 }) else { throw NoExternalMetrics() }
            guard let object = selector.equalities?[ObjectLabel.name] else { throw NoExternalMetrics() }
            return try await source.readings(of: metric, for: ObjectKey(namespace: namespace, name: object))
                .map(\.value)
        }
        let client = KubeClient(
            KubeConfiguration(server: LocalCluster.address),
            over: cluster.transport,
            time: time,
            settings: unlimited
        )
        let hpaType = try await Discovery(client, time: time).horizontalPodAutoscaler()
        var settings = ScalingOperator.Settings(version: SwellVersion.current, instance: "swell-local")
        settings.credentials.takeCloudVariables(from: environment)
        let scaling = ScalingOperator(
            settings,
            registry: .builtIn,
            outside: ScalingOperator.Outside(
                client: client,
                hpaType: hpaType,
                http: triggers,
                sql: databases,
                time: time
            ),
            logger: logger
        )
        metrics.withLock { $0 = scaling.metrics }

        let ready = AsyncStream<Int>.makeStream()
        let server = try LocalClusterServer(
            cluster,
            at: .at(host: "127.0.0.1", port: options.port),
            logger: logger
        ) { ready.continuation.yield($0) }
        var services: [any Service] = [ClusterService(cluster: cluster), server]
        var demoPort: AsyncStream<Int>?
        if options.demo {
            let port = AsyncStream<Int>.makeStream()
            services.append(DemoSource.server(time: time, logger: logger) { port.continuation.yield($0) })
            demoPort = port.stream
        }
        let seed = LocalSeed(client: client, options: options, demoPort: demoPort)
        try await seed.define()
        let display = StatusDisplay(
            scaling: scaling,
            client: client,
            hpaType: hpaType,
            duration: options.duration ?? (options.demo ? Self.demoDuration : nil),
            isTerminal: isatty(STDOUT_FILENO) == 1,
            time: time,
            write: StandardOutput.write
        )
        let opening = OpeningService(port: ready.stream, server: server, options: options, seed: seed, then: display)
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0) }
                    + (scaling.watches + scaling.works + scaling.chores).map { .init(service: $0) }
                    + [.init(service: opening, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: .lifecycle(logger)
            )
        )
        .run()
    }

    /// How the cluster behaves: as a real one, but that the demo's HPAs look more often.
    private var clusterConfiguration: LocalCluster.Configuration {
        var configuration = LocalCluster.Configuration()
        configuration.autoscalerSync = options.hpaSync ?? (options.demo ? .seconds(2) : .seconds(15))
        return configuration
    }

    /// No rate limit: the server is this process.
    private var unlimited: KubeClient.Settings {
        var settings = KubeClient.Settings()
        settings.requestsPerSecond = 100_000
        settings.burst = 100_000
        return settings
    }
}

/// The cluster as a service.
private struct ClusterService: Service {
    /// The cluster.
    let cluster: LocalCluster

    /// Turns the cluster's clocks until shutdown.
    func run() async throws {
        try await cancelWhenGracefulShutdown {
            do {
                try await cluster.run()
            } catch is CancellationError {
                // Shutdown is its only end.
            }
        }
    }
}

/// Opens the cluster to the user once it listens: kubeconfig, manifests, table.
private struct OpeningService: Service {
    /// Told the port.
    let port: AsyncStream<Int>
    /// Knows the kubeconfig.
    let server: LocalClusterServer
    /// The flags.
    let options: LocalCommand
    /// The manifests.
    let seed: LocalSeed
    /// The table.
    let display: StatusDisplay

    /// Takes what it opens with.
    init(
        port: AsyncStream<Int>,
        server: LocalClusterServer,
        options: LocalCommand,
        seed: LocalSeed,
        then display: StatusDisplay
    ) {
        (self.port, self.server, self.options, self.seed, self.display) = (port, server, options, seed, display)
    }

    /// Opens, and shows until the end.
    func run() async throws {
        let first = await cancelWhenGracefulShutdown {
            for await port in port { return Int?.some(port) }
            return nil
        }
        guard let port = first else { return }
        if let path = options.kubeconfigOut {
            try server.kubeconfig(port: port).withValue { try PrivateFile.write($0, to: path) }
            StandardOutput.write("kubectl --kubeconfig \(path) get scaledobjects,hpa,deployments -A\n\n")
        }
        try await seed.plant()
        try await display.run()
    }
}
