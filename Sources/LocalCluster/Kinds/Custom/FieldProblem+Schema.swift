import KubeModel

/// What does not fit a schema, in the API server's words.
///
/// - Source: kube-openapi, `pkg/validation/errors/schema.go`; Kubernetes,
///   `apiextensions-apiserver/pkg/apiserver/validation/validation.go` and `schema/listtype/validation.go`.
extension FieldProblem {
    /// The words for a problem; `nil` for what the API server lets pass.
    init?(_ problem: SchemaProblem) {
        let field = Self.field(problem.path)
        switch problem.fault {
        case .missing: self = .required(field)
        case .type(let wanted, let found):
            let name = JSONValue.string(Self.name(of: found))
            self = .invalid(
                field,
                name,
                "\(field) in body must be of type \(Self.name(of: wanted)): \(Self.text(name))"
            )
        case .choice(let choices, let found):
            let list = choices.map { Self.text($0.string.map(JSONValue.string) ?? .string(Self.text($0))) }
            self = FieldProblem(
                reason: .unsupported,
                field: field,
                message: "Unsupported value: \(Self.text(found)): supported values: \(list.joined(separator: ", "))"
            )
        case .limit(let measure, let limit, let found):
            // Of members the server tells the limit, of all else what it has found.
            let value = measure == .members ? Self.number(limit) : found
            self = .invalid(field, value, "\(field) in body should \(Self.words(measure, limit))")
        case .pattern(let pattern, let found):
            self = .invalid(field, .string(found), "\(field) in body should match '\(pattern)'")
        case .format(let format, let found):
            let value = JSONValue.string(found)
            self = .invalid(field, value, "\(field) in body must be of type \(format): \(Self.text(value))")
        case .duplicate(let value):
            self = FieldProblem(
                reason: .duplicate,
                field: field,
                message: "Duplicate value: \(value.object == nil ? Self.text(value) : value.text)"
            )
        case .combination(let rule, let fitting):
            // The server knows no field for these.
            self = .invalid("<nil>", "", "\"\(field)\" \(Self.words(rule, fitting))")
        case .width, .unknownMember: return nil
        }
    }

    /// A path as the API server writes it.
    private static func field(_ path: ValuePath) -> String {
        path.steps.reduce("") { text, step in
            switch step {
            case .key(let key): text.isEmpty ? key : "\(text).\(key)"
            case .index(let index): "\(text)[\(index)]"
            }
        }
    }

    /// A limit that is not kept.
    private static func words(_ measure: SchemaProblem.Measure, _ limit: SchemaProblem.Limit) -> String {
        switch (measure, limit) {
        case (.value, .least(let number)): "be greater than or equal to \(text(number))"
        case (.value, .greatest(let number)): "be less than or equal to \(text(number))"
        case (_, .above(let number)): "be greater than \(text(number))"
        case (_, .below(let number)): "be less than \(text(number))"
        case (.characters, .least(let number)): "be at least \(text(number)) chars long"
        case (.characters, .greatest(let number)): "be at most \(text(number)) chars long"
        case (.elements, .least(let number)): "have at least \(text(number)) items"
        case (.elements, .greatest(let number)): "have at most \(text(number)) items"
        case (.members, .least(let number)): "have at least \(text(number)) properties"
        case (.members, .greatest(let number)): "have at most \(text(number)) properties"
        }
    }

    /// The number in a limit.
    private static func number(_ limit: SchemaProblem.Limit) -> JSONValue {
        switch limit {
        case .least(let number), .greatest(let number), .above(let number), .below(let number):
            Int64(exactly: number).map(JSONValue.integer) ?? .number(number)
        }
    }

    /// How many schemas should fit.
    private static func words(_ rule: SchemaProblem.Combination, _ fitting: Int) -> String {
        switch rule {
        case .all: "must validate all the schemas (allOf)" + (fitting == 0 ? ". None validated" : "")
        case .any: "must validate at least one schema (anyOf)"
        case .one where fitting == 0: "must validate one and only one schema (oneOf). Found none valid"
        case .one: "must validate one and only one schema (oneOf). Found \(fitting) valid alternatives"
        case .none: "must not validate the schema (not)"
        }
    }

    /// A limit as Go prints it.
    private static func text(_ limit: Double) -> String {
        Int64(exactly: limit).map(String.init) ?? String(limit)
    }

    /// A type by its name in schemas.
    private static func name(of kind: StructuralSchema.Kind) -> String {
        switch kind {
        case .object: "object"
        case .array: "array"
        case .string: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .integerOrString: "integer,string"
        case .any: ""
        }
    }

    /// A value's type by its name in schemas.
    private static func name(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
