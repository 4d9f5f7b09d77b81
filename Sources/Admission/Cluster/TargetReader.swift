public import KubeModel

/// What the rules need to know of a cluster beyond who else targets a workload.
public protocol TargetReader: Sendable {
    /// Whether the API server serves a kind.
    ///
    /// - Throws: what keeps it from telling.
    func serves(_ kind: String, in version: GroupVersion) async throws -> Bool

    /// A workload as it is stored; `nil` when it is not there.
    ///
    /// - Throws: what keeps it from reading.
    func workload(_ type: ResourceType, _ key: ObjectKey) async throws -> JSONValue?

    /// The LimitRanges of a namespace.
    ///
    /// - Throws: what keeps it from reading.
    func limitRanges(in namespace: String) async throws -> [JSONValue]
}
