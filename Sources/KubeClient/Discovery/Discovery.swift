public import KubeModel
public import Outbound
import Synchronization

/// A kind as this API server serves it.
public struct ServedKind: Sendable, Hashable {
    /// What it is and where.
    public var type: ResourceType
    /// Whether it has a `/scale` subresource.
    public var hasScale: Bool

    /// Makes a served kind.
    public init(type: ResourceType, hasScale: Bool) {
        self.type = type
        self.hasScale = hasScale
    }
}

/// Finds out what kinds the API server serves, and remembers it for a while.
///
/// A kind that is not among what is remembered is looked for anew, so that a CRD just installed is found at once; but
/// not more often than every few seconds for one group and version.
public final class Discovery: Sendable {
    /// What one group and version serves, and when we asked, by uptime.
    private struct Page {
        /// Empty when the server does not know the group and version.
        let kinds: [String: ServedKind]
        /// When we asked.
        let read: Duration
    }

    /// How long an answer is taken as it is.
    private let lifetime: Duration
    /// How long it is believed that a kind is missing.
    private let missLifetime: Duration
    /// Who asks.
    private let client: KubeClient
    /// The clocks.
    private let time: TimeSource
    /// What was answered.
    private let pages = Mutex<[GroupVersion: Page]>([:])
    /// The most groups and versions remembered; kinds are named by users.
    private static let capacity = 200

    /// Nothing is asked yet.
    public init(
        _ client: KubeClient,
        time: TimeSource = .system,
        lifetime: Duration = .seconds(600),
        missLifetime: Duration = .seconds(5)
    ) {
        self.client = client
        self.time = time
        self.lifetime = lifetime
        self.missLifetime = missLifetime
    }

    /// Where a kind is served and whether it scales.
    ///
    /// `Deployment` and `StatefulSet` are known without asking, whatever their group.
    ///
    /// - Parameters:
    ///   - kind: such as `Rollout`.
    ///   - version: its group and version.
    /// - Returns: where it is; never guessed, but for the two built-in kinds.
    /// - Throws: ``KubeError``; `.notFound` when the server does not serve the kind.
    /// - Source: KEDA, `pkg/scaling/resolver` and `controllers/keda/scaledobject_controller.go`.
    public func kind(_ kind: String, in version: GroupVersion) async throws(KubeError) -> ServedKind {
        switch kind {
        case "Deployment": return Self.builtIn(kind, "deployments", version)
        case "StatefulSet": return Self.builtIn(kind, "statefulsets", version)
        default: break
        }
        if let page = remembered(version) {
            if let found = page.kinds[kind] { return found }
            if time.uptime() - page.read < missLifetime { throw Self.missing(kind, version) }
        }
        guard let found = try await read(version).kinds[kind] else { throw Self.missing(kind, version) }
        return found
    }

    /// The HorizontalPodAutoscaler in the newest version that the server has of `v2` and `v2beta2`.
    ///
    /// - Throws: ``KubeError``; `.notFound` when it has neither.
    public func horizontalPodAutoscaler() async throws(KubeError) -> ResourceType {
        let types = [HorizontalPodAutoscaler.resourceType, HorizontalPodAutoscaler.betaResourceType]
        for type in types {
            do {
                return try await kind(type.kind, in: type.groupVersion).type
            } catch  where error.isNotFound {
                continue
            }
        }
        throw KubeError(.notFound, "the API server has neither autoscaling/v2 nor autoscaling/v2beta2")
    }

    /// A page that is not too old.
    private func remembered(_ version: GroupVersion) -> Page? {
        let now = time.uptime()
        return pages.withLock { $0[version].flatMap { now - $0.read < lifetime ? $0 : nil } }
    }

    /// Asks the server; that it does not know the group and version is an answer too.
    private func read(_ version: GroupVersion) async throws(KubeError) -> Page {
        let path = version.group.isEmpty ? ["api", version.version] : ["apis", version.group, version.version]
        var kinds: [String: ServedKind] = [:]
        do {
            kinds = try await client.answer(to: KubeRequest(.get, path: path), as: APIResourceList.self)
                .kinds(in: version)
        } catch  where error.isNotFound {
            kinds = [:]
        }
        let page = Page(kinds: kinds, read: time.uptime())
        pages.withLock { pages in
            if pages.count >= Self.capacity, let oldest = pages.min(by: { $0.value.read < $1.value.read })?.key {
                pages[oldest] = nil
            }
            pages[version] = page
        }
        return page
    }

    /// A kind that is known without asking.
    private static func builtIn(_ kind: String, _ plural: String, _ version: GroupVersion) -> ServedKind {
        ServedKind(type: ResourceType(version, kind: kind, plural: plural), hasScale: true)
    }

    /// What to say of a kind that is not served.
    private static func missing(_ kind: String, _ version: GroupVersion) -> KubeError {
        KubeError(.notFound, "the API server has no kind \(kind) in \(version); is its CRD installed?")
    }
}

extension APIResourceList {
    /// The kinds of a group and version by name, each with whether it has a `/scale`.
    fileprivate func kinds(in version: GroupVersion) -> [String: ServedKind] {
        let scalable = Set(resources.filter { $0.name.hasSuffix("/scale") }.map { $0.name.dropLast("/scale".count) })
        var kinds: [String: ServedKind] = [:]
        for resource in resources where !resource.name.contains("/") {
            kinds[resource.kind] = ServedKind(
                type: ResourceType(
                    version,
                    kind: resource.kind,
                    plural: resource.name,
                    isNamespaced: resource.namespaced
                ),
                hasScale: scalable.contains(Substring(resource.name))
            )
        }
        return kinds
    }
}
