public import Logging
public import Outbound
public import Scaling
public import Serving
public import Telemetry

/// The API `external.metrics.k8s.io/v1beta1` over a ``MetricSource``, and `decisions.swell.dev/v1alpha1` over a
/// ``DecisionSource``, with Kubernetes' delegated authentication and authorisation.
///
/// Call ``server(at:certificate:limits:onListening:)`` for the service to run, beside the
/// ``AuthenticationConfigurationReader`` and the certificate's own service.
public struct MetricsAPI: Sendable {
    /// The APIServices that lead the API server here.
    public static let serviceNames = ServedAPI.allCases.map(\.serviceName)

    /// Answers calls.
    private let handler: MetricsAPIHandler
    /// The clocks.
    private let time: TimeSource
    /// Where to log.
    private let logger: Logger

    /// Makes the API.
    ///
    /// - Parameters:
    ///   - source: gives the readings.
    ///   - decisions: tells why objects have their replicas.
    ///   - reviews: asks the API server who somebody is and what they may.
    ///   - configuration: whose certificates count.
    ///   - version: of this program, for `/version`.
    ///   - time: the clocks.
    ///   - registry: gets the number and the duration of requests.
    ///   - logger: where to log.
    ///   - unready: more reasons not to be ready, besides a configuration that was never read.
    public init(
        _ source: any MetricSource,
        decisions: any DecisionSource,
        reviews: Reviews,
        configuration: AuthenticationConfigurationReader,
        version: String,
        time: TimeSource = .system,
        registry: MetricRegistry,
        logger: Logger,
        unready: @escaping @Sendable () async -> [String] = { [] }
    ) {
        self.handler = MetricsAPIHandler(
            source: source,
            decisions: decisions,
            reviews: CachedReviews(reviews, time: time),
            configuration: configuration,
            version: version,
            time: time,
            instruments: RequestInstruments(registry),
            logger: logger,
            unready: unready
        )
        self.time = time
        self.logger = logger
    }

    /// The port as a service.
    ///
    /// - Parameters:
    ///   - address: where to listen.
    ///   - certificate: must ask clients for theirs, or certificates never reach this API.
    ///   - limits: what clients are granted.
    ///   - onListening: told the port once the server listens.
    /// - Returns: a service.
    public func server(
        at address: ListenAddress,
        certificate: ServingCertificate,
        limits: ServerLimits = ServerLimits(),
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> WebServer<MetricsAPIHandler> {
        WebServer(
            "external metrics API",
            at: address,
            certificate: certificate,
            limits: limits,
            answersOnEventLoops: true,
            handler: handler,
            refusal: .kubernetes,
            time: time,
            logger: logger,
            onListening: onListening
        )
    }
}
