/// What a CustomResourceDefinition says of its objects: the part of OpenAPI v3 that structural schemas use.
///
/// Not read: `multipleOf`, `uniqueItems` and the rules of `x-kubernetes-validations`.
///
/// - Source: Kubernetes, "Extend the Kubernetes API with CustomResourceDefinitions", specifying a structural schema.
public struct StructuralSchema: Sendable, Hashable {
    /// What a value may be.
    public enum Kind: Sendable, Hashable {
        case object
        case array
        case string
        case integer
        case number
        case boolean
        /// `x-kubernetes-int-or-string`.
        case integerOrString
        /// No type is given.
        case any
    }

    /// What becomes of members that `properties` does not have.
    public indirect enum Others: Sendable, Hashable {
        /// The API server drops them.
        case dropped
        /// They are kept, whatever they are.
        case kept
        /// They are kept, and must fit.
        case checked(StructuralSchema)
    }

    /// How the elements of a list are told apart.
    ///
    /// - Source: Kubernetes, "Server-Side Apply", merge strategy.
    public enum Listing: Sendable, Hashable {
        /// Not at all: the list is one value.
        case atomic
        /// By their value.
        case set
        /// By the values of some members.
        case map(keys: [String])
    }

    /// What a value may be.
    public let kind: Kind
    /// Whether `null` is a value; else it counts as absent.
    public let isNullable: Bool
    /// What takes the place of an absent value.
    public let standard: JSONValue?
    /// The only values allowed; `nil` allows all.
    public let choices: [JSONValue]?
    /// Members of an object.
    public let properties: [String: StructuralSchema]
    /// Members that must be there.
    public let required: [String]
    /// Other members.
    public let others: Others
    /// Whether an object is one value to those who share it.
    public let isAtomic: Bool
    /// How many members an object has.
    let members: Limits
    /// Elements of a list: one schema, or none when nothing is said of them.
    public let items: [StructuralSchema]
    /// How elements are told apart.
    public let listing: Listing
    /// How many elements a list has.
    let count: Limits
    /// How many Unicode scalars a text has.
    let length: Limits
    /// What a text must match somewhere.
    let pattern: String?
    /// Between what a number lies.
    let range: Limits
    /// How wide a whole number may be (`int32`, `int64`), or what a text says (`date-time`).
    let format: String?
    /// Schemas of which so many must fit besides.
    let combinations: [Combination]

    /// A least and a greatest number.
    struct Limits: Hashable {
        /// The least, itself allowed unless exclusive.
        var least: Double?
        /// The greatest, itself allowed unless exclusive.
        var greatest: Double?
        /// Whether the least itself is too little.
        var excludesLeast = false
        /// Whether the greatest itself is too much.
        var excludesGreatest = false
    }

    /// Schemas that a value must fit, or must not.
    struct Combination: Hashable {
        /// How many of them.
        let rule: SchemaProblem.Combination
        /// Which.
        let schemas: [StructuralSchema]
    }

    /// Reads a schema as a CRD has it under `openAPIV3Schema`, or any part of one; what it does not know it skips.
    public init(_ schema: JSONValue) {
        self.kind = Self.kind(of: schema)
        self.isNullable = schema["nullable"]?.bool ?? false
        self.standard = schema["default"]
        self.choices = schema["enum"]?.array
        var properties = schema["properties"]?.object ?? [:]
        if schema["x-kubernetes-embedded-resource"] == true {
            properties.merge(ObjectMetaSchema.properties) { said, _ in said }
        }
        self.properties = properties.mapValues(StructuralSchema.init)
        self.required = schema["required"]?.array?.compactMap(\.string) ?? []
        self.others = Self.others(of: schema)
        self.isAtomic = schema["x-kubernetes-map-type"] == "atomic"
        self.members = Limits(least: schema["minProperties"]?.double, greatest: schema["maxProperties"]?.double)
        self.items = (schema["items"].map { [StructuralSchema($0)] }) ?? []
        self.listing = Self.listing(of: schema)
        self.count = Limits(least: schema["minItems"]?.double, greatest: schema["maxItems"]?.double)
        self.length = Limits(least: schema["minLength"]?.double, greatest: schema["maxLength"]?.double)
        self.pattern = schema["pattern"]?.string
        self.range = Limits(
            least: schema["minimum"]?.double,
            greatest: schema["maximum"]?.double,
            excludesLeast: schema["exclusiveMinimum"]?.bool ?? false,
            excludesGreatest: schema["exclusiveMaximum"]?.bool ?? false
        )
        self.format = schema["format"]?.string
        self.combinations = SchemaProblem.Combination.allCases.compactMap { rule in
            guard let said = schema[rule.rawValue] else { return nil }
            return Combination(rule: rule, schemas: (said.array ?? [said]).map(StructuralSchema.init))
        }
    }

    /// The schema of a whole object: `apiVersion`, `kind` and `metadata` are the API server's own, whatever a CRD says
    /// of them.
    public static func ofObject(_ schema: JSONValue) -> StructuralSchema {
        var schema = schema
        for (name, property) in ObjectMetaSchema.properties { schema[path: "properties", name] = property }
        return StructuralSchema(schema)
    }

    /// What values a schema is for.
    private static func kind(of schema: JSONValue) -> Kind {
        if schema["x-kubernetes-int-or-string"] == true { return .integerOrString }
        return switch schema["type"]?.string {
        case "object": .object
        case "array": .array
        case "string": .string
        case "integer": .integer
        case "number": .number
        case "boolean": .boolean
        default: .any
        }
    }

    /// What becomes of members that are not listed.
    private static func others(of schema: JSONValue) -> Others {
        if schema["x-kubernetes-preserve-unknown-fields"] == true { return .kept }
        switch schema["additionalProperties"] {
        case .bool(true)?: return .kept
        case .object(let members)?: return .checked(StructuralSchema(.object(members)))
        default: return .dropped
        }
    }

    /// How elements are told apart.
    private static func listing(of schema: JSONValue) -> Listing {
        switch schema["x-kubernetes-list-type"]?.string {
        case "set": .set
        case "map": .map(keys: schema["x-kubernetes-list-map-keys"]?.array?.compactMap(\.string) ?? [])
        default: .atomic
        }
    }
}
