import KubeModel

/// Parts that a configuration would change although others own them.
///
/// - Source: `sigs.k8s.io/structured-merge-diff`, `merge/conflict.go`; Kubernetes,
///   `apiserver/pkg/endpoints/handlers/fieldmanager`, `NewConflictError`.
struct FieldConflict: Error, Sendable, Hashable {
    /// By owner.
    var fields: [ManagedFields.Manager: FieldSet]

    /// All of them.
    var all: FieldSet { fields.values.reduce(FieldSet()) { $0.union($1) } }

    /// Without some parts; `nil` if nothing is left.
    func without(_ parts: FieldSet) -> FieldConflict? {
        let left = fields.mapValues { $0.subtracting(parts) }.filter { !$0.value.isEmpty }
        return left.isEmpty ? nil : FieldConflict(fields: left)
    }

    /// 409, with each part as a cause.
    var failure: APIFailure {
        let owners = fields.map { (name: Self.name($0.key), paths: $0.value.paths) }.sorted { $0.name < $1.name }
        let count = owners.reduce(0) { $0 + $1.paths.count }
        let list =
            count == 1
            ? "conflict with \(owners[0].name): \(owners[0].paths[0])"
            : owners.map { owner in
                "conflicts with \(owner.name):\n" + owner.paths.map { "- \($0)" }.joined(separator: "\n")
            }
            .joined(separator: "\n")
        let causes = owners.flatMap { owner in
            owner.paths.map {
                KubeStatus.Cause(reason: "FieldManagerConflict", message: "conflict with \(owner.name)", field: $0)
            }
        }
        return APIFailure(
            409,
            .conflict,
            "Apply failed with \(count) conflict\(count == 1 ? "" : "s"): \(list)",
            details: .init(causes: causes)
        )
    }

    /// An owner as conflicts name it.
    private static func name(_ manager: ManagedFields.Manager) -> String {
        "\"\(manager.name)\""
            + (manager.subresource.isEmpty ? "" : " with subresource \"\(manager.subresource)\"")
            + (manager.applies ? "" : " using \(manager.version)")
    }
}
