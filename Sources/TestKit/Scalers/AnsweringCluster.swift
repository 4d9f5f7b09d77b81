public import Outbound
public import ScalerKit

/// A cluster that answers every question from closures.
public struct AnsweringCluster: ClusterReader {
    /// Counts pods.
    private let pods: @Sendable (PodQuery) throws -> PodCount
    /// Reads ConfigMaps and Secrets.
    private let data: @Sendable (DataQuery) throws -> [String: Secret<String>]?

    /// Takes the closures.
    public init(
        pods: @escaping @Sendable (PodQuery) throws -> PodCount,
        data: @escaping @Sendable (DataQuery) throws -> [String: Secret<String>]?
    ) {
        self.pods = pods
        self.data = data
    }

    /// See `ClusterReader`.
    public func count(_ query: PodQuery) async throws -> PodCount { try pods(query) }

    /// See `ClusterReader`.
    public func data(_ query: DataQuery) async throws -> [String: Secret<String>]? { try data(query) }
}
