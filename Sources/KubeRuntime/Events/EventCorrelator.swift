import DequeModule
import Foundation
import KubeClient
import KubeModel

/// Decides what is written of what happens.
///
/// Pure; the caller brings the times.
///
/// The same occurrence within six minutes is one Event that counts; one object may make 25 at once and one in five
/// minutes after that; everything is bounded, and what finds no room is counted.
///
/// - Source: Kubernetes, `client-go/tools/events` (series) and `client-go/tools/record/events_cache.go` (rate, and how
///   many are remembered).
struct EventCorrelator {
    /// What to write.
    enum Write: Equatable {
        /// A new Event.
        case create(EventObject)
        /// How often one that is there has happened.
        case count(ObjectKey, EventObject.Series)
    }

    /// Something that has happened lately.
    private struct Recent {
        /// Where its Event is.
        let key: ObjectKey
        /// When it first happened.
        let first: Date
        /// How often it has.
        var count = 1
        /// When it last happened.
        var last: Date
        /// The same by the uptime.
        var lastUptime: Duration
        /// Whether its Event is there.
        var isCreated = false
        /// How far its writing is.
        var stage = Stage.pending
    }

    /// How far the writing of an occurrence is.
    private enum Stage {
        /// It waits to be written.
        case pending
        /// It is being written.
        case underWay
        /// It has been written, and has not happened since.
        case written
    }

    /// After so long without it, the same occurrence is a new Event.
    private static let seriesEnd = Duration.seconds(360)
    /// The most occurrences, and objects, that are remembered.
    private let capacity: Int
    /// Who tells.
    private let controller: String
    /// Which process of them.
    private let instance: String
    /// What has happened lately.
    private var recent: [Occurrence: Recent] = [:]
    /// How much each object may still tell.
    private var buckets: [EventObject.Reference: TokenBucket] = [:]
    /// Warnings that wait to be written, in the order in which they happened.
    private var warnings: Deque<Occurrence> = []
    /// All else that waits to be written, in the order in which it happened.
    private var others: Deque<Occurrence> = []
    /// The last name's number, so that no two are the same.
    private var lastNumber: Int64 = 0
    /// How many occurrences were told and are not to be seen.
    private(set) var dropped = 0

    /// Nothing has happened.
    init(controller: String, instance: String, capacity: Int = 4096) {
        self.controller = controller
        self.instance = instance
        self.capacity = capacity
    }

    /// Something happened.
    ///
    /// - Returns: whether it will be written.
    mutating func record(_ occurrence: Occurrence, at now: Duration, wall: Date) -> Bool {
        guard takeToken(occurrence.regarding, at: now) else { return drop() }
        if var known = recent[occurrence], known.stage != .written || now - known.lastUptime < Self.seriesEnd {
            known.count += 1
            (known.last, known.lastUptime) = (wall, now)
            enqueue(occurrence, &known)
            return true
        }
        guard makeRoom(for: occurrence) else { return drop() }
        let key = name(for: occurrence.regarding, wall: wall)
        var new = Recent(key: key, first: wall, last: wall, lastUptime: now, stage: .written)
        enqueue(occurrence, &new)
        return true
    }

    /// Takes what is to be written next, warnings first, as a start may tell thousands of other things.
    ///
    /// Say ``written(_:)`` or ``failed(_:isGone:)`` after.
    mutating func next() -> (Occurrence, Write)? {
        guard let occurrence = warnings.popFirst() ?? others.popFirst() else { return nil }
        guard var known = recent[occurrence] else { preconditionFailure("a pending event was forgotten") }
        known.stage = .underWay
        recent[occurrence] = known
        let series = EventObject.Series(count: known.count, lastObservedTime: MicroTimestamp(known.last))
        return (occurrence, known.isCreated ? .count(known.key, series) : .create(event(occurrence, known, series)))
    }

    /// A write succeeded.
    mutating func written(_ occurrence: Occurrence) {
        guard var known = recent[occurrence] else { return }
        known.isCreated = true
        if known.stage == .underWay { known.stage = .written }
        recent[occurrence] = known
    }

    /// A write failed for good, or the Event is gone (its hour was over): then it is made anew.
    mutating func failed(_ occurrence: Occurrence, isGone: Bool) {
        guard var known = recent[occurrence] else { return }
        if isGone, known.isCreated {
            known.isCreated = false
            enqueue(occurrence, &known)
        } else {
            // What has happened again meanwhile tells of this time, too.
            guard known.stage != .pending else { return }
            dropped += 1
            recent[occurrence] = nil
        }
    }

    /// What is not written any more because of shutdown.
    mutating func dropRest() {
        dropped += pendingCount
        for occurrence in warnings + others { recent[occurrence] = nil }
        (warnings, others) = ([], [])
    }

    /// How many occurrences wait to be written.
    private var pendingCount: Int { warnings.count + others.count }

    /// Remembers an occurrence, and has it wait to be written unless it does.
    private mutating func enqueue(_ occurrence: Occurrence, _ known: inout Recent) {
        if known.stage != .pending {
            switch occurrence.severity {
            case .warning: warnings.append(occurrence)
            case .normal: others.append(occurrence)
            }
        }
        known.stage = .pending
        recent[occurrence] = known
    }

    /// Counts what is not written.
    private mutating func drop() -> Bool {
        dropped += 1
        return false
    }

    /// Takes one of an object's tokens.
    private mutating func takeToken(_ object: EventObject.Reference, at now: Duration) -> Bool {
        if buckets[object] == nil, buckets.count >= capacity {
            // The fuller half goes: a full bucket says nothing, and whoever comes new must not be kept silent by many
            // who have said little.
            let emptiest = buckets.sorted { $0.value.holdsLess(than: $1.value, at: now) }.prefix(capacity / 2)
            buckets = Dictionary(uniqueKeysWithValues: Array(emptiest))
        }
        var bucket = buckets[object] ?? TokenBucket(rate: 1.0 / 300, burst: 25, now: now)
        defer { buckets[object] = bucket }
        return bucket.take(at: now)
    }

    /// Forgets the older half of what is written if there is no room for another occurrence, or what is least urgent of
    /// what waits, for a warning.
    ///
    /// - Returns: whether there is room.
    private mutating func makeRoom(for occurrence: Occurrence) -> Bool {
        guard recent.count >= capacity else { return true }
        // One of those that do not wait may be the one that is being written, which stays.
        if recent.count - pendingCount > 1 {
            // Half of them at once: else, of ten thousand occurrences each would look at all.
            let written = recent.filter { $0.value.stage == .written }
                .sorted { $0.value.lastUptime < $1.value.lastUptime }
            for (occurrence, _) in written.prefix((written.count + 1) / 2) { recent[occurrence] = nil }
            return true
        }
        guard occurrence.severity == .warning, let last = others.popLast() else { return false }
        recent[last] = nil
        dropped += 1
        return true
    }

    /// A name that no other Event has: the object's, and the time.
    private mutating func name(for object: EventObject.Reference, wall: Date) -> ObjectKey {
        lastNumber = max(lastNumber + 1, Int64(wall.timeIntervalSince1970 * 1e6) * 1000)
        let base = (object.name ?? "").cut(toBytes: 200)
        let namespace = object.namespace.flatMap { $0.isEmpty ? nil : $0 } ?? "default"
        return ObjectKey(namespace: namespace, name: "\(base).\(String(lastNumber, radix: 16))")
    }

    /// The Event of an occurrence.
    private func event(_ occurrence: Occurrence, _ known: Recent, _ series: EventObject.Series) -> EventObject {
        EventObject(
            metadata: ObjectMeta(name: known.key.name, namespace: known.key.namespace),
            eventTime: MicroTimestamp(known.first),
            series: known.count > 1 ? series : nil,
            reportingController: controller,
            reportingInstance: instance,
            action: occurrence.action,
            reason: occurrence.reason,
            regarding: occurrence.regarding,
            note: occurrence.note,
            type: occurrence.severity.rawValue
        )
    }
}
