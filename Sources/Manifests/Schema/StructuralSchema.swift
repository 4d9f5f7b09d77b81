public import KubeModel

/// What a CustomResourceDefinition says of its objects: the part of OpenAPI v3 that structural schemas use.
///
/// `anyOf`, `allOf`, `oneOf` and `not` are not read: our own CRDs use `anyOf` only in the pattern that
/// `x-kubernetes-int-or-string` asks for, and says the same.
///
/// - Source: Kubernetes, "Extend the Kubernetes API with CustomResourceDefinitions", specifying a structural schema.
public struct StructuralSchema: Sendable, Hashable {
    /// What a value may be.
    enum Kind: Hashable {
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
    indirect enum Others: Hashable {
        /// The API server drops them.
        case dropped
        /// They are kept, whatever they are.
        case kept
        /// They are kept, and must fit.
        case checked(StructuralSchema)
    }

    /// What a value may be.
    let kind: Kind
    /// Whether `null` is a value; else it counts as absent.
    let isNullable: Bool
    /// The only values allowed; `nil` allows all.
    let choices: [JSONValue]?
    /// Members of an object.
    let properties: [String: StructuralSchema]
    /// Members that must be there.
    let required: [String]
    /// Other members.
    let others: Others
    /// Elements of a list: one schema, or none when nothing is said of them.
    let items: [StructuralSchema]
    /// How many elements a list has.
    let count: Limits
    /// How many Unicode scalars a text has.
    let length: Limits
    /// What a text must match somewhere.
    let pattern: String?
    /// Between what a number lies.
    let range: Limits
    /// How wide a whole number may be: `int32` or `int64`.
    let format: String?

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

    /// Reads a schema as a CRD has it under `openAPIV3Schema`, or any part of one; what it does not know it skips.
    public init(_ schema: JSONValue) {
        self.kind = Self.kind(of: schema)
        self.isNullable = schema["nullable"]?.bool ?? false
        self.choices = schema["enum"]?.array
        self.properties = (schema["properties"]?.object ?? [:]).mapValues(StructuralSchema.init)
        self.required = schema["required"]?.array?.compactMap(\.string) ?? []
        self.others = Self.others(of: schema)
        self.items = (schema["items"].map { [StructuralSchema($0)] }) ?? []
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
}
