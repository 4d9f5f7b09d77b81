/// The values that one field of a cron expression admits, as bits: bit `n` stands for the value `n`.
struct CronFieldSet: Hashable, Sendable {
    /// The admitted values; every cron field fits in 60 bits.
    var bits: UInt64

    /// Whether the field holds a `*` or `?` that does not skip values, which makes a day field "unrestricted".
    ///
    /// A stepped star (`*/2`) is a restriction; `*/1` is not.
    var hasStar: Bool

    /// The set without a value.
    static let empty = CronFieldSet(bits: 0, hasStar: false)

    /// Makes a set from its bits.
    init(bits: UInt64, hasStar: Bool = false) {
        self.bits = bits
        self.hasStar = hasStar
    }

    /// Makes the set of every `step`-th value of a range, beginning with its lower bound.
    init(_ range: ClosedRange<Int>, by step: Int, hasStar: Bool) {
        self.bits = stride(from: range.lowerBound, through: range.upperBound, by: step)
            .reduce(0) { $0 | 1 << UInt64($1) }
        self.hasStar = hasStar
    }

    /// Adds the values of another element of the same list.
    mutating func formUnion(_ other: CronFieldSet) {
        bits |= other.bits
        hasStar = hasStar || other.hasStar
    }

    /// Whether a value is admitted.
    func contains(_ value: Int) -> Bool { bits & (1 << UInt64(value)) != 0 }

    /// Whether each value of a range is admitted.
    func covers(_ range: ClosedRange<Int>) -> Bool { range.allSatisfy(contains) }

    /// The smallest admitted value that is not below a bound (0 to 63).
    func first(atOrAfter bound: Int) -> Int? {
        let rest = bits & (UInt64.max << UInt64(bound))
        return rest == 0 ? nil : rest.trailingZeroBitCount
    }

    /// The largest admitted value that is not above a bound (0 to 63).
    func last(atOrBefore bound: Int) -> Int? {
        let rest = bits & (UInt64.max >> UInt64(63 - bound))
        return rest == 0 ? nil : 63 - rest.leadingZeroBitCount
    }
}
