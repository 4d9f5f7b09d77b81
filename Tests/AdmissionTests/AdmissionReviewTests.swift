import KubeModel
import Testing

@testable import Admission

@Suite struct AdmissionReviewTests {
    @Test func `a question of the API server is read with what we need of it`() throws {
        let text = """
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "u", "kind": {"group":
            "keda.sh", "version": "v1alpha1", "kind": "ScaledObject"}, "operation": "CREATE", "namespace": "web",
            "userInfo": {"username": "kubernetes-admin"}, "object": {"spec": {}}, "dryRun": false}}
            """
        let review = try KubeJSON.decode(AdmissionReview.self, from: [UInt8](text.utf8))
        let request = try #require(review.request)
        #expect(request.uid == "u")
        #expect(request.operation == "CREATE")
        #expect(request.object == ["spec": [:]])
    }
}
