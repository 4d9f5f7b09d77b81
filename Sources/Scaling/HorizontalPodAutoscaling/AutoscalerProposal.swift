/// What one metric asks for.
public struct AutoscalerProposal: Hashable, Sendable {
    /// Why a metric asks for just so many replicas.
    public enum Reason: Hashable, Sendable {
        /// The ratio is so close to 1 that the replicas stay.
        case withinTolerance
        /// The replicas follow from the ratio.
        case ratio
        /// Samples are missing or pods unready; the replicas follow from a ratio with assumed values for them.
        case ratioWithAssumptions
        /// The assumed values turned the ratio to the other side of 1, or the count against it, so the replicas stay.
        case uncertain
    }

    /// The usage as the autoscaler's status shows it, in milli-units.
    public enum Current: Hashable, Sendable {
        /// In all.
        case value(Int64)
        /// A pod.
        case averageValue(Int64)
        /// Percent of the requests, and the average of a pod.
        case utilization(percent: Int, averageValue: Int64)

        /// The same as one number in the unit of the target: units, or percent.
        var number: Double {
            switch self {
            case .value(let milli), .averageValue(let milli): Double(milli) / 1000
            case .utilization(let percent, _): Double(percent)
            }
        }
    }

    /// The replicas asked for; may be negative if the metric is.
    public let replicas: Int

    /// Usage over target; infinite or not a number where there are no replicas.
    public let ratio: Double

    /// Why.
    public let reason: Reason

    /// What was measured, or nil where it has no meaning (an average over no pods).
    public let current: Current?
}

/// The tolerance around the ratio 1 within which nothing is done.
struct AutoscalerTolerance {
    /// How far above 1.
    let up: Double
    /// How far below 1.
    let down: Double

    /// Whether a ratio is close enough to 1; never so for infinity and what is not a number.
    func holds(_ ratio: Double) -> Bool { 1 - down <= ratio && ratio <= 1 + up }
}

/// Adds two quantities, staying at the type's bounds instead of overflowing.
func saturatingSum(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, overflows) = left.addingReportingOverflow(right)
    guard overflows else { return sum }
    return right > 0 ? .max : .min
}

extension Int {
    /// A count of replicas from arithmetic with fractions, rounded up and kept within 32 bits as the API has it.
    ///
    /// What is not a number counts as 0; Kubernetes leaves that, and most overflows, to the processor.
    init(replicasRoundingUp value: Double) {
        self = value.isNaN ? 0 : Int(Swift.min(Swift.max(value.rounded(.up), Double(Int32.min)), Double(Int32.max)))
    }
}
