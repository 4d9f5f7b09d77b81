/// The part of a pod template that feeds `…FromEnv`: containers and where their environment comes from.
public struct PodTemplate: Codable, Sendable, Hashable {
    /// The pods' labels.
    public var metadata: TemplateMeta?
    /// The pods' spec.
    public var spec: PodSpec?

    /// A template's metadata.
    public struct TemplateMeta: Codable, Sendable, Hashable {
        /// Absent is the same as empty.
        public var labels: [String: String]?
    }

    /// The part of a pod's spec that we use.
    public struct PodSpec: Codable, Sendable, Hashable {
        /// In the order of the manifest; init and ephemeral containers are not among them.
        public var containers: [Container]
        /// As which account the pods run.
        public var serviceAccountName: String?
    }

    /// One container.
    public struct Container: Codable, Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Whole maps taken over as variables, in order.
        public var envFrom: [EnvironmentSource]?
        /// Single variables, in order; they win over `envFrom`.
        public var env: [EnvironmentVariable]?
    }

    /// One variable.
    public struct EnvironmentVariable: Codable, Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its value, with `$(NAME)` not yet expanded.
        public var value: String?
        /// Where its value comes from instead.
        public var valueFrom: ValueSource?
    }

    /// Where one value comes from.
    ///
    /// Sources not listed here (fields, resources) leave all members `nil`.
    public struct ValueSource: Codable, Sendable, Hashable {
        /// A key of a Secret.
        public var secretKeyRef: KeyReference?
        /// A key of a ConfigMap.
        public var configMapKeyRef: KeyReference?
    }

    /// A key of an object in the same namespace.
    public struct KeyReference: Codable, Sendable, Hashable {
        /// The object.
        public var name: String
        /// Its key.
        public var key: String
        /// Whether its absence is fine.
        public var optional: Bool?
    }

    /// Where a whole map of variables comes from.
    public struct EnvironmentSource: Codable, Sendable, Hashable {
        /// Put before each name.
        public var prefix: String?
        /// All keys of a ConfigMap.
        public var configMapRef: ObjectReference?
        /// All keys of a Secret.
        public var secretRef: ObjectReference?
    }

    /// An object in the same namespace.
    public struct ObjectReference: Codable, Sendable, Hashable {
        /// The object.
        public var name: String
        /// Whether its absence is fine.
        public var optional: Bool?
    }
}

/// Anything whose pods come from `spec.template`, read through whichever kind has it.
public struct ScalableWorkload: Codable, Sendable, Hashable {
    /// Name, labels and so on.
    public var metadata: ObjectMeta
    /// Absent in kinds without one.
    public var spec: Spec?

    /// The part of a workload's spec that we use.
    public struct Spec: Codable, Sendable, Hashable {
        /// Absent in kinds that keep it elsewhere.
        public var replicas: Int?
        /// Absent in kinds without pods.
        public var template: PodTemplate?
    }
}
