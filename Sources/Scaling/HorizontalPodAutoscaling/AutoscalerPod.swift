public import Foundation

/// What an autoscaler looks at in one pod.
public struct AutoscalerPod: Hashable, Sendable {
    /// A pod's `status.phase`.
    public enum Phase: String, Hashable, Sendable {
        /// Not all containers run yet.
        case pending = "Pending"
        /// Bound to a node, with containers running.
        case running = "Running"
        /// All containers ended well.
        case succeeded = "Succeeded"
        /// A container ended badly.
        case failed = "Failed"
        /// Its node is out of reach.
        case unknown = "Unknown"
    }

    /// The pod's condition of type Ready.
    public struct Readiness: Hashable, Sendable {
        /// Whether it is ready; nil for the status `Unknown`.
        public var isReady: Bool?
        /// When that last changed.
        public var since: Date

        /// Makes a condition.
        public init(isReady: Bool?, since: Date) {
            self.isReady = isReady
            self.since = since
        }
    }

    /// A container that runs for the pod's whole life: a plain one, or an init container that restarts always.
    public struct Container: Hashable, Sendable {
        /// The container's name.
        public var name: String
        /// What it requests, in milli-units by resource name.
        public var requests: [String: Int64]

        /// Makes a container.
        public init(name: String, requests: [String: Int64] = [:]) {
            self.name = name
            self.requests = requests
        }
    }

    /// The pod's name, which samples refer to.
    public var name: String

    /// Where it is in its life.
    public var phase: Phase

    /// Whether its deletion has begun.
    public var isTerminating: Bool

    /// Whether it is ready, or nil if nobody has said so yet.
    public var readiness: Readiness?

    /// When its node took it, or nil.
    public var startTime: Date?

    /// Its lasting containers.
    public var containers: [Container]

    /// The pod's own requests, which count instead of its containers' where set (Kubernetes 1.34).
    public var ownRequests: [String: Int64]?

    /// Makes a pod; running, and neither ready nor started unless said.
    public init(
        name: String,
        phase: Phase = .running,
        isTerminating: Bool = false,
        readiness: Readiness? = nil,
        startTime: Date? = nil,
        containers: [Container] = [],
        ownRequests: [String: Int64]? = nil
    ) {
        self.name = name
        self.phase = phase
        self.isTerminating = isTerminating
        self.readiness = readiness
        self.startTime = startTime
        self.containers = containers
        self.ownRequests = ownRequests
    }

    /// Whether it counts as running and ready.
    var isReady: Bool { phase == .running && readiness?.isReady == true }

    /// What the pod, or one of its containers, requests of a resource, in milli-units.
    ///
    /// - Throws: `AutoscalerFailure` if a container that counts does not say, or if there is no such container.
    /// - Source: `replica_calculator.go`, `calculateRequests`.
    func request(of resource: String, container: String?) throws(AutoscalerFailure) -> Int64 {
        if let container {
            guard let found = containers.first(where: { $0.name == container }) else {
                throw AutoscalerFailure("pod \(name) has no container \(container)")
            }
            return try request(of: resource, in: found)
        }
        if let ownRequests {
            let inContainers = containers.compactMap { $0.requests[resource] }
            if let own = ownRequests[resource] { return own }
            guard !inContainers.isEmpty else { throw AutoscalerFailure("pod \(name) requests no \(resource)") }
            return inContainers.reduce(0, saturatingSum)
        }
        var total: Int64 = 0
        for container in containers { total = saturatingSum(total, try request(of: resource, in: container)) }
        return total
    }

    /// What one container requests.
    private func request(of resource: String, in container: Container) throws(AutoscalerFailure) -> Int64 {
        if let request = container.requests[resource] { return request }
        throw AutoscalerFailure("container \(container.name) of pod \(name) requests no \(resource)")
    }
}
