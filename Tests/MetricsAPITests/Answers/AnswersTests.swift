import Foundation
import KubeModel
import Scaling
import Testing

@testable import MetricsAPI

@Suite struct AnswersTests {
    @Test func `a reading is written as KEDA writes it`() throws {
        let time = Date(timeIntervalSince1970: 1_781_606_897.9)
        let reading = MetricReading(metric: "s0-postgresql", value: Quantity(milli: 4500), time: time)
        let text = String(decoding: try APIAnswer(ExternalMetricValueList([reading])).body, as: UTF8.self)
        #expect(
            text == #"{"apiVersion":"external.metrics.k8s.io/v1beta1","items":[{"metricLabels":null,"#
                + #""metricName":"s0-postgresql","timestamp":"2026-06-16T10:48:17Z","value":"4500m"}],"#
                + #""kind":"ExternalMetricValueList","metadata":{}}"#
        )
    }

    @Test func `no reading is an empty list`() throws {
        let text = String(decoding: try APIAnswer(ExternalMetricValueList([])).body, as: UTF8.self)
        #expect(text.contains(#""items":[]"#))
    }

    @Test(arguments: [
        (
            MetricSourceError.objectNotFound(ObjectKey(namespace: "shop", name: "web")), 500,
            #"ScaledObject.keda.sh "web" not found"#
        ),
        (.metricNotFound("s9-x"), 500, "no matching metrics found for s9-x"),
        (
            .readFailed(metric: "s0-x", reason: "the database is down"), 500,
            "metric:s0-x encountered error: the database is down"
        ),
        (.unavailable("not the leader"), 503, "not the leader"),
    ])
    func `a failed reading is a Status without a value`(error: MetricSourceError, code: Int, message: String) {
        let status = KubeStatus(error)
        #expect(status.code == code)
        #expect(status.message?.hasSuffix(message) == true)
        #expect(status.reason == (code == 503 ? "ServiceUnavailable" : nil))
    }

    @Test func `a refusal is a Status of version 1`() {
        let answer = APIAnswer(KubeStatus(code: 403, reason: .forbidden, message: "no"))
        #expect(answer.status == 403)
        #expect(
            String(decoding: answer.body, as: UTF8.self)
                == #"{"apiVersion":"v1","code":403,"kind":"Status","message":"no","metadata":{},"reason":"Forbidden","status":"Failure"}"#
        )
    }

    @Test func `discovery names the group, its version and one placeholder`() throws {
        func json(_ document: APIRoute.Document) throws -> JSONValue { try document.json(version: "v1.2.3") }
        #expect(try json(.groups)["kind"] == "APIGroupList")
        #expect(try json(.groups)["groups"]?.array?.first?["name"] == "external.metrics.k8s.io")
        let version: JSONValue = ["groupVersion": "external.metrics.k8s.io/v1beta1", "version": "v1beta1"]
        #expect(
            try json(.group) == [
                "kind": "APIGroup", "apiVersion": "v1", "name": "external.metrics.k8s.io", "versions": [version],
                "preferredVersion": version,
            ]
        )
        #expect(
            try json(.resources) == [
                "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "external.metrics.k8s.io/v1beta1",
                "resources": [
                    [
                        "name": "externalmetrics", "singularName": "", "namespaced": true,
                        "kind": "ExternalMetricValueList", "verbs": ["get"],
                    ]
                ],
            ]
        )
        #expect(try json(.version)["gitVersion"] == "v1.2.3")
        #expect(try json(.openAPI2)["swagger"] == "2.0")
        #expect(try json(.openAPI3) == ["paths": [:]])
    }
}
