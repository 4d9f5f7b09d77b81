/// A Kubernetes quantity such as `250m`, `1.5Gi` or `4`, kept exactly in billionths.
///
/// Two quantities are equal when their values are, however they were written. What is finer than a billionth is
/// rounded away from zero; what is beyond ±1.7e29 is refused.
///
/// - Source: Kubernetes, `apimachinery/pkg/api/resource/quantity.go` and its documentation.
public struct Quantity: Sendable, Hashable, Comparable {
    /// The value times 1e9.
    public let nanos: Int128

    /// From billionths.
    public init(nanos: Int128) {
        self.nanos = nanos
    }

    /// From thousandths, the unit in which the HPA reckons.
    public init(milli: Int64) {
        self.nanos = Int128(milli) * 1_000_000
    }

    /// From a whole number.
    public init(_ value: Int64) {
        self.nanos = Int128(value) * 1_000_000_000
    }

    /// From a measured number, to three decimals as KEDA sends them, nearest first; `nil` for NaN, infinities and what
    /// is too large.
    ///
    /// - Source: KEDA, `pkg/scalers/scaler.go`, `GenerateMetricInMili`.
    public init?(rounding value: Double) {
        let milli = (value * 1000).rounded(.toNearestOrEven)
        guard milli.isFinite, abs(milli) < 1e29 else { return nil }
        self.nanos = Int128(milli) * 1_000_000
    }

    /// From a reckoned number, cut to three decimals toward zero; `nil` for NaN, infinities and what is too large.
    ///
    /// - Source: KEDA, `pkg/scaling/modifiers/modifiers.go`, which stores a formula's result so.
    public init?(truncating value: Double) {
        let milli = (value * 1000).rounded(.towardZero)
        guard milli.isFinite, abs(milli) < 1e29 else { return nil }
        self.nanos = Int128(milli) * 1_000_000
    }

    /// Thousandths, rounded up, held within 64 bits.
    public var milli: Int64 { Self.clamp(Self.ceiling(nanos, 1_000_000)) }

    /// Units, rounded up, held within 64 bits.
    public var value: Int64 { Self.clamp(Self.ceiling(nanos, 1_000_000_000)) }

    /// The value as a floating-point number.
    public var double: Double { Double(nanos) / 1e9 }

    /// Smaller value first.
    public static func < (one: Quantity, other: Quantity) -> Bool { one.nanos < other.nanos }

    /// Division that rounds up.
    private static func ceiling(_ value: Int128, _ unit: Int128) -> Int128 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: unit)
        return remainder > 0 ? quotient + 1 : quotient
    }

    /// The nearest 64-bit number.
    private static func clamp(_ value: Int128) -> Int64 {
        Int64(clamping: value)
    }
}

extension Quantity: CustomStringConvertible {
    /// The canonical decimal text: the largest of n, u, m, none, k, M, G, T, P, E that leaves no fraction.
    public var description: String {
        guard nanos != 0 else { return "0" }
        let suffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]
        var (value, index) = (nanos, 0)
        while index < suffixes.count - 1, value % 1000 == 0 {
            value /= 1000
            index += 1
        }
        return "\(value)\(suffixes[index])"
    }
}

extension Quantity: Codable {
    /// Reads a text or a bare number, as the API server does.
    ///
    /// - Throws: `DecodingError.dataCorrupted`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // A quantity is nearly always a text; a number is the rare other form.
        let text = try (try? container.decode(String.self)) ?? String(container.decode(Double.self))
        guard let quantity = Quantity(parsing: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a quantity: \(text)")
            )
        }
        self = quantity
    }

    /// Writes the canonical text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
