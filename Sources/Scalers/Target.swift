internal import KubeModel
internal import ScalerKit

/// Targets as scalers' settings give them.
enum Target {
    /// A target as an HPA takes it, to three decimals; it may be 0 or less only where a formula needs none.
    ///
    /// - Throws: ``SettingsError``, which names the setting.
    /// - Source: Kubernetes, `pkg/apis/autoscaling/validation`: targets must be positive.
    static func quantity(
        _ target: Double,
        of field: some AnyField,
        in settings: ScalerSettings
    ) throws(SettingsError) -> Quantity {
        guard let quantity = Quantity(rounding: target), settings.feedsFormula || quantity > Quantity(0) else {
            let name = field.names[0]
            throw SettingsError(name, "parameter \"\(name)\" must be at least 0.001 and fit a Kubernetes quantity")
        }
        return quantity
    }
}
