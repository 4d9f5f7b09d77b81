internal import Scaling

/// The trigger types there are.
public struct ScalerRegistry: Sendable {
    /// By type.
    private let scalers: [String: any Scaler.Type]

    /// Takes scalers; of two with one type the last one counts.
    public init(_ scalers: [any Scaler.Type]) {
        self.scalers = Dictionary(scalers.map { ($0.schema.type, $0) }) { $1 }
    }

    /// The scaler of a type.
    public subscript(type: String) -> (any Scaler.Type)? { scalers[type] }

    /// All types, in order.
    public var types: [String] { scalers.keys.sorted() }

    /// Builds the scaler of a trigger.
    ///
    /// - Parameters:
    ///   - type: the trigger's.
    ///   - texts: where its settings come from.
    ///   - feedsFormula: whether the trigger only feeds a formula.
    ///   - metricType: the trigger's own.
    /// - Returns: the scaler.
    /// - Throws: ``SettingsError``; for a type that does not exist it names the nearest one that does.
    public func make(
        _ type: String,
        _ texts: SettingTexts,
        feedsFormula: Bool = false,
        metricType: String? = nil
    ) throws -> any Scaler {
        guard let scaler = scalers[type] else { throw SettingsError("type", unknownType(type)) }
        return try scaler.init(
            ScalerSettings(scaler.schema, texts, feedsFormula: feedsFormula, metricType: metricType)
        )
    }

    /// What to say of a type that is not here.
    ///
    /// - Source: KEDA's text is "no scaler found for type: X".
    public func unknownType(_ type: String) -> String {
        let hint = NearestName.find(type, among: types).map { ", did you mean \"\($0)\"?" } ?? ""
        return "no scaler found for type: \(type)\(hint)"
    }
}
