import Foundation
import Outbound

extension KubeConfiguration {
    /// Where Kubernetes puts what a pod needs.
    ///
    /// - Source: Kubernetes, "Accessing the Kubernetes API from a Pod".
    private static let directory = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// What a pod was given; `nil` when this is no pod.
    ///
    /// The token and the authorities are read again as they are rotated.
    ///
    /// - Throws: ``KubeError`` `.invalidConfiguration` when the pod was given an address but no token.
    static func inCluster(
        environment: [String: String],
        files: TextFiles
    ) throws(KubeError) -> KubeConfiguration? {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"].flatMap(Int.init)
        else { return nil }
        do {
            _ = try files.text("\(directory)/token", for: "the service account token")
        } catch {
            throw KubeError(
                .invalidConfiguration,
                "this pod has no service account token; see automountServiceAccountToken",
                cause: error
            )
        }
        // Whoever mounts a token only need not mount a namespace.
        let namespace = try? files.text("\(directory)/namespace", for: "the namespace")
        let name = namespace?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return KubeConfiguration(
            server: WebAddress(scheme: "https", host: host, port: port),
            namespace: name.isEmpty ? "default" : name,
            authorities: .file("\(directory)/ca.crt"),
            identity: Identity(token: .file("\(directory)/token")),
            files: files
        )
    }
}
