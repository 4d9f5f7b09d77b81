public import Foundation
public import KubeModel

/// The last evaluations of one object, newest last; those that follow each other and come to the same are one entry.
///
/// It never holds more than its limit, however long it lives.
public struct DecisionLog: Sendable {
    /// Evaluations that came to the same.
    public struct Entry: Sendable {
        /// When the first of them was.
        public var first: Date
        /// How many they are.
        public var count: Int
        /// The last of them.
        public var evaluation: Evaluation
    }

    /// Oldest first.
    public private(set) var entries: [Entry] = []

    /// Nothing is known yet.
    public init() {}

    /// Entries that each object may keep, so that those of 2,000 objects stay within some 10 MB.
    ///
    /// - Parameter objects: how many objects there are.
    /// - Returns: 4 to 64.
    public static func limit(amid objects: Int) -> Int { min(64, max(4, 8_000 / max(1, objects))) }

    /// Adds an evaluation.
    ///
    /// - Parameters:
    ///   - evaluation: later than all before.
    ///   - limit: entries to keep, 1 or more.
    public mutating func note(_ evaluation: Evaluation, limit: Int) {
        var evaluation = evaluation
        evaluation.outcome = evaluation.outcome?.recorded(after: entries.last?.evaluation.outcome)
        let isRepeated = entries.last?.evaluation.isRepeated(by: evaluation) ?? false
        keep(isRepeated ? limit : limit - 1)
        if let last = entries.indices.last, isRepeated {
            entries[last].count += 1
            entries[last].evaluation = evaluation
        } else {
            entries.append(Entry(first: evaluation.time, count: 1, evaluation: evaluation))
        }
    }

    /// Adds what is known to be the last evaluation once more; nothing where there is none.
    ///
    /// - Parameters:
    ///   - time: when it was, later than all before.
    ///   - readings: when each trigger was read, in the order of the spec.
    ///   - limit: entries to keep, 1 or more.
    public mutating func noteAgain(at time: Date, readAt readings: [MicroTimestamp?], limit: Int) {
        keep(limit)
        guard let last = entries.indices.last else { return }
        entries[last].count += 1
        entries[last].evaluation.time = time
        for (trigger, moment) in zip(entries[last].evaluation.triggers.indices, readings) {
            entries[last].evaluation.triggers[trigger].readAt = moment
        }
    }

    /// Forgets the oldest; a limit falls when objects come.
    private mutating func keep(_ limit: Int) { entries.removeFirst(max(0, entries.count - limit)) }
}
