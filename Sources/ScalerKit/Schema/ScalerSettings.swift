internal import Foundation
public import Outbound

/// The texts that a trigger's settings may come from.
public struct SettingTexts: Sendable, Hashable {
    /// The trigger's metadata.
    public var metadata: [String: String]
    /// The target's variables that metadata names with `…FromEnv`, by variable name.
    public var environment: [String: Secret<String>]
    /// What the trigger's authentication gives, by parameter.
    public var authentication: [String: Secret<String>]

    /// Gathers texts.
    public init(
        metadata: [String: String],
        environment: [String: Secret<String>] = [:],
        authentication: [String: Secret<String>] = [:]
    ) {
        self.metadata = metadata
        self.environment = environment
        self.authentication = authentication
    }

    /// The first place that has a setting, and its text there, trimmed; empty texts count as absent.
    ///
    /// In each source all names are tried before the next source.
    ///
    /// - Source: KEDA, `pkg/scalers/scalersconfig/typed_config.go`.
    func find(_ field: some AnyField) -> (source: FieldSource, text: Secret<String>)? {
        for source in field.sources {
            for name in field.names {
                let text =
                    switch source {
                    case .metadata: metadata[name].map { Secret($0) }
                    case .environment: metadata[name + "FromEnv"].flatMap { environment[$0] }
                    case .authentication: authentication[name]
                    }
                guard let trimmed = text?.map({ $0.trimmingCharacters(in: .whitespacesAndNewlines) }) else { continue }
                if !trimmed.withValue(\.isEmpty) { return (source, trimmed) }
            }
        }
        return nil
    }
}

/// The settings of one trigger, each checked by its field.
public struct ScalerSettings: Sendable {
    /// The checked texts.
    private let texts: SettingTexts
    /// Whether the trigger only feeds a formula, so that targets may be left out.
    public let feedsFormula: Bool
    /// `metricType` of the trigger; only cpu and memory read it, for all others the host does.
    public let metricType: String?

    /// Checks every setting of a schema.
    ///
    /// - Throws: ``SettingsError`` with all that is wrong, not only the first.
    public init(
        _ schema: ScalerSchema,
        _ texts: SettingTexts,
        feedsFormula: Bool = false,
        metricType: String? = nil
    ) throws(SettingsError) {
        let problems = schema.fields.compactMap { Self.problem(of: $0, in: texts) }
        guard problems.isEmpty else { throw SettingsError(type: schema.type, problems: problems) }
        self.texts = texts
        self.feedsFormula = feedsFormula
        self.metricType = metricType
    }

    /// What is wrong with one setting.
    private static func problem(of field: some AnyField, in texts: SettingTexts) -> SettingsError.Problem? {
        guard let (_, text) = texts.find(field) else {
            return field.isRequired ? .missing(field) : nil
        }
        return text.withValue(field.problem(with:))
            .map {
                .init(field: field.names[0], message: "parameter \"\(field.names[0])\" \($0)")
            }
    }

    /// The value of a setting, its default where it is absent.
    ///
    /// - Throws: ``SettingsError`` only for a field that is not in the schema these settings were checked against.
    public subscript<Value>(field: Field<Value>) -> Value {
        get throws(SettingsError) {
            guard let (_, text) = texts.find(field) else {
                switch field.presence {
                case .optional(let value, _): return value
                case .required:
                    throw SettingsError(field.name, "missing required parameter \"\(field.name)\"")
                }
            }
            do throws(FieldProblem) {
                return try text.withValue { text throws(FieldProblem) in try field.kind.parse(text) }
            } catch {
                throw SettingsError(field.name, "parameter \"\(field.name)\" \(error.message)")
            }
        }
    }

    /// Whether a setting is given anywhere.
    public func has(_ field: some AnyField) -> Bool {
        texts.find(field) != nil
    }
}

/// All that is wrong with a trigger's settings.
///
/// It never repeats a value: that may be a secret.
public struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One thing that is wrong.
    public struct Problem: Sendable, Hashable {
        /// The setting.
        public let field: String
        /// What is wrong with it, as a whole sentence.
        public let message: String

        /// A setting that must be given and is not.
        static func missing(_ field: some AnyField) -> Problem {
            let places = field.sources.map(\.rawValue).joined(separator: " ")
            return Problem(
                field: field.names[0],
                message: "missing required parameter \"\(field.names[0])\" in [\(places)]"
            )
        }
    }

    /// Which trigger type, if the schema found it.
    public let type: String
    /// At least one.
    public let problems: [Problem]

    /// Several problems that the schema found.
    init(type: String, problems: [Problem]) {
        self.type = type
        self.problems = problems
    }

    /// One problem that spans settings, found by a scaler.
    public init(_ field: String, _ message: String) {
        self.type = ""
        self.problems = [Problem(field: field, message: message)]
    }

    /// All problems in one line.
    public var description: String { problems.map(\.message).joined(separator: "; ") }
}
