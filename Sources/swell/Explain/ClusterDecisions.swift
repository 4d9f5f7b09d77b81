import KubeClient
import KubeModel
import Scaling

/// The cluster's API server, which asks the operator on behalf of whoever may know.
struct ClusterDecisions {
    /// As the user who asks.
    let client: KubeClient

    /// What the operator says of an object.
    ///
    /// - Throws: ``ExplainError``.
    func report(on key: ObjectKey) async throws(ExplainError) -> DecisionReport {
        do {
            return try await client.answer(to: .get(DecisionReport.resourceType, key))
        } catch {
            throw ExplainError(error, about: key)
        }
    }

    /// What the object's HPA did, beside what its algorithm makes of the last decision.
    ///
    /// - Returns: a line for each fact, none where Swell itself scales; why it is not known is one too, since the report is worth showing without.
    func autoscaler(beside report: DecisionReport) async -> [String] {
        guard let last = report.entries.last, last.decision.engine == ScalingEngine.hpa.rawValue else { return [] }
        let namespace = report.metadata.namespace
        do throws(KubeError) {
            let object = try await client.get(
                ScaledObject.self,
                ObjectKey(namespace: namespace, name: report.metadata.name)
            )
            guard let name = object.status?.hpaName, !name.isEmpty else { return ["there is none"] }
            let hpa = try await client.get(
                HorizontalPodAutoscaler.self,
                ObjectKey(namespace: namespace, name: name),
                as: try await Discovery(client).horizontalPodAutoscaler()
            )
            return AutoscalerComparison(last.decision, hpa.status).lines
        } catch {
            return [error.isNotFound ? "there is none" : "it cannot be read: \(error)"]
        }
    }
}

extension ExplainError {
    /// Why the API server gives no decisions, and what to try.
    init(_ error: KubeError, about key: ObjectKey) {
        let type = DecisionReport.resourceType
        let (group, version) = (type.groupVersion.group, type.groupVersion.version)
        switch error.code {
        case .notFound where error.status?.details?.name == key.name:
            self.init(error.status?.message ?? error.description)
        case .notFound:
            self.init(
                """
                the API server does not know \(type.groupVersion): apply config/apiservice, or ask the operator's health \
                port with --server
                """
            )
        case .forbidden:
            self.init(
                """
                \(error.status?.message ?? error.description); ask for the right to get \(type.plural).\(group) in \
                \(key.namespace), which the ClusterRole view has with config/rbac/decisions.yaml
                """
            )
        case .serverError where error.status?.reason == nil:
            self.init(
                """
                \(error); the API server does not reach the operator: kubectl get apiservice \(version).\(group) says why, \
                or ask the operator's health port with --server
                """
            )
        case .serverError:
            self.init(error.status?.message ?? error.description)
        default:
            self.init(error.description)
        }
    }
}
