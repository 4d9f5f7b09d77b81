public import KubeModel
internal import Scaling

extension StructuralSchema {
    /// All places where an object does not fit, or what stands at some place in one.
    ///
    /// - Complexity: O(values).
    public func problems(in value: JSONValue) -> [SchemaProblem] {
        var check = SchemaCheck()
        check.visit(value, self)
        return check.problems
    }
}

/// One walk through an object.
private struct SchemaCheck {
    /// What was found.
    var problems: [SchemaProblem] = []
    /// Where the walk is.
    private var path = ValuePath()

    /// Checks a value and all below it.
    mutating func visit(_ value: JSONValue, _ schema: StructuralSchema) {
        if value == .null, schema.isNullable || schema.kind == .any { return }
        guard let expected = Self.mismatch(value, schema.kind) else {
            visitContent(value, schema)
            return
        }
        let hint = expected == "a text" && value.object == nil && value.array == nil && value != .null
        report(.type, "must be \(expected), not \(Self.name(of: value))\(hint ? "; put it in quotes" : "")")
    }

    /// Checks a value of the right type.
    private mutating func visitContent(_ value: JSONValue, _ schema: StructuralSchema) {
        if let choices = schema.choices, !choices.contains(value) { reportChoices(choices, value) }
        switch value {
        case .object(let members): visit(members, schema)
        case .array(let elements): visit(elements, schema)
        case .string(let text): check(text, schema)
        case .integer(let number): check(Double(number), schema)
        case .number(let number): check(number, schema)
        case .bool, .null: break
        }
    }

    /// Checks the members of an object.
    ///
    /// `null` counts as absent where it is no value.
    ///
    /// - Source: Kubernetes, "Extend the Kubernetes API with CustomResourceDefinitions", defaulting and nullable.
    private mutating func visit(_ members: [String: JSONValue], _ schema: StructuralSchema) {
        for name in schema.required {
            let isAbsent = members[name].map { $0 == .null && schema.properties[name]?.isNullable != true } ?? true
            if isAbsent { within(.key(name)) { $0.report(.required, "is required") } }
        }
        for name in members.keys.sorted() {
            guard let value = members[name] else { continue }
            switch (schema.properties[name], schema.others) {
            case (let property?, _): visitMember(value, name, property)
            case (nil, .checked(let others)): visitMember(value, name, others)
            case (nil, .dropped) where schema.kind == .object: reportUnknown(name, schema)
            case (nil, .dropped), (nil, .kept): break
            }
        }
    }

    /// Checks one member.
    private mutating func visitMember(_ value: JSONValue, _ name: String, _ schema: StructuralSchema) {
        if value != .null { within(.key(name)) { $0.visit(value, schema) } }
    }

    /// Checks the elements of a list.
    private mutating func visit(_ elements: [JSONValue], _ schema: StructuralSchema) {
        let count = Double(elements.count)
        if let least = schema.count.least, count < least {
            report(.invalid, "must have at least \(Self.text(least)) \(least == 1 ? "element" : "elements")")
        }
        if let most = schema.count.greatest, count > most {
            report(.invalid, "must have at most \(Self.text(most)) elements")
        }
        guard let items = schema.items.first else { return }
        for (index, element) in elements.enumerated() {
            within(.index(index)) { $0.visit(element, items) }
        }
    }

    /// Checks a text.
    private mutating func check(_ text: String, _ schema: StructuralSchema) {
        let length = Double(text.unicodeScalars.count)
        if let least = schema.length.least, length < least {
            report(.invalid, least == 1 ? "must not be empty" : "must have at least \(Self.text(least)) characters")
        }
        if let most = schema.length.greatest, length > most {
            report(.invalid, "must have at most \(Self.text(most)) characters")
        }
        // The API server refuses a CRD whose pattern is none, so there is nothing to check against.
        guard let pattern = schema.pattern, let regex = try? Regex(pattern) else { return }
        if text.firstMatch(of: regex) == nil { report(.invalid, "must match \(pattern)") }
    }

    /// Checks a number.
    private mutating func check(_ number: Double, _ schema: StructuralSchema) {
        let range = schema.range
        if let least = range.least, range.excludesLeast ? number <= least : number < least {
            report(
                .invalid,
                "must be \(range.excludesLeast ? "more than \(Self.text(least))" : "\(Self.text(least)) or more")"
            )
        }
        if let most = range.greatest, range.excludesGreatest ? number >= most : number > most {
            report(
                .invalid,
                "must be \(range.excludesGreatest ? "less than \(Self.text(most))" : "\(Self.text(most)) or less")"
            )
        }
        guard schema.kind == .integer else { return }
        let fits = schema.format == "int32" ? Int32(exactly: number) != nil : Int64(exactly: number) != nil
        if !fits { report(.invalid, "is too large a number") }
    }

    /// What a value would have to be; `nil` if it is that.
    private static func mismatch(_ value: JSONValue, _ kind: StructuralSchema.Kind) -> String? {
        switch (kind, value) {
        case (.any, _), (.object, .object), (.array, .array), (.string, .string), (.boolean, .bool),
            (.number, .integer),
            (.number, .number), (.integer, .integer), (.integerOrString, .integer), (.integerOrString, .string):
            nil
        case (.integer, .number(let number)) where number.rounded() == number: nil
        case (.object, _): "an object"
        case (.array, _): "a list"
        case (.string, _): "a text"
        case (.integer, _): "a whole number"
        case (.number, _): "a number"
        case (.boolean, _): "true or false"
        case (.integerOrString, _): "a whole number or a text"
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

    /// A limit as people write it.
    private static func text(_ limit: Double) -> String {
        Int64(exactly: limit).map(String.init) ?? String(limit)
    }

    /// Notes a value that is none of those allowed.
    private mutating func reportChoices(_ choices: [JSONValue], _ value: JSONValue) {
        let texts = choices.compactMap(\.string)
        let nearest = value.string.flatMap { NearestName.find($0, among: texts) }
        report(
            .notSupported,
            "must be one of \(texts.joined(separator: ", "))" + (nearest.map { ", did you mean \"\($0)\"?" } ?? "")
        )
    }

    /// Notes a member that the schema does not have.
    private mutating func reportUnknown(_ name: String, _ schema: StructuralSchema) {
        let nearest = NearestName.find(name, among: schema.properties.keys.sorted())
        within(.key(name)) {
            $0.report(
                .unknownField,
                "unknown field, which the API server drops" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
            )
        }
    }

    /// Notes a problem where the walk is.
    private mutating func report(_ reason: SchemaProblem.Reason, _ message: String) {
        problems.append(SchemaProblem(path: path, reason: reason, message: message))
    }

    /// Goes a step further for a while.
    private mutating func within(_ step: ValuePath.Step, _ body: (inout SchemaCheck) -> Void) {
        path.steps.append(step)
        body(&self)
        path.steps.removeLast()
    }
}
