import KubeModel
import Scaling
import Testing

@testable import Admission

@Suite struct AdmissionQuestionTests {
    @Test func `a question of the API server is read with what we need of it`() throws {
        let text = """
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {"uid": "u", "kind": {"group":
            "keda.sh", "version": "v1alpha1", "kind": "ScaledObject"}, "operation": "CREATE", "namespace": "web",
            "userInfo": {"username": "kubernetes-admin"}, "object": {"spec": {}}, "dryRun": true}}
            """
        let question = try AdmissionQuestion(parsing: [UInt8](text.utf8))
        #expect(question.uid == "u")
        #expect(question.operation == .create)
        #expect(question.namespace == "web")
        #expect(question.object == ["spec": [:]])
        #expect(question.oldObject == .null)
        #expect(question.isDryRun)
    }

    @Test(
        arguments: [
            "", "{", "[]", "null", "{}", String(repeating: "[", count: 100_000),
            #"{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{"uid":"u"}}"#,
            #"{"apiVersion":"admission.k8s.io/v1","kind":"Review","request":{"uid":"u"}}"#,
            #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}"#,
            #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":""}}"#,
            #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u"}}"#,
            #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"EAT"}}"#,
            #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"CREATE"}}"#,
        ]
    )
    func `what is no question is told, and nothing of it repeated`(body: String) {
        #expect(throws: AdmissionQuestion.Malformed.self) { try AdmissionQuestion(parsing: [UInt8](body.utf8)) }
    }

    @Test func `an answer is an AdmissionReview`() throws {
        let question = try AdmissionQuestion(parsing: KubeJSON.encode(Asking.question(Asking.object())))
        let allowed = try KubeJSON.value(of: AdmissionAnswer(to: question, .allowed))
        #expect(
            allowed == [
                "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
                "response": ["uid": "u-1", "allowed": true],
            ]
        )
        let refused = try KubeJSON.value(
            of: AdmissionAnswer(to: question, Verdict(problems: [.init("a", "b")], warnings: [.init("c", "d")]))
        )
        #expect(refused[path: "response", "allowed"] == false)
        #expect(refused[path: "response", "status", "message"] == "b")
        #expect(refused[path: "response", "status", "code"] == 403)
        #expect(refused[path: "response", "status", "reason"] == "Forbidden")
        #expect(refused[path: "response", "warnings"] == ["c: d"])
    }
}
