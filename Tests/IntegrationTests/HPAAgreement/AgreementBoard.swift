import Foundation
import KubeModel
import Outbound
import Scaling
import Synchronization
import TestKit

/// All series at once: answers what the controller asks, and notes what it writes.
final class AgreementBoard: MetricSource {
    /// What is known of one series.
    private struct Entry {
        /// What it is told, and what our rules make of it.
        var run: AgreementRun
        /// The statuses that its HPA had, as far as they differ.
        var written: [AutoscalerStatus] = []
        /// When the first of them was seen.
        var firstWritten: Date?
    }

    /// By the name of the series.
    private let entries: Mutex<[String: Entry]>
    /// The clock.
    private let time: TimeSource

    /// Starts all series.
    init(_ series: [AgreementSeries], time: TimeSource = .system) {
        let entries = series.map { ($0.name, Entry(run: AgreementRun($0))) }
        self.entries = Mutex(Dictionary(uniqueKeysWithValues: entries))
        self.time = time
    }

    /// See ``MetricSource``.
    func readings(of metric: String, for object: ObjectKey) async throws(MetricSourceError) -> [MetricReading] {
        let now = time.now()
        guard let index = Int(metric.dropFirst()) else { throw .metricNotFound(metric) }
        let values = entries.withLock { entries in
            let seen = entries[object.name]?.firstWritten
            return entries[object.name]?.run.answer(index, at: now, seen: seen)
        }
        guard let values = values ?? nil else { throw .readFailed(metric: metric, reason: "as the series has it") }
        return values.map { MetricReading(metric: metric, value: Quantity(milli: $0), time: now) }
    }

    /// Notes what the controller has written.
    func note(_ hpa: HorizontalPodAutoscaler) {
        let name = hpa.metadata.name
        guard let status = AutoscalerStatus(hpa.status) else { return }
        let now = time.now()
        entries.withLock { entries in
            guard var entry = entries[name] else { return }
            entry.firstWritten = entry.firstWritten ?? now
            if entry.written.last != status { entry.written.append(status) }
            entries[name] = entry
        }
    }

    /// Whether the controller has written something about a series.
    func hasSeen(_ name: String) -> Bool { entries.withLock { $0[name]?.firstWritten != nil } }

    /// The series that are not over, or whose last status is not there yet.
    var unfinished: [String] {
        entries.withLock { entries in
            entries.values.filter { !$0.run.isOver || $0.written.last != $0.run.statuses.last }.map(\.run.series.name)
        }
    }

    /// All series, by seed, with the statuses that their HPAs had.
    var results: [(run: AgreementRun, written: [AutoscalerStatus])] {
        entries.withLock { entries in
            entries.values.map { ($0.run, $0.written) }.sorted { $0.0.series.trace.seed < $1.0.series.trace.seed }
        }
    }
}
