extension StructuralSchema {
    /// All places where an object does not fit, or what stands at some place in one.
    ///
    /// - Complexity: O(values), but for elements that must differ, which cost a comparison by hash each.
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
        guard Self.fits(value, schema.kind) else { return report(.type(wanted: schema.kind, found: value)) }
        if let choices = schema.choices, !choices.contains(value) { report(.choice(among: choices, found: value)) }
        for combination in schema.combinations { check(value, combination) }
        switch value {
        case .object(let members): visit(members, schema)
        case .array(let elements): visit(elements, schema)
        case .string(let text): check(text, schema)
        case .integer(let number): check(Double(number), value, schema)
        case .number(let number): check(number, value, schema)
        case .bool, .null: break
        }
    }

    /// Checks the members of an object.
    ///
    /// `null` counts as absent where it is no value.
    ///
    /// - Source: Kubernetes, "Extend the Kubernetes API with CustomResourceDefinitions", defaulting and nullable.
    private mutating func visit(_ members: [String: JSONValue], _ schema: StructuralSchema) {
        checkLimits(.members, Double(members.count), .integer(Int64(members.count)), schema.members)
        for name in schema.required {
            let isAbsent = members[name].map { $0 == .null && schema.properties[name]?.isNullable != true } ?? true
            if isAbsent { within(.key(name)) { $0.report(.missing) } }
        }
        for name in members.keys.sorted() {
            guard let value = members[name] else { continue }
            switch (schema.properties[name], schema.others) {
            case (let property?, _): visitMember(value, name, property)
            case (nil, .checked(let others)): visitMember(value, name, others)
            case (nil, .dropped) where schema.kind == .object:
                within(.key(name)) { $0.report(.unknownMember(known: schema.properties.keys.sorted())) }
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
        checkLimits(.elements, Double(elements.count), .integer(Int64(elements.count)), schema.count)
        var seen: Set<JSONValue> = []
        for (index, element) in elements.enumerated() {
            within(.index(index)) { check in
                for items in schema.items { check.visit(element, items) }
                guard let identity = schema.identity(of: element) else { return }
                if !seen.insert(identity).inserted { check.report(.duplicate(identity)) }
            }
        }
    }

    /// Checks a text; one finding is enough.
    private mutating func check(_ text: String, _ schema: StructuralSchema) {
        let found = problems.count
        checkLimits(.characters, Double(text.unicodeScalars.count), .string(text), schema.length)
        guard problems.count == found else { return }
        // The API server refuses a CRD whose pattern is none, so there is nothing to check against.
        if let pattern = schema.pattern, let regex = try? Regex(pattern), text.firstMatch(of: regex) == nil {
            report(.pattern(pattern, found: text))
        } else if let format = schema.format, !TextFormat.fits(text, format) {
            report(.format(format, found: text))
        }
    }

    /// Checks a number.
    private mutating func check(_ number: Double, _ value: JSONValue, _ schema: StructuralSchema) {
        checkLimits(.value, number, value, schema.range)
        guard schema.kind == .integer else { return }
        let fits = schema.format == "int32" ? Int32(exactly: number) != nil : Int64(exactly: number) != nil
        if !fits { report(.width) }
    }

    /// Checks that a number lies where it should.
    private mutating func checkLimits(
        _ measure: SchemaProblem.Measure,
        _ number: Double,
        _ found: JSONValue,
        _ limits: StructuralSchema.Limits
    ) {
        if let least = limits.least, limits.excludesLeast ? number <= least : number < least {
            report(.limit(measure, limits.excludesLeast ? .above(least) : .least(least), found: found))
        }
        if let most = limits.greatest, limits.excludesGreatest ? number >= most : number > most {
            report(.limit(measure, limits.excludesGreatest ? .below(most) : .greatest(most), found: found))
        }
    }

    /// Checks how many schemas a value fits.
    private mutating func check(_ value: JSONValue, _ combination: StructuralSchema.Combination) {
        let schemas = combination.schemas
        let fitting = schemas.count { schema in !schema.problems(in: value).contains(where: \.isFatal) }
        let isRight =
            switch combination.rule {
            case .all: fitting == schemas.count
            case .any: fitting > 0
            case .one: fitting == 1
            case .none: fitting == 0
            }
        if !isRight { report(.combination(combination.rule, fitting: fitting)) }
    }

    /// Whether a value is of a type.
    private static func fits(_ value: JSONValue, _ kind: StructuralSchema.Kind) -> Bool {
        switch (kind, value) {
        case (.any, _), (.object, .object), (.array, .array), (.string, .string), (.boolean, .bool),
            (.number, .integer),
            (.number, .number), (.integer, .integer), (.integerOrString, .integer), (.integerOrString, .string):
            true
        case (.integer, .number(let number)): number.rounded() == number
        case (.object, _), (.array, _), (.string, _), (.boolean, _), (.number, _), (.integer, _),
            (.integerOrString, _):
            false
        }
    }

    /// Notes a problem where the walk is.
    private mutating func report(_ fault: SchemaProblem.Fault) {
        problems.append(SchemaProblem(path: path, fault: fault))
    }

    /// Goes a step further for a while.
    private mutating func within(_ step: ValuePath.Step, _ body: (inout SchemaCheck) -> Void) {
        path.steps.append(step)
        body(&self)
        path.steps.removeLast()
    }
}

extension StructuralSchema {
    /// What tells an element of this list from the others; `nil` where nothing does.
    fileprivate func identity(of element: JSONValue) -> JSONValue? {
        switch listing {
        case .atomic: nil
        case .set: element
        case .map(let keys): .object(element.object?.filter { keys.contains($0.key) } ?? [:])
        }
    }
}
