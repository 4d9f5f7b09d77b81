import KubeModel

/// The kinds that every cluster has.
///
/// To serve one more is one more entry here.
enum BuiltInKinds {
    /// All of them.
    static let all: [Kind] =
        [namespaces, pods, services, secrets, configMaps, serviceAccounts, events]
        + [deployments, replicaSets, statefulSets]
        + [leases, horizontalPodAutoscalers, customResourceDefinitions]
        + [tokenReviews, subjectAccessReviews, selfSubjectAccessReviews]
        + [roles, roleBindings, clusterRoles, clusterRoleBindings] + installing

    /// Ids that the cluster's own loops look for.
    enum ID {
        static let namespaces = "namespaces"
        static let pods = "pods"
        static let events = "events"
        static let secrets = "secrets"
        static let deployments = "deployments.apps"
        static let replicaSets = "replicasets.apps"
        static let statefulSets = "statefulsets.apps"
        static let definitions = "customresourcedefinitions.apiextensions.k8s.io"
        static let autoscalers = "horizontalpodautoscalers.autoscaling"
    }

    /// Claims of leadership.
    static let leases = Kind(
        names: .init(kind: "Lease", plural: "leases", singular: "lease"),
        views: [.init(version: GroupVersion("coordination.k8s.io", "v1"))],
        allowsUnconditionalUpdate: false,
        createsOnUpdate: true,
        columns: [.name, .text("Holder") { $0[path: "spec", "holderIdentity"]?.string ?? "" }, .age]
    )

    /// What accounts may do; stored, not enforced.
    static let roles = rules("Role", "roles", isNamespaced: true)
    /// What accounts may do everywhere; stored, not enforced.
    static let clusterRoles = rules("ClusterRole", "clusterroles", isNamespaced: false)
    /// Who has a role; stored, not enforced.
    static let roleBindings = bindings("RoleBinding", "rolebindings", isNamespaced: true)
    /// Who has a role everywhere; stored, not enforced.
    static let clusterRoleBindings = bindings("ClusterRoleBinding", "clusterrolebindings", isNamespaced: false)

    /// A kind of role.
    private static func rules(_ kind: String, _ plural: String, isNamespaced: Bool) -> Kind {
        Kind(
            names: .init(kind: kind, plural: plural, singular: kind.lowercased()),
            isNamespaced: isNamespaced,
            views: [.init(version: GroupVersion("rbac.authorization.k8s.io", "v1"))],
            nameRule: .pathSegment,
            columns: [.name, createdAt]
        )
    }

    /// A kind of binding.
    private static func bindings(_ kind: String, _ plural: String, isNamespaced: Bool) -> Kind {
        let role = Column.text("Role") {
            "\($0[path: "roleRef", "kind"]?.string ?? "")/\($0[path: "roleRef", "name"]?.string ?? "")"
        }
        return Kind(
            names: .init(kind: kind, plural: plural, singular: kind.lowercased()),
            isNamespaced: isNamespaced,
            views: [.init(version: GroupVersion("rbac.authorization.k8s.io", "v1"))],
            nameRule: .pathSegment,
            columns: [.name, role, .age]
        )
    }

    /// When an object was made, as an instant.
    static let createdAt = Column.text("Created At") { $0[meta: "creationTimestamp"]?.string ?? "" }
}
