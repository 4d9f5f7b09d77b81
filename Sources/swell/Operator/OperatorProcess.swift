import Hummingbird
import KubeModel
import Logging
import Operator
import Outbound
import Scaling
import ServiceLifecycle
import Serving
import Synchronization
import Telemetry
import UnixSignals

/// `swell operator` as a process: the ports that live from start to end, and the operator between them.
struct OperatorProcess {
    /// What is to be run.
    let configuration: OperatorConfiguration
    /// For people who run it.
    let logger: Logger
    /// The clocks.
    let time: TimeSource

    /// Runs until SIGTERM or SIGINT, then drains.
    ///
    /// - Throws: what kept it from starting, such as a port that is taken.
    func run() async throws {
        let registry = MetricRegistry()
        registry.collect(ProcessMetrics.collect)
        registry.collect { [BuildMetrics.family(version: SwellVersion.current)] }
        let view = Mutex(OperatorView())
        let assembly = OperatorAssembly(configuration: configuration, registry: registry, logger: logger, time: time) {
            assembled in view.withLock { $0 = assembled }
        }
        logger.info("starting", metadata: ["version": "\(SwellVersion.current)"])
        for remark in configuration.remarks { remark.log(to: logger) }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: health { view.withLock { $0 } })] + pages(of: registry) + [
                    .init(service: FreeMemory(time: time), successTerminationBehavior: .ignore),
                    .init(
                        service: assembly,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup
                    ),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: .lifecycle(logger)
            )
        )
        try await group.run()
        logger.info("stopped")
    }

    /// The port for the kubelet's probes, and for who asks why.
    private func health(_ view: @escaping @Sendable () -> OperatorView) -> some Service {
        let router = Router(context: ServingContext.self)
        HealthPages.add(to: router) { view().unready() }
        if configuration.showsDecisions {
            DecisionPage.add(to: router) { key throws(DecisionSourceError) in try view().decisions(key) }
        }
        return WebServer(
            "health",
            at: configuration.healthAddress,
            handler: router.buildResponder(),
            time: time,
            logger: logger
        )
    }

    /// The ports for Prometheus: one page at each.
    private func pages(
        of registry: MetricRegistry
    ) -> [ServiceGroupConfiguration.ServiceConfiguration] {
        let router = Router(context: ServingContext.self)
        MetricsPage.add(to: router, of: registry)
        let handler = router.buildResponder()
        return configuration.metricsAddresses.map { address in
            .init(service: WebServer("metrics", at: address, handler: handler, time: time, logger: logger))
        }
    }
}

/// What the ports that live from start to end may know of the operator between them.
struct OperatorView: Sendable {
    /// Why requests should not be sent here now; none when ready.
    var unready: @Sendable () -> [String] = { ["the API server has not answered yet"] }
    /// The decisions about an object.
    var decisions: DecisionPage.Source = { _ throws(DecisionSourceError) in
        throw .unavailable("the API server has not answered yet")
    }
}
