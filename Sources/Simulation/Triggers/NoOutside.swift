internal import Foundation
internal import KubeModel
internal import Outbound
internal import ScalerKit

/// What a scaler reaches during a simulation: nothing.
struct NoOutside: HTTPTransport, SQLClient, ClusterReader {
    /// What every call comes to.
    private static let refusal = OutboundError(.closed, "a simulation asks no source")

    /// A world in which nothing answers.
    static func world(of object: ObjectKey, at now: Date) -> ScalerWorld {
        let nothing = NoOutside()
        return ScalerWorld(now: now, object: object, http: nothing, sql: nothing, cluster: nothing)
    }

    /// Refuses.
    func withResponse<Answer: Sendable>(
        to request: HTTPRequest,
        _ use: (HTTPResponseHead, HTTPBody) async throws -> Answer
    ) async throws -> Answer { throw Self.refusal }

    /// Refuses.
    func collect(_ request: HTTPRequest, upTo limit: Int) async throws -> HTTPResponse { throw Self.refusal }

    /// Refuses.
    func run(_ query: SQLQuery) async throws -> SQLResult { throw Self.refusal }

    /// Refuses.
    func count(_ query: PodQuery) async throws -> PodCount { throw Self.refusal }

    /// Refuses.
    func data(_ query: DataQuery) async throws -> [String: Secret<String>]? { throw Self.refusal }
}
