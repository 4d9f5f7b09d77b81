internal import KubeModel
internal import Scaling

/// Checks what the schema of a TriggerAuthentication or a ClusterTriggerAuthentication cannot say.
enum AuthenticationCheck {
    /// All that is wrong, where the schema has found nothing wrong.
    static func findings(in manifest: Manifest, _ problems: [SchemaProblem]) -> [Finding] {
        var rules: JSONValue = [:]
        for source in ["podIdentity", "oauth2"] { rules[source] = manifest.content["spec"]?[source] }
        // What cannot be read does not fit the schema, which has told so.
        guard let spec = try? KubeJSON.decode(AuthenticationSpec.self, from: rules) else { return [] }
        let unfit = Set(problems.filter(\.isFatal).map(\.path.description))
        return spec.admissionProblems.filter { !unfit.contains($0.field) }
            .map { manifest.finding(.error, at: ValuePath(parsing: $0.field), $0.message) }
    }
}
