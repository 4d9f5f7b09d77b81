import KubeClient
import KubeModel
import Testing

@testable import swell

@Suite struct ExplainErrorTests {
    static let key = ObjectKey(namespace: "shop", name: "web")

    /// A refusal with a Status.
    static func refusal(
        _ code: KubeError.Code,
        _ reason: KubeStatus.Reason?,
        _ message: String,
        about name: String? = nil
    ) -> KubeError {
        let details = name.map { KubeStatus.Details(name: $0) }
        let status = KubeStatus(code: 500, reason: reason, message: message, details: details)
        return KubeError(code, "GET /apis: \(message)", status: status)
    }

    @Test(
        arguments: [
            (
                refusal(
                    .notFound,
                    .notFound,
                    "ScaledObject shop/web is not polled now; its Ready condition says why",
                    about: "web"
                ),
                "ScaledObject shop/web is not polled now; its Ready condition says why"
            ),
            (
                refusal(.notFound, .notFound, "the server could not find the requested resource"),
                "the API server does not know decisions.swell.dev/v1alpha1: apply config/apiservice, or ask the "
                    + "operator's health port with --server"
            ),
            (
                refusal(.forbidden, .forbidden, "it is forbidden"),
                "it is forbidden; ask for the right to get scaledobjects.decisions.swell.dev in shop, which the ClusterRole view "
                    + "has with config/rbac/decisions.yaml"
            ),
            (
                refusal(.serverError, nil, "the answer was HTTP 503"),
                "GET /apis: the answer was HTTP 503; the API server does not reach the operator: kubectl get apiservice "
                    + "v1alpha1.decisions.swell.dev says why, or ask the operator's health port with --server"
            ),
            (
                refusal(.serverError, .serviceUnavailable, "no replica leads now; try again soon"),
                "no replica leads now; try again soon"
            ),
            (KubeError(.unreachable, "GET /apis failed: connection refused"), "GET /apis failed: connection refused"),
        ] as [(KubeError, String)]
    )
    func `whoever is told nothing is told why, and what to try`(error: KubeError, text: String) {
        #expect(ExplainError(error, about: Self.key).description == text)
    }
}
