import TestKit

extension TestCluster {
    /// What the API server says when it refuses a manifest; `nil` when it takes it.
    func refusal(of manifest: String, _ arguments: String...) async throws -> String? {
        do {
            try await kubectl(["apply", "-n", namespace, "-f", "-"] + arguments, input: manifest)
            return nil
        } catch let error as Command.Failed {
            return error.output
        }
    }

    /// Waits until the API server asks a webhook about the namespace.
    func waitUntilAsked() async throws {
        try await eventually("the API server to ask", within: .seconds(60)) {
            if let refusal = try await refusal(of: Self.refused) { return refusal.contains("denied the request") }
            try await kubectl("delete", "ta", "refused", "-n", namespace)
            return false
        }
    }

    /// A TriggerAuthentication that breaks a rule.
    static let refused = """
        {"apiVersion":"keda.sh/v1alpha1","kind":"TriggerAuthentication","metadata":{"name":"refused"},
         "spec":{"podIdentity":{"provider":"aws","externalID":"x"}}}
        """
}
