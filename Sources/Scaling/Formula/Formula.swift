/// An expression over the values of triggers, compiled.
public struct Formula: Sendable {
    /// What the expression comes to.
    ///
    /// - Parameter inputs: the values by trigger name; `nil` for one that a fallback stands in for.
    /// - Returns: the number; `nil` where the expression says so.
    /// - Throws: ``FormulaError``.
    public func value(_ inputs: [String: Double?]) throws(FormulaError) -> Double? {
        throw FormulaError("formulas are not built yet")
    }
}

/// Why a formula gives no number.
public struct FormulaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line that may be shown.
    public let description: String

    /// Makes an error.
    init(_ description: String) {
        self.description = description
    }
}
