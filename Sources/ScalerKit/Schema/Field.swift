/// One setting of a trigger, declared once: how it is named, where it may stand, how its text is read.
///
/// What the schema, the webhook, `swell validate` and `swell explain trigger` know of a setting, they know from here.
public struct Field<Value: Sendable>: Sendable {
    /// The setting's name, then names that mean the same.
    public let names: [String]
    /// Where it may stand; the first place that has it counts.
    public let sources: [FieldSource]
    /// How its text is read.
    public let kind: FieldKind<Value>
    /// Whether it must be given.
    public let presence: Presence
    /// What it means, for people.
    public let help: String

    /// Whether a setting must be given.
    public enum Presence: Sendable {
        /// It must.
        case required
        /// It need not; what then counts, and how that is written.
        case optional(Value, written: String)
    }

    /// A setting that must be given.
    public init(
        _ name: String,
        or aliases: String...,
        from sources: [FieldSource] = [.metadata],
        _ kind: FieldKind<Value>,
        help: String
    ) {
        self.names = [name] + aliases
        self.sources = sources
        self.kind = kind
        self.presence = .required
        self.help = help
    }

    /// A setting with a default.
    public init(
        _ name: String,
        or aliases: String...,
        from sources: [FieldSource] = [.metadata],
        _ kind: FieldKind<Value>,
        default value: Value,
        help: String
    ) {
        self.names = [name] + aliases
        self.sources = sources
        self.kind = kind
        self.presence = .optional(value, written: kind.write(value))
        self.help = help
    }

    /// A setting that may be absent, which is then `nil`.
    public static func optional<Wrapped: Sendable>(
        _ name: String,
        or aliases: String...,
        from sources: [FieldSource] = [.metadata],
        _ kind: FieldKind<Wrapped>,
        help: String
    ) -> Field<Value> where Value == Wrapped? {
        Field(names: [name] + aliases, sources: sources, kind: kind.asOptional, help: help)
    }

    /// See ``optional(_:or:from:_:help:)``.
    private init<Wrapped>(names: [String], sources: [FieldSource], kind: FieldKind<Value>, help: String)
    where Value == Wrapped? {
        self.names = names
        self.sources = sources
        self.kind = kind
        self.presence = .optional(nil, written: "")
        self.help = help
    }

    /// The setting's name.
    public var name: String { names[0] }
}

/// Where a setting may stand.
public enum FieldSource: String, Sendable, Hashable {
    /// `metadata.<name>` of the trigger.
    case metadata = "triggerMetadata"
    /// The target's environment variable that `metadata.<name>FromEnv` names.
    case environment = "resolvedEnv"
    /// A parameter of the trigger's authentication.
    case authentication = "authParams"
}

/// A setting without its type, for lists of settings.
public protocol AnyField: Sendable {
    /// The setting's name, then names that mean the same.
    var names: [String] { get }
    /// Where it may stand.
    var sources: [FieldSource] { get }
    /// What it means.
    var help: String { get }
    /// What its text must be, such as `integer`.
    var typeName: String { get }
    /// Whether it must be given.
    var isRequired: Bool { get }
    /// How its default is written; `nil` where there is none.
    var defaultText: String? { get }
    /// Whether its value is a secret.
    var isSecret: Bool { get }
    /// What is wrong with a text; `nil` if nothing is.
    func problem(with text: String) -> String?
}

extension Field: AnyField {
    /// See ``FieldKind/name``.
    public var typeName: String { kind.name }

    /// Whether it has neither a default nor may be absent.
    public var isRequired: Bool {
        switch presence {
        case .required: true
        case .optional: false
        }
    }

    /// How the default is written.
    public var defaultText: String? {
        switch presence {
        case .required: nil
        case .optional(_, let written): written.isEmpty ? nil : written
        }
    }

    /// See ``FieldKind/isSecret``.
    public var isSecret: Bool { kind.isSecret }

    /// What is wrong with a text.
    public func problem(with text: String) -> String? {
        do throws(FieldProblem) {
            _ = try kind.parse(text)
            return nil
        } catch {
            return error.message
        }
    }
}
