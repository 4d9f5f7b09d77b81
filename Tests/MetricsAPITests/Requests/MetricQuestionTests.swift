import KubeModel
import Testing

@testable import MetricsAPI

@Suite struct MetricQuestionTests {
    @Test(arguments: [
        "scaledobject.keda.sh/name=web", "scaledobject.keda.sh/name==web", "a=b,scaledobject.keda.sh/name=web",
        " scaledobject.keda.sh/name = web , a=b",
    ])
    func `the label names the object, others mean nothing`(selector: String) {
        #expect(
            MetricQuestion(in: "shop", selector: selector) == .about(ObjectKey(namespace: "shop", name: "web"))
        )
    }

    @Test(
        arguments: [
            (nil, 500, "scaledObject name is not specified"),
            ("", 500, "scaledObject name is not specified"),
            ("a=b", 500, "scaledObject name is not specified"),
            ("scaledobject.keda.sh/name=", 500, "scaledObject name is not specified"),
            ("scaledobject.keda.sh/name!=web", 500, "conversion error"),
            ("scaledobject.keda.sh/name in (a,b)", 500, "conversion error"),
            ("scaledobject.keda.sh/name=web,other", 500, "conversion error"),
            ("scaledobject.keda.sh/name=web,", 400, "labelSelector: "),
            ("=", 400, "labelSelector: "),
            ("a=b c=d", 400, "labelSelector: "),
        ] as [(String?, Int, String)]
    )
    func `without one label there is no object`(selector: String?, code: Int, message: String) {
        guard case .refused(let status) = MetricQuestion(in: "shop", selector: selector) else {
            Issue.record("not refused")
            return
        }
        #expect(status.code == code)
        #expect(status.message?.hasPrefix(message) == true)
        #expect(status.reason == (code == 400 ? "BadRequest" : nil))
    }
}
