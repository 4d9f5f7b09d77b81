public import ScalerKit

extension ScalerRegistry {
    /// Every trigger type that Swell has.
    public static let builtIn = ScalerRegistry([
        CPUScaler.self,
        CronScaler.self,
        EtcdScaler.self,
        KubernetesResourceScaler.self,
        KubernetesWorkloadScaler.self,
        MemoryScaler.self,
        PostgreSQLScaler.self,
        PrometheusScaler.self,
    ])
}
