extension FormulaChecker {
    /// The type of what a function gives that does something for each item, from the type of what it does, if it does.
    func predicateCall(
        _ function: FormulaFunction,
        _ arguments: [FormulaType],
        _ predicate: FormulaType?,
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaType {
        let collection = arguments[0]
        guard collection.isArray || collection == .unknown else {
            throw mismatch("\(function.rawValue) takes an array, not \(collection.name)", at: place)
        }
        if let predicate, ![.map, .sum, .sortBy, .reduce].contains(function), ![.bool, .unknown].contains(predicate) {
            throw mismatch("what \(function.rawValue) does with each item gives \(predicate.name), not bool", at: place)
        }
        switch function {
        case .all, .none, .any, .one: return .bool
        case .count, .findIndex, .findLastIndex: return .int
        case .filter: return .array(collection.element)
        case .map: return .array(predicate ?? .unknown)
        case .find, .findLast: return collection.element
        case .sum: return predicate ?? collection.element
        case .sortBy:
            guard arguments.count < 2 || [.string, .unknown].contains(arguments[1]) else {
                throw mismatch("the order of sortBy is \"asc\" or \"desc\", not \(arguments[1].name)", at: place)
            }
            return collection
        default: return predicate ?? .unknown
        }
    }

    /// The type of what any other function gives.
    func call(
        _ function: FormulaFunction,
        _ arguments: [FormulaType],
        at place: FormulaError.Place
    ) throws(FormulaError) -> FormulaType {
        let signature = FormulaSignature(function)
        let most = signature.parameters.count
        guard arguments.count >= signature.required, signature.isVariadic || arguments.count <= most else {
            let range = signature.required == most ? "\(most)" : "\(signature.required) to \(most)"
            let wanted = signature.isVariadic ? "at least \(signature.required)" : range
            throw mismatch("\(function.rawValue) takes \(wanted) arguments, not \(arguments.count)", at: place)
        }
        for (index, argument) in arguments.enumerated() {
            let parameter = signature.parameters[min(index, most - 1)]
            guard parameter.accepts(argument) else {
                let ordinal = arguments.count > 1 ? " as argument \(index + 1)" : ""
                throw mismatch(
                    "\(function.rawValue) takes \(parameter.rawValue)\(ordinal), not \(argument.name)",
                    at: place
                )
            }
        }
        return signature.result(arguments)
    }
}
