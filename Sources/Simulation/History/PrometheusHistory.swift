internal import Foundation
internal import KubeModel
public import Outbound
public import Scaling

/// Samples of triggers that a Prometheus server has kept.
///
/// A prometheus trigger is replayed by its own query. Of every other trigger that the operator reads, KEDA and Swell tell the value
/// as `keda_scaler_metrics_value`, if the server scrapes their operator.
public struct PrometheusHistory: Sendable {
    /// How long one piece may take.
    private static let deadline = Duration.seconds(60)
    /// The longest step: how often an HPA asks.
    private static let longestStep = Duration.seconds(15)
    /// How many steps a sample holds, unless said otherwise; as in a file.
    private static let stepsHeld = 5.0

    /// Its base URL, and credentials if it had any.
    private let server: WebAddress.Parsed
    /// The way there.
    private let transport: any HTTPTransport
    /// How long a sample may hold; `nil` for five steps.
    private let longestHold: Duration?
    /// Told before each piece that is not the first.
    private let progress: @Sendable (String) -> Void

    /// Takes a server; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - server: its base URL, and credentials if it had any.
    ///   - transport: the way there.
    ///   - longestHold: how long a sample may hold; `nil` for five steps.
    ///   - progress: told what is waited for, where it may take long.
    public init(
        _ server: WebAddress.Parsed,
        over transport: any HTTPTransport,
        longestHold: Duration? = nil,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.server = server
        self.transport = transport
        self.longestHold = longestHold
        self.progress = progress
    }

    /// The samples of an object's triggers, by what users call them.
    ///
    /// - Parameters:
    ///   - object: as its manifest has it, validated.
    ///   - keys: triggers that have samples already.
    ///   - range: the moments of interest.
    /// - Returns: none for cron triggers, which need none, and for those that only the HPA reads.
    /// - Throws: ``SimulationError`` that names the trigger.
    public func series(
        for object: ScaledObject,
        without keys: Set<String>,
        over range: SimulatedRange
    ) async throws(SimulationError) -> [String: Series] {
        let step = min(PollPolicy(object.spec).interval, Self.longestStep)
        var all: [String: Series] = [:]
        for (index, trigger) in object.spec.triggers.enumerated() {
            guard TriggerSource.keys(trigger, index).isDisjoint(with: keys),
                let (text, isOwn) = Self.query(of: trigger, index, in: object)
            else { continue }
            let key = SimulatedTrigger.key(trigger.name, index)
            let title = "trigger \(key) (\(trigger.type))"
            do {
                let query = try RangeQuery(
                    text,
                    over: range,
                    every: step,
                    countsNoneAsZero: isOwn && Self.ignoresNull(trigger)
                )
                all[key] = try await series(query, of: title)
            } catch {
                throw SimulationError("\(title): Prometheus \(server.address): \(error)")
            }
        }
        return all
    }

    /// What to ask for a trigger, and whether it is its own query; `nil` for one without a value of its own.
    private static func query(
        of trigger: ScaledObject.Trigger,
        _ index: Int,
        in object: ScaledObject
    ) -> (text: String, isOwn: Bool)? {
        switch trigger.type {
        case "cron", "cpu", "memory": return nil
        case "prometheus": if let own = trigger.metadata["query"], !own.isEmpty { return (own, true) }
        default: break
        }
        // A scraper that has a namespace of its own renames that of the object.
        let (key, metric) = (object.key, "keda_scaler_metrics_value")
        let labels = "scaledObject=\"\(key.name)\",triggerIndex=\"\(index)\""
        return (
            "max(\(metric){\(labels),exported_namespace=\"\(key.namespace)\"} "
                + "or \(metric){\(labels),exported_namespace=\"\",namespace=\"\(key.namespace)\"})", false
        )
    }

    /// Whether no value counts as 0 for a prometheus trigger; its default.
    private static func ignoresNull(_ trigger: ScaledObject.Trigger) -> Bool {
        trigger.metadata["ignoreNullValues"]?.lowercased() != "false"
    }

    /// The samples of a query.
    private func series(_ query: RangeQuery, of title: String) async throws(SimulationError) -> Series {
        var series = Series()
        var isEmpty = true
        let pieces = query.pieces
        for (number, piece) in pieces.enumerated() {
            if number > 0 { progress("asking Prometheus for \(title), part \(number + 1) of \(pieces.count)") }
            let request = HTTPRequest(
                .get,
                query.address(on: server.address, piece),
                authorization: server.credentials,
                deadline: Self.deadline
            )
            let response: HTTPResponse
            do {
                response = try await transport.collect(request, upTo: RangeQuery.answerLimit)
            } catch {
                throw SimulationError((error as? OutboundError)?.description ?? "the question was called off")
            }
            if try query.add(response, of: piece, to: &series) { isEmpty = false }
        }
        guard !isEmpty else { throw SimulationError("there is nothing in the whole range for \(query.text)") }
        try check(series, query)
        return series
    }

    /// Looks for what is missing.
    private func check(_ series: Series, _ query: RangeQuery) throws(SimulationError) {
        let limit = longestHold.map { $0 / .seconds(1) } ?? query.step * Self.stepsHeld
        guard let first = series.times.first, first <= query.start else {
            let when = RFC3339.seconds(Date(timeIntervalSince1970: series.times.first ?? query.start))
            throw SimulationError(
                "a gap: there is nothing before \(when), which is later than --from, for \(query.text)"
            )
        }
        let times = series.times + [query.time(query.count)]
        for (last, next) in zip(times, times.dropFirst()) where next - last > limit {
            let from = RFC3339.seconds(Date(timeIntervalSince1970: last))
            throw SimulationError(
                """
                a gap: nothing for \(Int(next - last)) s from \(from) on for \(query.text); a sample holds for \
                \(Int(limit)) s at most; --max-gap lets it hold longer
                """
            )
        }
    }
}
