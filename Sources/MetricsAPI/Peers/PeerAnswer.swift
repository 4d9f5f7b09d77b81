import Foundation
import KubeModel
import Scaling

/// What one replica answers another, as JSON: readings or decisions, or why there are none.
///
/// It carries an error of the other's source whole, so that who asks any replica reads what the one that polls would have said.
struct PeerAnswer: Codable, Sendable, Hashable {
    /// One reading.
    struct Reading: Codable, Sendable, Hashable {
        /// The full name.
        var metric: String
        /// As the HPA is told.
        var value: Quantity
        /// When the source was asked.
        var time: MicroTimestamp
    }

    /// Why there is no answer.
    struct Failure: Codable, Sendable, Hashable {
        /// See ``Kind``; a text, as a newer replica may know more of them.
        var kind: String
        /// The metric's name, where one is meant.
        var metric: String?
        /// For people.
        var text: String
    }

    /// The kinds of failure.
    enum Kind: String, Sendable, CaseIterable {
        /// No such ScaledObject.
        case objectNotFound
        /// No such metric.
        case metricNotFound
        /// The source gave no answer.
        case readFailed
        /// Nothing is decided about the object now.
        case notPolled
        /// Not now.
        case unavailable
        /// The object is not polled here.
        case notPolling
        /// You are no replica of ours.
        case notTrusted
    }

    /// The readings, where they were asked for.
    var readings: [Reading]?
    /// The decisions, where they were asked for.
    var report: DecisionReport?
    /// Why there is neither.
    var failure: Failure?

    /// Gives readings.
    init(_ readings: [MetricReading]) {
        self.readings = readings.map {
            Reading(metric: $0.metric, value: $0.value, time: MicroTimestamp($0.time))
        }
    }

    /// Gives decisions.
    init(_ report: DecisionReport) {
        self.report = report
    }

    /// Gives a reason.
    init(_ kind: Kind, metric: String? = nil, _ text: String) {
        self.failure = Failure(kind: kind.rawValue, metric: metric, text: text)
    }

    /// Gives a source's reason.
    init(_ error: MetricSourceError) {
        switch error {
        case .objectNotFound(let key): self.init(.objectNotFound, "\(key)")
        case .metricNotFound(let name): self.init(.metricNotFound, metric: name, name)
        case .readFailed(let metric, let reason): self.init(.readFailed, metric: metric, reason)
        case .unavailable(let reason): self.init(.unavailable, reason)
        }
    }

    /// Gives a source's reason.
    init(_ error: DecisionSourceError) {
        switch error {
        case .objectNotFound(let key): self.init(.objectNotFound, "\(key)")
        case .notPolled(let key): self.init(.notPolled, "\(key)")
        case .unavailable(let reason): self.init(.unavailable, reason)
        }
    }

    /// The HTTP status, for people who look at the traffic.
    var status: Int {
        guard let failure else { return 200 }
        return switch Kind(rawValue: failure.kind) {
        case .objectNotFound, .metricNotFound, .notPolled: 404
        case .readFailed: 502
        case .unavailable, nil: 503
        case .notPolling: 421
        case .notTrusted: 401
        }
    }

    /// What was answered to a question about a metric.
    ///
    /// - Throws: what the other source has thrown.
    func readings(for object: ObjectKey) throws(MetricSourceError) -> [MetricReading] {
        guard let failure else {
            return (readings ?? []).map { MetricReading(metric: $0.metric, value: $0.value, time: $0.time.date) }
        }
        switch Kind(rawValue: failure.kind) {
        case .objectNotFound: throw .objectNotFound(object)
        case .metricNotFound: throw .metricNotFound(failure.metric ?? failure.text)
        case .readFailed: throw .readFailed(metric: failure.metric ?? "", reason: failure.text)
        case .unavailable, .notPolled, .notPolling, .notTrusted, nil: throw .unavailable(failure.reason)
        }
    }

    /// What was answered to a question about decisions.
    ///
    /// - Throws: what the other source has thrown.
    func report(on object: ObjectKey) throws(DecisionSourceError) -> DecisionReport {
        if let report { return report }
        guard let failure else { throw .unavailable("the other replica's answer has no decisions") }
        switch Kind(rawValue: failure.kind) {
        case .objectNotFound: throw .objectNotFound(object)
        case .notPolled: throw .notPolled(object)
        case .unavailable, .metricNotFound, .readFailed, .notPolling, .notTrusted, nil:
            throw .unavailable(failure.reason)
        }
    }
}

extension PeerAnswer.Failure {
    /// The text, for whoever asked another replica.
    fileprivate var reason: String {
        switch PeerAnswer.Kind(rawValue: kind) {
        case .notPolling, .notTrusted: "another replica does not answer: \(text)"
        case .objectNotFound, .metricNotFound, .readFailed, .notPolled, .unavailable, nil: text
        }
    }
}
