public import Logging
public import Outbound
public import ScalerKit
public import Scaling
public import Serving
public import Telemetry

/// The validating webhooks of KEDA's kinds.
///
/// Only KEDA's own rules refuse; what else there is to say goes into the answer's warnings. Any number of replicas may
/// serve them. ``server(at:certificate:limits:onListening:)`` is the service to run, beside the certificate's own.
public struct AdmissionWebhooks: Sendable {
    /// Answers questions.
    private let handler: AdmissionHandler
    /// The clocks.
    private let time: TimeSource
    /// Where to log.
    private let logger: Logger

    /// What the API server is granted.
    ///
    /// A body holds an object twice, each of at most 1.5 MiB in etcd. The API server waits 10 s for an answer.
    public static var limits: ServerLimits {
        var limits = ServerLimits()
        limits.body = 4 << 20
        limits.deadline = .seconds(9)
        limits.requests = 100
        return limits
    }

    /// Makes the webhooks.
    ///
    /// - Parameters:
    ///   - index: tells who else targets a workload; while it is not complete, ScaledObjects get no answer.
    ///   - targets: tells what a target is like.
    ///   - scalers: the trigger types there are, for warnings.
    ///   - metrics: gets KEDA's counters.
    ///   - time: the clocks.
    ///   - logger: where to log.
    ///   - announce: tells an Event about a ScaledObject that is about to be stored.
    public init(
        index: any ClusterIndex,
        targets: any TargetReader,
        scalers: ScalerRegistry,
        metrics: MetricRegistry,
        time: TimeSource = .system,
        logger: Logger,
        announce: @escaping @Sendable (ObjectEvent, ScaledObject) -> Void = { _, _ in }
    ) {
        self.handler = AdmissionHandler(
            reviewer: ObjectReviewer(
                index: index,
                target: TargetRules(targets: targets),
                triggers: TriggerWarnings(scalers: scalers),
                instruments: AdmissionInstruments(metrics),
                announce: announce
            ),
            logger: logger
        )
        self.time = time
        self.logger = logger
    }

    /// The port as a service.
    ///
    /// - Parameters:
    ///   - address: where to listen.
    ///   - certificate: what to serve with; clients need none, as the API server presents none.
    ///   - limits: what clients are granted.
    ///   - onListening: told the port once the server listens.
    /// - Returns: a service.
    public func server(
        at address: ListenAddress,
        certificate: ServingCertificate,
        limits: ServerLimits = limits,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> WebServer<AdmissionHandler> {
        WebServer(
            "admission webhooks",
            at: address,
            certificate: certificate,
            limits: limits,
            handler: handler,
            time: time,
            logger: logger,
            onListening: onListening
        )
    }
}
