public import KubeClient
public import KubeModel
public import Outbound

/// Reads from the API server each time, so that a workload made just before its ScaledObject is seen.
public struct ClusterTargetReader: TargetReader {
    /// Who asks.
    private let client: KubeClient
    /// What the API server serves.
    private let discovery: Discovery
    /// How long one read may take: the API server behind the question waits 10 s for all of them.
    private static let deadline = Duration.seconds(3)

    /// Makes a reader.
    public init(_ client: KubeClient, time: TimeSource = .system) {
        self.client = client
        self.discovery = Discovery(client, time: time)
    }

    /// See ``TargetReader``.
    public func serves(_ kind: String, in version: GroupVersion) async throws -> Bool {
        do {
            _ = try await discovery.kind(kind, in: version)
            return true
        } catch {
            guard error.isNotFound else { throw error }
            return false
        }
    }

    /// See ``TargetReader``.
    public func workload(_ type: ResourceType, _ key: ObjectKey) async throws -> JSONValue? {
        do {
            return try await client.answer(to: .get(type, key), within: Self.deadline)
        } catch {
            guard error.isNotFound else { throw error }
            return nil
        }
    }

    /// See ``TargetReader``.
    public func limitRanges(in namespace: String) async throws -> [JSONValue] {
        let type = ResourceType(GroupVersion("", "v1"), kind: "LimitRange", plural: "limitranges")
        let list: JSONValue = try await client.answer(to: .list(type, in: namespace), within: Self.deadline)
        return list["items"]?.array ?? []
    }
}
