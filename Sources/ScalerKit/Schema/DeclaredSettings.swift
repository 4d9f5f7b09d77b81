internal import Foundation

/// What a manifest alone tells of a trigger's settings, before any Secret or environment is read.
public struct DeclaredSettings: Sendable, Hashable {
    /// What is known of the parameters that the trigger's authentication gives.
    public enum Parameters: Sendable, Hashable {
        /// There is no authentication.
        case none
        /// It gives these, with values that are not known.
        case named(Set<String>)
        /// It may give any.
        case unknown
    }

    /// The trigger's metadata.
    public var metadata: [String: String]
    /// Keys of metadata that are given with a value that cannot be used; no more is to be said of those settings.
    public var unreadable: Set<String>
    /// What the trigger's authentication gives.
    public var authentication: Parameters

    /// Gathers what is known.
    public init(
        metadata: [String: String],
        unreadable: Set<String> = [],
        authentication: Parameters = .none
    ) {
        self.metadata = metadata
        self.unreadable = unreadable
        self.authentication = authentication
    }

    /// What can be told of one setting.
    enum Knowledge: Equatable {
        /// It is not given.
        case absent
        /// It is given, or may be, with a value that is not known.
        case unknown
        /// Its text, trimmed, and the key of metadata that has it.
        case known(String, key: String)
    }

    /// Looks a setting up in the order in which ``SettingTexts`` does.
    func find(_ field: some AnyField) -> Knowledge {
        for source in field.sources {
            for name in field.names {
                switch source {
                case .metadata:
                    if unreadable.contains(name) { return .unknown }
                    if let text = text(name) { return .known(text, key: name) }
                case .environment:
                    let key = name + "FromEnv"
                    if unreadable.contains(key) || text(key) != nil { return .unknown }
                case .authentication:
                    switch authentication {
                    case .none: break
                    case .named(let names): if names.contains(name) { return .unknown }
                    case .unknown: return .unknown
                    }
                }
            }
        }
        return .absent
    }

    /// A text of metadata, trimmed; empty texts count as absent.
    private func text(_ key: String) -> String? {
        guard let text = metadata[key]?.trimmingCharacters(in: .whitespacesAndNewlines), !text.isEmpty else {
            return nil
        }
        return text
    }
}

extension ScalerRegistry {
    /// What is certainly wrong with a trigger's settings.
    ///
    /// Each setting that is known is checked. What spans settings is checked only when all of them are known, for the
    /// scaler then sees what it will see when it runs.
    ///
    /// - Parameters:
    ///   - type: the trigger's; nothing is said of a type that is not here.
    ///   - declared: what its manifest tells.
    ///   - feedsFormula: whether the trigger only feeds a formula.
    ///   - metricType: the trigger's own.
    /// - Returns: problems whose field is the key of metadata that is wrong, or the name of what is missing;
    ///   `metricType` where that is wrong.
    public func problems(
        of type: String,
        in declared: DeclaredSettings,
        feedsFormula: Bool = false,
        metricType: String? = nil
    ) -> [SettingsError.Problem] {
        guard let scaler = self[type] else { return [] }
        var problems: [SettingsError.Problem] = []
        var isAllKnown = true
        for field in scaler.schema.fields {
            switch declared.find(field) {
            case .absent where field.isRequired: problems.append(.missing(field))
            case .absent: break
            case .unknown: isAllKnown = false
            case .known(let text, let key):
                guard let message = field.problem(with: text) else { continue }
                problems.append(.init(field: key, message: "parameter \"\(key)\" \(message)"))
            }
        }
        guard problems.isEmpty, isAllKnown else { return problems }
        do {
            let texts = SettingTexts(metadata: declared.metadata)
            _ = try scaler.init(
                ScalerSettings(scaler.schema, texts, feedsFormula: feedsFormula, metricType: metricType)
            )
            return []
        } catch let error as SettingsError {
            return error.problems
        } catch {
            return [.init(field: "", message: "\(error)")]
        }
    }
}
