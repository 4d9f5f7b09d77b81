internal import KubeModel
internal import Scaling

/// What people who write manifests are told.
extension SchemaProblem {
    /// What is wrong.
    ///
    /// It never repeats a value, which may be a secret.
    var message: String {
        switch fault {
        case .missing: return "is required"
        case .type(let wanted, let found):
            let expected = Self.name(of: wanted)
            let isPlain = found.object == nil && found.array == nil && found != .null
            let hint = wanted == .string && isPlain ? "; put it in quotes" : ""
            return "must be \(expected), not \(Self.name(of: found))\(hint)"
        case .choice(let choices, let found):
            let texts = choices.compactMap(\.string)
            let nearest = found.string.flatMap { NearestName.find($0, among: texts) }
            return "must be one of \(texts.joined(separator: ", "))"
                + (nearest.map { ", did you mean \"\($0)\"?" } ?? "")
        case .limit(let measure, let limit, _): return Self.text(measure, limit)
        case .width: return "is too large a number"
        case .pattern(let pattern, _): return "must match \(pattern)"
        case .format(let format, _): return "must be a \(format)"
        case .duplicate: return "is in the list already"
        case .combination(.all, _): return "must fit all of its alternatives (allOf)"
        case .combination(.any, _): return "must fit one of its alternatives (anyOf)"
        case .combination(.one, _): return "must fit one of its alternatives and no other (oneOf)"
        case .combination(.none, _): return "must not be what it is (not)"
        case .unknownMember(let known):
            let nearest: String? =
                if case .key(let name)? = path.steps.last { NearestName.find(name, among: known) } else { nil }
            return "unknown field, which the API server drops" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
        }
    }

    /// How much there may be of something.
    private static func text(_ measure: Measure, _ limit: Limit) -> String {
        switch (measure, limit) {
        case (.value, .least(let number)): "must be \(text(number)) or more"
        case (.value, .greatest(let number)): "must be \(text(number)) or less"
        case (_, .above(let number)): "must be more than \(text(number))"
        case (_, .below(let number)): "must be less than \(text(number))"
        case (.characters, .least(1)): "must not be empty"
        case (_, .least(let number)): "must have at least \(text(number)) \(unit(measure, number))"
        case (_, .greatest(let number)): "must have at most \(text(number)) \(unit(measure, 0))"
        }
    }

    /// What is counted.
    private static func unit(_ measure: Measure, _ number: Double) -> String {
        switch measure {
        case .value, .characters: number == 1 ? "character" : "characters"
        case .elements: number == 1 ? "element" : "elements"
        case .members: number == 1 ? "member" : "members"
        }
    }

    /// A limit as people write it.
    private static func text(_ limit: Double) -> String {
        Int64(exactly: limit).map(String.init) ?? String(limit)
    }

    /// What a value would have to be.
    private static func name(of kind: StructuralSchema.Kind) -> String {
        switch kind {
        case .object: "an object"
        case .array: "a list"
        case .string: "a text"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "true or false"
        case .integerOrString: "a whole number or a text"
        case .any: "anything"
        }
    }

    /// What a value is.
    private static func name(of value: JSONValue) -> String {
        switch value {
        case .null: "empty"
        case .bool: "true or false"
        case .integer: "a number"
        case .number: "a number with a fraction"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
