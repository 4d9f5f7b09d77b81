import Hummingbird
import KubeModel
import Scaling
import Serving

/// The page that tells why an object has its replicas: `/debug/decisions/NAMESPACE/NAME`, as JSON.
enum DecisionPage {
    /// Tells of the decisions about an object, or why there are none.
    typealias Source = @Sendable (ObjectKey) throws(DecisionSourceError) -> DecisionReport

    /// Adds the page to a router.
    ///
    /// Nobody is asked who they are, so that it is only for ports that strangers cannot reach.
    ///
    /// - Parameters:
    ///   - router: gets the page.
    ///   - report: the decisions about an object.
    static func add(to router: Router<ServingContext>, report: @escaping Source) {
        router.get("debug/decisions/:namespace/:name") { _, context -> Response in
            let key = ObjectKey(
                namespace: try context.parameters.require("namespace"),
                name: try context.parameters.require("name")
            )
            let found: DecisionReport
            do throws(DecisionSourceError) {
                found = try report(key)
            } catch {
                return .text(reason(error) + "\n", status: .notFound)
            }
            let json = String(decoding: try KubeJSON.encode(found), as: UTF8.self)
            return .text(json + "\n", contentType: "application/json")
        }
    }

    /// Why there is no report.
    private static func reason(_ error: DecisionSourceError) -> String {
        switch error {
        case .objectNotFound(let key): "ScaledObject \(key) is not known here"
        case .notPolled(let key): "ScaledObject \(key) is not polled here; see its Ready condition, or ask the leader"
        case .unavailable(let reason): reason
        }
    }
}
