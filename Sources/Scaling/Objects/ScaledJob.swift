public import KubeModel

/// A `keda.sh/v1alpha1` ScaledJob, as far as it concerns an operator that does not run it.
public struct ScaledJob: KubeResource, Hashable {
    /// `keda.sh/v1alpha1` ScaledJob.
    public static let resourceType = ResourceType(
        GroupVersion("keda.sh", "v1alpha1"),
        kind: "ScaledJob",
        plural: "scaledjobs"
    )
    /// Name, namespace and so on.
    public var metadata: ObjectMeta
    /// What the user wants.
    public var spec: Spec
    /// What was found; it has its conditions, the only part looked at, in common with ScaledObjects.
    public var status: ScaledObjectStatus?

    /// What a user wants.
    public struct Spec: Codable, Sendable, Hashable {
        /// At least one.
        public var triggers: [Trigger]

        /// Makes a spec.
        public init(triggers: [Trigger]) { self.triggers = triggers }
    }

    /// One source, of which only its authentication is looked at.
    public struct Trigger: Codable, Sendable, Hashable {
        /// Where its secrets come from.
        public var authenticationRef: ScaledObject.AuthenticationRef?

        /// Makes a trigger.
        public init(authenticationRef: ScaledObject.AuthenticationRef?) { self.authenticationRef = authenticationRef }
    }

    /// Makes a ScaledJob.
    public init(metadata: ObjectMeta, spec: Spec, status: ScaledObjectStatus? = nil) {
        self.metadata = metadata
        self.spec = spec
        self.status = status
    }

    /// What people are told of every ScaledJob.
    public static let notSupported = """
        Swell does not run ScaledJobs yet: no Jobs are created for this one. \
        Scale a Deployment by a ScaledObject instead, or keep KEDA on this cluster for now
        """

    /// The status that says so; equal to the present one where that says it already.
    ///
    /// - Source: KEDA, `controllers/keda/scaledjob_controller.go`, for the conditions of an object that cannot be used.
    public var statusNotSupported: ScaledObjectStatus {
        var status = self.status ?? ScaledObjectStatus()
        status.initialiseConditions()
        status[.ready] = .init(.ready, .no, reason: "NotSupported", message: Self.notSupported)
        status[.active] = .init(.active, .unknown, reason: "UnknownState", message: "ScaledJob check failed")
        return status
    }
}
