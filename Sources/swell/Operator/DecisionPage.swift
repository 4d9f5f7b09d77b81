import Hummingbird
import KubeModel
import Scaling
import Serving

/// The page that tells why an object has its replicas: `/debug/decisions/NAMESPACE/NAME`, as JSON.
enum DecisionPage {
    /// Adds the page to a router.
    ///
    /// Nobody is asked who they are, so that it is only for ports that strangers cannot reach.
    ///
    /// - Parameters:
    ///   - router: gets the page.
    ///   - report: the decisions about an object; `nil` for one that is not polled here.
    static func add(
        to router: Router<ServingContext>,
        report: @escaping @Sendable (ObjectKey) -> DecisionReport?
    ) {
        router.get("debug/decisions/:namespace/:name") { _, context -> Response in
            let key = ObjectKey(
                namespace: try context.parameters.require("namespace"),
                name: try context.parameters.require("name")
            )
            guard let report = report(key) else {
                return .text("ScaledObject \(key) is not polled here; see its Ready condition\n", status: .notFound)
            }
            let json = String(decoding: try KubeJSON.encode(report), as: UTF8.self)
            return .text(json + "\n", contentType: "application/json")
        }
    }
}
