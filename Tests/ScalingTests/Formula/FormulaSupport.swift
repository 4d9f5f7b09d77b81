import Scaling

/// Runs formulas over the triggers a = 4, b = 10, zero = 0.
enum Formulas {
    /// The triggers' values.
    static let inputs: [String: Double?] = ["a": 4, "b": 10, "zero": 0, "gone": nil as Double?]

    /// Compiles a formula.
    static func compile(_ text: String) throws(FormulaError) -> Formula {
        try Formula(text, variables: ["a", "b", "zero", "gone", "my-trigger"])
    }

    /// Compiles a formula and runs it.
    static func value(_ text: String) throws(FormulaError) -> Double? {
        try compile(text).value(inputs)
    }

    /// Whether an expression is true.
    static func holds(_ text: String) throws(FormulaError) -> Bool {
        try value("(\(text)) ? 1 : 0") == 1
    }

    /// Why a formula fails, compiling or running; `nil` if it does not.
    static func error(_ text: String) -> FormulaError? {
        do {
            _ = try value(text)
            return nil
        } catch {
            return error
        }
    }
}
