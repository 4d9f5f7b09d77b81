import KubeModel
import Scaling

/// Which ScaledObject a query asks about.
enum MetricQuestion: Sendable, Hashable {
    /// This one.
    case about(ObjectKey)
    /// None: the answer to give.
    case refused(KubeStatus)

    /// Finds the object's label in a selector.
    ///
    /// Other labels are allowed and mean nothing. The namespace comes from the path alone.
    ///
    /// - Source: KEDA, `pkg/provider/provider.go`, `GetExternalMetric`, for the texts and codes.
    init(in namespace: String, selector: String?) {
        let parsed: LabelSelector
        do {
            parsed = try LabelSelector(parsing: selector ?? "")
        } catch {
            self = .refused(KubeStatus(code: 400, reason: .badRequest, message: "labelSelector: \(error)"))
            return
        }
        if let labels = parsed.equalities {
            if let name = labels[ObjectLabel.name], !name.isEmpty {
                self = .about(ObjectKey(namespace: namespace, name: name))
            } else {
                self = .refused(KubeStatus(code: 500, reason: nil, message: "scaledObject name is not specified"))
            }
        } else {
            let message = "conversion error: labelSelector may hold key=value only"
            self = .refused(KubeStatus(code: 500, reason: nil, message: message))
        }
    }
}
