internal import KubeClient
internal import KubeModel
internal import Outbound
internal import ScalerKit

/// Reads for triggers through the operator's client, each time anew.
struct ClientClusterReader: ClusterReader {
    /// Who asks.
    let client: KubeClient

    /// How often a count begins anew when the server forgets its state on the way.
    private static let attempts = 3
    /// Pages of one count: a million pods and more.
    private static let pageLimit = 2000
    /// What leaves pods that have ended on the server.
    private static let live = "status.phase!=Succeeded,status.phase!=Failed"

    /// See ``ClusterReader``.
    func count(_ query: PodQuery) async throws -> PodCount {
        var attempt = 1
        while true {
            do {
                return try await countOnce(query)
            } catch let error as KubeError {
                guard error.isGone, attempt < Self.attempts else { throw Self.shown(error) }
                attempt += 1
            }
        }
    }

    /// Counts page by page.
    ///
    /// - Throws: `KubeError`; `.gone` when the server has forgotten the state that the first page showed.
    private func countOnce(_ query: PodQuery) async throws -> PodCount {
        var count = PodCount()
        var token: String?
        for _ in 0..<Self.pageLimit {
            let request = KubeRequest.list(
                Pod.resourceType,
                in: query.namespace,
                labels: query.labels,
                fields: Self.live,
                limit: client.settings.pageSize,
                continuing: token
            )
            let page = try await client.answer(to: request, as: PodPage.self, within: query.deadline)
            for pod in page.items ?? [] {
                count.pods += 1
                if let node = pod.spec?.nodeName, !node.isEmpty { count.nodes.insert(node) }
            }
            token = page.metadata.continue
            if token?.isEmpty ?? true { return count }
        }
        throw KubeError(.tooLarge, "there are too many pods to count; narrow the selector")
    }

    /// See ``ClusterReader``.
    ///
    /// Bytes of a Secret that are no UTF-8 are mended: no number is binary.
    func data(_ query: DataQuery) async throws -> [String: Secret<String>]? {
        do {
            switch query.kind {
            case .configMap:
                let object = try await get(ConfigMap.self, query)
                return (object.data ?? [:]).mapValues { Secret($0) }
            case .secret:
                let object = try await get(SecretObject.self, query)
                return (object.data ?? [:]).mapValues { Secret(String(decoding: $0, as: UTF8.self)) }
            }
        } catch let error as KubeError {
            guard error.isNotFound else { throw Self.shown(error) }
            return nil
        }
    }

    /// Reads an object within the time that the query has.
    private func get<R: KubeResource>(_ type: R.Type, _ query: DataQuery) async throws -> R {
        try await client.answer(to: .get(R.resourceType, query.object), within: query.deadline)
    }

    /// The client's error as one that scalers pass on.
    private static func shown(_ error: KubeError) -> OutboundError {
        let code: OutboundError.Code =
            switch error.code {
            case .cancelled: .cancelled
            case .timedOut: .timedOut
            case .unreachable: .cannotConnect
            case .unauthorized, .forbidden, .noCredentials: .unauthorized
            case .tooLarge: .tooLarge
            case .malformedAnswer: .malformedAnswer
            case .overloaded, .tooManyRequests: .overloaded
            case .invalidRequest, .invalidConfiguration: .invalidRequest
            case .notFound, .alreadyExists, .conflict, .gone, .invalid, .notLeading, .readOnly, .serverError, .rejected:
                .rejected
            }
        return OutboundError(
            code,
            error.description,
            detail: error.debugDescription,
            isRetryable: error.isRetryable
        )
    }
}

/// A page of pods, of which only what is counted is read.
private struct PodPage: Decodable {
    /// Where the list goes on.
    let metadata: ListMeta
    /// Absent, as Go writes it, where it is empty.
    let items: [SeenPod]?

    /// One pod.
    struct SeenPod: Decodable {
        /// Absent nowhere but in hand-made lists.
        let spec: Spec?
    }

    /// Where a pod runs.
    struct Spec: Decodable {
        /// Absent until it is scheduled.
        let nodeName: String?
    }
}
