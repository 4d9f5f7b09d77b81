extension FormulaChecker {
    /// The type of an operator's result.
    ///
    /// - Throws: `.mismatchedTypes` if the operands can never fit.
    func binary(
        _ operation: FormulaOperator,
        _ left: FormulaType,
        _ right: FormulaType,
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaType {
        if let type = Self.result(of: operation, left, right) { return type }
        let hint =
            operation == .remainder && left.isNumber && right.isNumber
            ? "; triggers are float, write int(…) around them" : ""
        throw mismatch(
            "\(operation.rawValue) does not work on \(left.name) and \(right.name)\(hint)",
            at: place
        )
    }

    /// The type of an operator's result; `nil` if the operands do not fit.
    private static func result(
        of operation: FormulaOperator,
        _ left: FormulaType,
        _ right: FormulaType
    ) -> FormulaType? {
        switch operation {
        case .coalesce:
            if left == .nothing { return right }
            return right == .nothing || right.fits(left) ? left : .unknown
        case .equal, .notEqual:
            return left.isComparable(to: right) ? .bool : nil
        case .or, .and:
            return fit(left, right, [.bool]) ? .bool : nil
        case .less, .greater, .lessOrEqual, .greaterOrEqual:
            return fit(left, right, [.int, .float]) || fit(left, right, [.string]) ? .bool : nil
        case .contains, .startsWith, .endsWith:
            return fit(left, right, [.string]) ? .bool : nil
        case .range:
            return fit(left, right, [.int]) ? .array(.int) : nil
        case .remainder:
            return fit(left, right, [.int]) ? .int : nil
        case .divide, .power:
            return fit(left, right, [.int, .float]) ? .float : nil
        case .subtract, .multiply:
            return fit(left, right, [.int, .float]) ? sum(left, right) : nil
        case .add:
            if left == .string, right == .string { return .string }
            if fit(left, right, [.int, .float]) { return sum(left, right) }
            return fit(left, right, [.string]) ? .unknown : nil
        case .isIn:
            return isIn(left, right) ? .bool : nil
        }
    }

    /// Whether both are of these types, or may be.
    private static func fit(_ left: FormulaType, _ right: FormulaType, _ types: [FormulaType]) -> Bool {
        [left, right].allSatisfy { types.contains($0) || $0 == .unknown }
    }

    /// The type of a sum of numbers.
    private static func sum(_ left: FormulaType, _ right: FormulaType) -> FormulaType {
        if [left, right].contains(.unknown) { return .unknown }
        return [left, right].contains(.float) ? .float : .int
    }

    /// Whether something can be looked for in something.
    private static func isIn(_ left: FormulaType, _ right: FormulaType) -> Bool {
        switch right {
        case .unknown: true
        case .map: [.string, .unknown].contains(left)
        case .array(let element): left.isComparable(to: element)
        case .nothing, .bool, .int, .float, .string: false
        }
    }
}
