internal import Outbound

extension ScalerRegistry {
    /// A trigger that was built without its secrets: good for what it measures, not for reading.
    public struct Dry: Sendable {
        /// The scaler.
        public let scaler: any Scaler
        /// The trigger is active above this.
        public let activation: Double
    }

    /// Builds the scaler of a trigger from its manifest alone; settings with values that are not known get others.
    ///
    /// - Parameters:
    ///   - type: the trigger's.
    ///   - declared: what its manifest tells.
    ///   - feedsFormula: whether the trigger only feeds a formula.
    ///   - metricType: the trigger's own.
    /// - Returns: the scaler, and where activity begins: the setting whose name starts with `activation`, as all of
    ///   KEDA's do, or 0.
    /// - Throws: ``SettingsError``.
    public func makeDry(
        _ type: String,
        _ declared: DeclaredSettings,
        feedsFormula: Bool = false,
        metricType: String? = nil
    ) throws -> Dry {
        let schema = self[type]?.schema
        let texts = schema.map(declared.texts) ?? SettingTexts(metadata: declared.metadata)
        let scaler = try make(type, texts, feedsFormula: feedsFormula, metricType: metricType)
        let field = schema?.fields.first { $0.names[0].hasPrefix("activation") }
        guard let schema, let field else { return Dry(scaler: scaler, activation: 0) }
        let settings = try ScalerSettings(schema, texts, feedsFormula: feedsFormula, metricType: metricType)
        let activation: Double
        if let number = field as? Field<Double> {
            activation = try settings[number]
        } else if let number = field as? Field<Int> {
            activation = Double(try settings[number])
        } else {
            throw SettingsError(field.names[0], "parameter \"\(field.names[0])\" is no plain number")
        }
        return Dry(scaler: scaler, activation: activation)
    }
}

extension DeclaredSettings {
    /// The known texts, and stand-ins for those that are given by an environment or an authentication.
    ///
    /// What an authentication that is not at hand may give stands in only where the setting must be there.
    func texts(for schema: ScalerSchema) -> SettingTexts {
        var texts = SettingTexts(metadata: metadata)
        for field in schema.fields where find(field) == .unknown {
            guard let text = Self.standIn(for: field) else { continue }
            for name in field.names {
                if let variable = metadata[name + "FromEnv"] { texts.environment[variable] = .init(text) }
            }
            switch authentication {
            case .none: break
            case .named(let names):
                for name in field.names where names.contains(name) { texts.authentication[name] = .init(text) }
            case .unknown:
                if field.isRequired { texts.authentication[field.names[0]] = .init(text) }
            }
        }
        return texts
    }

    /// A text that a setting takes; `nil` if none that comes to mind is one.
    private static func standIn(for field: some AnyField) -> String? {
        let choices = field.typeName.split(separator: "|").map(String.init)
        return (["unknown", "1", "1s", "true", "http://unknown.invalid", "k=v"] + choices)
            .first { field.problem(with: $0) == nil }
    }
}
