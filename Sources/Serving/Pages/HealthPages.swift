import HTTPTypes
public import Hummingbird
public import HummingbirdCore

/// The pages that kubelets and API servers probe: `/healthz`, `/livez` and `/readyz`.
public enum HealthPages {
    /// Where they are; they need no authorisation and are answered under any load.
    public static let paths: Set<String> = ["/healthz", "/livez", "/readyz"]

    /// Adds the pages to a router.
    ///
    /// - Parameters:
    ///   - router: gets the three pages.
    ///   - unready: why no requests should be sent here now; none when ready. Asked for each `/readyz`.
    public static func add(
        to router: Router<ServingContext>,
        unready: @escaping @Sendable () async -> [String]
    ) {
        router.get("healthz") { _, _ in alive }
        router.get("livez") { _, _ in alive }
        router.get("readyz") { _, _ in readiness(await unready()) }
    }

    /// The answer of a process that runs.
    public static var alive: Response { .text("ok") }

    /// The answer of a process that is ready, or tells why it is not.
    public static func readiness(_ reasons: [String]) -> Response {
        guard !reasons.isEmpty else { return alive }
        return .text(reasons.map { "not ready: \($0)\n" }.joined(), status: .serviceUnavailable)
    }
}
