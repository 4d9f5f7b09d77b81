import KubeModel
import Scaling

extension KubeStatus {
    /// What is answered where there is no report.
    ///
    /// What is not found says of what, so that callers can tell it from an API that is not there.
    init(_ error: DecisionSourceError) {
        switch error {
        case .objectNotFound(let key):
            self.init(missing: key, "ScaledObject \(key) not found")
        case .notPolled(let key):
            self.init(missing: key, "ScaledObject \(key) is not polled now; its Ready condition says why")
        case .unavailable(let reason):
            self.init(code: 503, reason: .serviceUnavailable, message: reason)
        }
    }

    /// There is nothing about an object.
    private init(missing key: ObjectKey, _ message: String) {
        let type = DecisionReport.resourceType
        let details = Details(name: key.name, group: type.groupVersion.group, kind: type.plural)
        self.init(code: 404, reason: .notFound, message: message, details: details)
    }
}
