internal import Foundation
internal import KubeModel
internal import Outbound
public import ScalerKit

/// Asks a Prometheus server, or whatever speaks its query API, for one number.
///
/// - Source: KEDA, `pkg/scalers/prometheus_scaler.go`.
public struct PrometheusScaler: Scaler {
    static let server = Field("serverAddress", .address, help: "Base URL, such as `http://prometheus.monitoring:9090`.")
    static let query = Field("query", .text, help: "PromQL that gives one element, or none.")
    static let threshold = Field("threshold", .number, help: "How much of the query's value one pod handles.")
    static let activation = Field(
        "activationThreshold",
        .number,
        default: 0,
        help: "The workload wakes above this value."
    )
    static let namespace = Field<String?>
        .optional(
            "namespace",
            .text,
            help: "Passed on as `namespace`, for Thanos and others with tenants."
        )
    static let headers = Field("customHeaders", .map, default: [:], help: "Headers: `name=value,other=value`.")
    static let parameters = Field(
        "queryParameters",
        .map,
        default: [:],
        help: "More query parameters: `name=value,other=value`."
    )
    static let ignoresNull = Field(
        "ignoreNullValues",
        .boolean,
        default: true,
        help: "Whether no value, NaN and infinity count as 0."
    )
    static let unsafeSSL = Field("unsafeSsl", .boolean, default: false, help: "Whether any certificate is accepted.")
    static let timeout = Field<Duration?>
        .optional(
            "timeout",
            .duration,
            help: "How long one query may take; the operator's own limit unless given."
        )
    static let awsRegion = Field<Secret<String>?>
        .optional(
            "awsRegion",
            from: [.metadata, .authentication],
            .secret,
            help: "Region of Amazon Managed Prometheus; queries are then signed with AWS credentials."
        )

    /// `prometheus` and its settings.
    public static let schema = ScalerSchema(
        "prometheus",
        "Scales by the number that a PromQL query gives.",
        [
            server, query, threshold, activation, ignoresNull, namespace, headers, parameters, unsafeSSL, timeout,
            awsRegion,
        ] + HTTPAuthentication.fields + AWSAuthentication.fields,
        example: [
            "serverAddress": "http://prometheus.monitoring:9090", "query": "sum(rate(http_requests_total[2m]))",
            "threshold": "100",
        ],
        retired: ["metricName", "cortexOrgID"]
    )

    /// Bytes of an answer that are read: one element with all its labels is far smaller.
    static let answerLimit = 1 << 20

    /// Everything but the time.
    private let request: HTTPRequest
    /// Signs for Amazon Managed Prometheus.
    @Rare private var aws: AWSClient?
    /// Proves who we are.
    private let authentication: HTTPAuthentication
    /// How long it may take; `nil` for the operator's limit.
    private let timeout: Duration?
    /// How much one pod handles.
    private let threshold: Quantity
    /// Above what the workload wakes.
    private let activation: Double
    /// Whether no number counts as 0.
    private let ignoresNull: Bool

    /// Takes the settings and prepares the request.
    public init(_ settings: ScalerSettings) throws {
        let server = try settings[Self.server]
        var url = server.address.appending("api", "v1", "query").asking("query", try settings[Self.query])
        if let namespace = try settings[Self.namespace] { url = url.asking("namespace", namespace) }
        for (name, value) in try settings[Self.parameters].sorted(by: { $0.key < $1.key }) {
            url = url.asking(name, value)
        }
        var request = HTTPRequest(.get, url, authorization: server.credentials)
        request.headers = try settings[Self.headers].sorted { $0.key < $1.key }.map { HTTPRequest.Header($0, $1) }
        request.tls.skipsVerification = try settings[Self.unsafeSSL]
        self.authentication = try HTTPAuthentication(settings)
        authentication.apply(to: &request)
        self.request = request
        self.aws = authentication.isEnabled ? nil : try Self.awsClient(from: settings)
        self.timeout = try settings[Self.timeout]
        self.threshold = try Target.quantity(settings[Self.threshold], of: Self.threshold, in: settings)
        self.activation = try settings[Self.activation]
        self.ignoresNull = try settings[Self.ignoresNull]
    }

    /// Who signs the queries, where an AWS region is given and nothing else says who we are.
    private static func awsClient(from settings: ScalerSettings) throws(SettingsError) -> AWSClient? {
        guard let region = try settings[awsRegion] else { return nil }
        return try AWSAuthentication.client(from: settings, in: region, for: "aps")
    }

    /// One metric.
    public func measures(_ world: ScalerWorld) -> [Measure] {
        [.external(name: "prometheus", target: threshold)]
    }

    /// Runs the query for the time of the tick.
    public func read(_ measure: Measure, _ world: ScalerWorld) async throws -> Reading {
        var request = request
        request.url = request.url.asking("time", RFC3339.seconds(world.now))
        request.deadline = timeout ?? world.timeout
        let answer = try PrometheusAnswer(await response(to: request, in: world))
        if case .none = answer.sample { world.note(.emptyAnswer(isZero: ignoresNull)) }
        let value = try value(of: answer)
        return Reading(value: value, isActive: value > activation)
    }

    /// Sends the request with whatever proves who we are.
    private func response(to request: HTTPRequest, in world: ScalerWorld) async throws -> HTTPResponse {
        if let aws { return try await aws.send(request, in: world, upTo: Self.answerLimit) }
        return try await authentication.send(request, in: world, upTo: Self.answerLimit)
    }

    /// The number in an answer, 0 where there is none and that is allowed.
    private func value(of answer: PrometheusAnswer) throws(ScalerError) -> Double {
        switch answer.sample {
        case .number(let value) where value.isFinite: return value
        case .number where ignoresNull, .none where ignoresNull: return 0
        case .number(let value):
            throw ScalerError(
                .noValue,
                "the Prometheus query gave \(value); set ignoreNullValues to count that as 0"
            )
        case .none:
            throw ScalerError(
                .noValue,
                "the Prometheus query gave no value; set ignoreNullValues to count that as 0"
            )
        }
    }
}
