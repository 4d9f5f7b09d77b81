/// The formula of `scalingModifiers`, parsed and checked once, run for every set of values.
///
/// The language is expr: a trigger's name is its value as float, integer literals are int, `/` gives float. What it
/// does is bounded: its text, its depth, and the steps and items of each run.
///
/// - Source: expr-lang, `docs/language-definition.md`; KEDA, `apis/keda/v1alpha1/scaledobject_webhook.go`,
///   `castToFloatIfNecessary`.
public struct Formula: Sendable {
    /// How many bytes a formula may have.
    public static let longest = 65_536

    /// How what comes out becomes a float.
    private enum Cast: Sendable {
        /// Not at all: the formula starts with `float(`.
        case none
        /// By `float(…)`.
        case float
        /// By `float(…)`, unless it is nil: the formula has `??`.
        case floatOrNil
    }

    /// As it was written.
    public let text: String
    /// What it says.
    private let tree: FormulaTree
    /// The node whose value is the formula's.
    private let root: FormulaTree.ID
    /// How that becomes a float.
    private let cast: Cast

    /// Compiles a formula.
    ///
    /// - Parameters:
    ///   - text: the formula.
    ///   - variables: the names of the triggers that give numbers; one that is no identifier is reached as
    ///     `$env["my-name"]`.
    /// - Throws: ``FormulaError`` if it is no formula, or can never give a number.
    public init(_ text: String, variables: [String]) throws(FormulaError) {
        guard text.utf8.count <= Self.longest else {
            throw FormulaError(.limit, "the formula is longer than \(Self.longest) bytes", at: nil)
        }
        var parser = try FormulaParser(text, triggers: variables)
        let start = parser.current.place
        if text.contains("??") {
            self.cast = .floatOrNil
            self.root = try parser.sequence()
        } else if text.hasPrefix("float(") {
            self.cast = .none
            self.root = try parser.sequence()
        } else {
            self.cast = .float
            self.root = try parser.expression()
        }
        try parser.expectEnd()
        self.text = text
        self.tree = parser.tree
        let type = try FormulaChecker.types(of: tree)[root]
        guard cast == .none || type.isNumber || type == .string || type == .unknown else {
            let hint = type == .bool ? "; write it as … ? 1 : 0" : ""
            throw FormulaError(.mismatchedTypes, "the formula gives \(type.name), not a number\(hint)", at: start)
        }
    }

    /// Runs the formula.
    ///
    /// - Parameter inputs: the triggers' values by name; `nil` or nothing for one that has none, which only `??` and
    ///   comparisons with nil can cope with.
    /// - Returns: a finite number, or `nil` if that is what the formula comes to.
    /// - Throws: ``FormulaError``: `.evaluation` and `.limit` if it could not be run to its end, `.result` if what came
    ///   out is no number, infinite, or NaN.
    public func value(_ inputs: [String: Double?]) throws(FormulaError) -> Double? {
        var evaluator = FormulaEvaluator(tree, inputs)
        let value = try evaluator.value(of: root)
        let place = tree.places[root]
        if value.isNothing, cast != .float { return nil }
        let number: Double
        if cast == .none {
            guard case .float(let float) = value else {
                throw FormulaError(.result, "the formula gives \(value.kind), not a float", at: place)
            }
            number = float
        } else {
            number = try evaluator.float(value, at: place)
        }
        guard number.isFinite else {
            if let division = evaluator.zeroDivision {
                throw FormulaError(.result, "the formula divides by zero", at: division)
            }
            throw FormulaError(.result, "the formula gives no number but \(number.isNaN ? "NaN" : "infinity")", at: nil)
        }
        return number
    }
}
