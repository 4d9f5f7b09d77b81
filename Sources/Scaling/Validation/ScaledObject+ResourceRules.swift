public import KubeModel

/// Of a container: for which resources it requests something, or is limited.
public struct ContainerResources: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// Such as `cpu` and `memory`.
    public let resources: Set<String>

    /// Makes facts.
    public init(_ name: String, _ resources: Set<String>) {
        self.name = name
        self.resources = resources
    }

    /// The containers of a workload's pods; none for what has no pods.
    ///
    /// Init and ephemeral containers do not count.
    public static func all(of workload: JSONValue) -> [ContainerResources] {
        (workload[path: "spec", "template", "spec", "containers"]?.array ?? [])
            .map { container in
                let given = container["resources"]
                return ContainerResources(
                    container["name"]?.string ?? "",
                    positive(given?["requests"]).union(positive(given?["limits"]))
                )
            }
    }

    /// The resources for which a LimitRange of a namespace gives containers a default.
    public static func defaults(in limitRanges: [JSONValue]) -> Set<String> {
        limitRanges.flatMap { $0[path: "spec", "limits"]?.array ?? [] }.filter { $0["type"] == "Container" }
            .reduce(into: []) { $0.formUnion(positive($1["default"]).union(positive($1["defaultRequest"]))) }
    }

    /// The keys whose quantity is greater than 0.
    private static func positive(_ list: JSONValue?) -> Set<String> {
        Set((list?.object ?? [:]).filter { (quantity($1) ?? Quantity(0)) > Quantity(0) }.keys)
    }

    /// A quantity as the API server writes it: a text, in some old objects a number.
    private static func quantity(_ value: JSONValue) -> Quantity? {
        value.string.flatMap { Quantity(parsing: $0) } ?? value.double.flatMap { Quantity(rounding: $0) }
    }
}

extension ScaledObject {
    /// Whether the rules on cpu and memory concern the object: it has such a trigger, and its target is of a kind whose
    /// pods KEDA looks at.
    ///
    /// - Source: KEDA, `apis/keda/v1alpha1/scaledobject_webhook.go`, `verifyCPUMemoryScalers`.
    public var needsRequests: Bool {
        let kind = WorkloadIdentity(spec.scaleTargetRef).qualifiedKind
        return ["apps/v1.Deployment", "apps/v1.StatefulSet"].contains(kind)
            && spec.triggers.contains(where: \.isResource)
    }

    /// Containers without which cpu or memory cannot be told in percent.
    ///
    /// - Parameters:
    ///   - containers: of the target's pods.
    ///   - defaults: what the namespace gives to containers that ask for nothing.
    /// - Returns: one problem for each trigger and container.
    public func requestProblems(_ containers: [ContainerResources], defaults: Set<String>) -> [SpecProblem] {
        guard needsRequests else { return [] }
        return spec.triggers.enumerated().filter { $1.isResource && !defaults.contains($1.type) }
            .flatMap { index, trigger in
                let only = trigger.metadata["containerName"] ?? ""
                return containers.filter { (only.isEmpty || $0.name == only) && !$0.resources.contains(trigger.type) }
                    .map { container in
                        SpecProblem(
                            "spec.triggers[\(index)]",
                            "the scaledobject has a \(trigger.type) trigger but the container \(container.name) doesn't "
                                + "have the \(trigger.type) request defined",
                            .requests
                        )
                    }
            }
    }

    /// That nothing would ever wake the target: a workload without pods uses neither cpu nor memory.
    public var scaleToZeroProblems: [SpecProblem] {
        guard needsRequests, spec.triggers.allSatisfy(\.isResource), (spec.minReplicaCount ?? 0) == 0 else { return [] }
        return [
            SpecProblem(
                "spec.minReplicaCount",
                "scaledobject has only cpu/memory triggers AND minReplica is 0 (scale to zero doesn't work in this case)",
                .scaleToZero
            )
        ]
    }
}
