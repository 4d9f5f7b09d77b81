public import Foundation

/// A number over time: each value holds until the next.
public struct Series: Sendable, Hashable {
    /// Seconds since 1970, rising.
    public private(set) var times: [Double] = []
    /// One for each time.
    public private(set) var values: [Double] = []

    /// Nothing yet.
    public init() {}

    /// Adds a value, later than all before.
    public mutating func append(_ value: Double, at time: Double) {
        times.append(time)
        values.append(value)
    }

    /// When another value than before comes that lies above a bound.
    func changes(above bound: Double) -> [Double] {
        times.indices.filter { values[$0] > bound && values[$0] != ($0 == 0 ? 0 : values[$0 - 1]) }.map { times[$0] }
    }

    /// The value at a moment, for a reader that only moves forward.
    ///
    /// - Parameters:
    ///   - time: seconds since 1970.
    ///   - cursor: where the reader stands; 0 at first.
    /// - Returns: the last value at or before the moment; 0 before the first.
    /// - Complexity: O(1) over all moments of a run.
    func value(at time: Double, _ cursor: inout Int) -> Double {
        while cursor < times.count, times[cursor] <= time { cursor += 1 }
        return cursor == 0 ? 0 : values[cursor - 1]
    }
}

/// The span of time that is simulated.
public struct SimulatedRange: Sendable, Hashable {
    /// The longest, in days.
    public static let longest = 100

    /// Its first moment.
    public let start: Date
    /// The moment after its last.
    public let end: Date

    /// Makes a range.
    ///
    /// - Throws: ``SimulationError`` for one that runs backwards, is empty, or is too long.
    public init(from start: Date, to end: Date) throws(SimulationError) {
        guard start < end else {
            throw SimulationError("the range ends before it begins: --to must be later than --from")
        }
        guard end.timeIntervalSince(start) <= Double(Self.longest) * 86_400 else {
            throw SimulationError("the range is longer than \(Self.longest) days; simulate it in parts")
        }
        self.start = start
        self.end = end
    }
}
