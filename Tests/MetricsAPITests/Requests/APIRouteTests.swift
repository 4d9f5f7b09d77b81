import KubeModel
import Testing

@testable import MetricsAPI

@Suite struct APIRouteTests {
    static let base = "/apis/external.metrics.k8s.io/v1beta1"
    static let decisions = "/apis/decisions.swell.dev/v1alpha1"

    /// Paths, and where they lead.
    static let paths: [(String, APIRoute)] = [
        ("/apis", APIRoute.document(.groups)),
        ("/apis/", .document(.groups)),
        ("/apis/external.metrics.k8s.io", .document(.group(.metrics))),
        (base, .document(.resources(.metrics))),
        ("\(base)/", .document(.resources(.metrics))),
        ("/apis/decisions.swell.dev", .document(.group(.decisions))),
        (decisions, .document(.resources(.decisions))),
        ("/openapi/v2", .document(.openAPI2)),
        ("/openapi/v3", .document(.openAPI3)),
        ("/version", .document(.version)),
        ("/healthz", .alive),
        ("/livez", .alive),
        ("/readyz", .ready),
        ("\(base)/namespaces/shop/s0-cron", .metric(namespace: "shop", name: "s0-cron", selector: nil)),
        ("\(base)/namespaces/a%20b/s0%2Dcron", .metric(namespace: "a b", name: "s0-cron", selector: nil)),
        (
            "\(decisions)/namespaces/shop/scaledobjects/web", .decisions(ObjectKey(namespace: "shop", name: "web"))
        ),
        ("\(decisions)/namespaces/shop/scaledobjects", .wrongMethod),
        ("\(decisions)/namespaces/shop/scaledobjects/web/status", .unknown),
        ("\(decisions)/namespaces/shop/scaledjobs/web", .unknown),
        ("\(decisions)/namespaces/shop", .unknown),
        ("\(decisions)/scaledobjects", .unknown),
        ("/apis/decisions.swell.dev/v1/namespaces/shop/scaledobjects/web", .unknown),
        ("\(base)/s0-cron", .unknown),
        ("\(base)/namespaces/shop", .unknown),
        ("\(base)/namespaces", .unknown),
        ("\(base)/namespaces/shop/s0-cron/more", .unknown),
        ("\(base)/namespaces/shop/a%2Fb", .unknown),
        ("\(base)/namespaces/shop/%zz", .unknown),
        ("/apis/external.metrics.k8s.io/v1/namespaces/shop/m", .unknown),
        ("/apis/custom.metrics.k8s.io/v1beta1", .unknown),
        ("/api", .unknown),
        ("/metrics", .unknown),
        ("/", .unknown),
        ("", .unknown),
    ]

    @Test(arguments: paths)
    func `a path leads somewhere or nowhere`(path: String, expected: APIRoute) {
        #expect(APIRoute(APICall("GET", path)) == expected)
    }

    @Test(
        arguments: ["POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"],
        [
            "\(base)/namespaces/shop/m", "\(decisions)/namespaces/shop/scaledobjects/web", base, "/apis", "/version",
            "/healthz",
        ]
    )
    func `only GET exists`(method: String, path: String) {
        #expect(APIRoute(APICall(method, path)) == .wrongMethod)
    }

    @Test(arguments: [
        ("watch=true", true), ("watch=1", true), ("watch=", true), ("watch", true), ("a=b&watch=TRUE", true),
        ("watch=false", false), ("watch=0", false), ("watching=true", false), ("", false), ("w%61tch=true", true),
    ])
    func `neither a metric nor a decision can be watched`(query: String, isWatch: Bool) {
        let key = ObjectKey(namespace: "shop", name: "m")
        let path = Self.decisions + "/namespaces/shop/scaledobjects/m"
        #expect(APIRoute(APICall("GET", path, query: query)) == (isWatch ? .wrongMethod : .decisions(key)))
        let route = APIRoute(APICall("GET", Self.base + "/namespaces/shop/m", query: query))
        #expect(route == (isWatch ? .wrongMethod : .metric(namespace: "shop", name: "m", selector: nil)))
    }

    @Test(arguments: [
        ("labelSelector=a%3Db", "a=b"), ("labelSelector=a=b,c%3Dd", "a=b,c=d"),
        ("x=1&labelSelector=a+in+(b)", "a in (b)"),
        ("labelSelector=", ""), ("labelSelector", ""), ("labelSelector=%zz&labelSelector=a", "a"), ("other=1", nil),
    ])
    func `the selector is decoded as Go does`(query: String, expected: String?) {
        let route = APIRoute(APICall("GET", Self.base + "/namespaces/shop/m", query: query))
        #expect(route == .metric(namespace: "shop", name: "m", selector: expected))
    }

    @Test func `a mark that would combine with a separator does not hide it`() {
        let call = APICall(
            "GET",
            Self.base + "/namespaces/shop/\u{301}m",
            query: "x=1&\u{301}=2&labelSelector=\u{301}a"
        )
        #expect(APIRoute(call) == .metric(namespace: "shop", name: "\u{301}m", selector: "\u{301}a"))
        #expect(call.value(of: "\u{301}") == "2")
    }
}
