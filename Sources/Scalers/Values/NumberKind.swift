internal import Foundation
internal import KubeModel

/// How a number is written.
///
/// - Source: KEDA, `pkg/scalers/kubernetes_resource_scaler.go`. Numbers that are not finite are refused here.
enum NumberKind: Sendable, Hashable {
    /// With a fraction, perhaps; a text in JSON is a quantity.
    case decimal
    /// Whole.
    case whole
    /// As a Kubernetes quantity, such as `500m`, or a plain number.
    case quantity

    /// The number that a text begins with; a quantity must be all of it.
    ///
    /// What follows the number is not looked at, as C's `scanf` does it.
    func number(written text: String) throws(ValueProblem) -> Double {
        let start = text.drop(while: \.isWhitespace)
        switch self {
        case .decimal:
            guard let number = NumberText.decimal(startOf: start).flatMap({ Double($0) }) else {
                throw ValueProblem("the value does not begin with a number")
            }
            return try Self.finite(number)
        case .whole:
            guard let digits = NumberText.whole(startOf: start) else {
                throw ValueProblem("the value does not begin with a whole number")
            }
            guard let number = Int64(digits) else { throw ValueProblem("the value does not fit 64 bits") }
            return Double(number)
        case .quantity: return try Self.quantity(text)
        }
    }

    /// The number that a value in JSON is.
    func number(in value: JSONValue) throws(ValueProblem) -> Double {
        switch (self, value) {
        case (.whole, .number(let number)):
            guard let whole = Int64(exactly: number.rounded(.towardZero)) else {
                throw ValueProblem("the value does not fit 64 bits")
            }
            return Double(whole)
        case (_, .integer(let number)): return Double(number)
        case (_, .number(let number)): return try Self.finite(number)
        case (.decimal, .string(let text)), (.quantity, .string(let text)): return try Self.quantity(text)
        case (.whole, .string): throw ValueProblem("the value must be a number, it is a text")
        case (_, .null): throw ValueProblem("the value must be a number, it is null")
        case (_, .bool): throw ValueProblem("the value must be a number, it is a truth value")
        case (_, .array): throw ValueProblem("the value must be a number, it is a list; add .# to count it")
        case (_, .object): throw ValueProblem("the value must be a number, it is an object")
        }
    }

    /// The number that a value in YAML is.
    func number(in scalar: YAMLDocument.Scalar) throws(ValueProblem) -> Double {
        switch scalar {
        case .number(let number): return try Self.finite(number)
        case .text(let text): return try number(written: text)
        case .other: throw ValueProblem("the value must be a number, it is null or a truth value")
        }
    }

    /// A whole text as a quantity.
    private static func quantity(_ text: String) throws(ValueProblem) -> Double {
        guard let quantity = Quantity(parsing: text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw ValueProblem("the value must be a number or a quantity such as 500m")
        }
        return quantity.double
    }

    /// A number that an HPA can use.
    private static func finite(_ number: Double) throws(ValueProblem) -> Double {
        guard number.isFinite else { throw ValueProblem("the value is not a finite number") }
        return number
    }
}
