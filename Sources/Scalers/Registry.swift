public import ScalerKit

extension ScalerRegistry {
    /// Every trigger type that Swell has.
    public static let builtIn = ScalerRegistry([
        CronScaler.self,
        PostgreSQLScaler.self,
        PrometheusScaler.self,
    ])
}
