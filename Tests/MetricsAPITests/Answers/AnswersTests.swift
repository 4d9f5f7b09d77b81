import Foundation
import KubeModel
import Scaling
import Testing

@testable import MetricsAPI

@Suite struct AnswersTests {
    @Test func `a reading is written as KEDA writes it`() throws {
        let time = Date(timeIntervalSince1970: 1_781_606_897.9)
        let reading = MetricReading(metric: "s0-postgresql", value: Quantity(milli: 4500), time: time)
        let text = String(decoding: try APIAnswer(ExternalMetricValueList([reading]).json).body, as: UTF8.self)
        #expect(
            text == #"{"apiVersion":"external.metrics.k8s.io/v1beta1","items":[{"metricLabels":null,"#
                + #""metricName":"s0-postgresql","timestamp":"2026-06-16T10:48:17Z","value":"4500m"}],"#
                + #""kind":"ExternalMetricValueList","metadata":{}}"#
        )
    }

    @Test func `no reading is an empty list`() throws {
        let text = String(decoding: try APIAnswer(ExternalMetricValueList([]).json).body, as: UTF8.self)
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

    @Test(arguments: [
        (DecisionSourceError.objectNotFound(ObjectKey(namespace: "shop", name: "web")), 404, "shop/web not found"),
        (
            .notPolled(ObjectKey(namespace: "shop", name: "web")), 404,
            "shop/web is not polled now; its Ready condition says why"
        ), (.unavailable("no replica leads now"), 503, "no replica leads now"),
    ])
    func `a report that is not there is a Status`(error: DecisionSourceError, code: Int, message: String) {
        let status = KubeStatus(error)
        #expect(status.code == code)
        #expect(status.message?.hasSuffix(message) == true)
        #expect(status.reason == (code == 503 ? "ServiceUnavailable" : "NotFound"))
        // By this, a client tells an object that is not there from an API that is not there.
        #expect(status.details?.name == (code == 503 ? nil : "web"))
    }

    @Test(
        arguments: [
            (
                ServedAPI.metrics, "external.metrics.k8s.io", "v1beta1",
                ["name": "externalmetrics", "singularName": "", "kind": "ExternalMetricValueList"]
            ),
            (
                .decisions, "decisions.swell.dev", "v1alpha1",
                ["name": "scaledobjects", "singularName": "scaledobject", "kind": "ScaledObjectDecisions"]
            ),
        ] as [(ServedAPI, String, String, JSONValue)]
    )
    func `discovery names each group, its version and one resource`(
        api: ServedAPI,
        group: String,
        version: String,
        resource: JSONValue
    ) throws {
        func json(_ document: APIRoute.Document) throws -> JSONValue { try document.json(version: "v1.2.3") }
        let groups = try json(.groups)
        #expect(groups["kind"] == "APIGroupList")
        #expect(groups["groups"]?.array?.contains { $0["name"] == .string(group) } == true)
        let entry: JSONValue = ["groupVersion": .string("\(group)/\(version)"), "version": .string(version)]
        #expect(
            try json(.group(api)) == [
                "kind": "APIGroup", "apiVersion": "v1", "name": .string(group), "versions": [entry],
                "preferredVersion": entry,
            ]
        )
        var expected = resource
        expected["namespaced"] = true
        expected["verbs"] = ["get"]
        #expect(
            try json(.resources(api)) == [
                "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": .string("\(group)/\(version)"),
                "resources": [expected],
            ]
        )
        #expect(MetricsAPI.serviceNames.contains("\(version).\(group)"))
    }

    @Test func `the other documents are as short as clients take them`() throws {
        func json(_ document: APIRoute.Document) throws -> JSONValue { try document.json(version: "v1.2.3") }
        #expect(try json(.version)["gitVersion"] == "v1.2.3")
        #expect(try json(.openAPI2)["swagger"] == "2.0")
        #expect(try json(.openAPI3) == ["paths": [:]])
    }
}
