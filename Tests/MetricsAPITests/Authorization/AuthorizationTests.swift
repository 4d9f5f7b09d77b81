import KubeModel
import Synchronization
import Testing

@testable import MetricsAPI

@Suite struct AuthorizationTests {
    static let base = "/apis/external.metrics.k8s.io/v1beta1"
    static let decisions = "/apis/decisions.swell.dev/v1alpha1"

    @Test(arguments: [
        ("GET", "", "list"), ("GET", "watch=true", "watch"), ("HEAD", "", "list"), ("POST", "", "create"),
        ("PUT", "", "update"), ("PATCH", "", "patch"), ("DELETE", "", "deletecollection"),
    ])
    func `a metric is a resource of its own name`(method: String, query: String, verb: String) {
        let question = AccessQuestion(APICall(method, Self.base + "/namespaces/shop/s0-cron", query: query))
        #expect(
            question
                == .resource(
                    .init(
                        namespace: "shop",
                        verb: verb,
                        group: "external.metrics.k8s.io",
                        version: "v1beta1",
                        resource: "s0-cron"
                    )
                )
        )
    }

    @Test(
        arguments: [
            ("GET", "/web", "", "get", "web"), ("GET", "/web", "watch=true", "get", "web"),
            ("HEAD", "/web", "", "get", "web"), ("PUT", "/web", "", "update", "web"),
            ("PATCH", "/web", "", "patch", "web"), ("DELETE", "/web", "", "delete", "web"),
            ("GET", "", "", "list", nil), ("GET", "", "watch=1", "watch", nil), ("POST", "", "", "create", nil),
            ("DELETE", "", "", "deletecollection", nil),
        ] as [(String, String, String, String, String?)]
    )
    func `decisions are one object's, or all objects'`(
        method: String,
        tail: String,
        query: String,
        verb: String,
        name: String?
    ) {
        let path = Self.decisions + "/namespaces/shop/scaledobjects" + tail
        #expect(
            AccessQuestion(APICall(method, path, query: query))
                == .resource(
                    .init(
                        namespace: "shop",
                        verb: verb,
                        group: "decisions.swell.dev",
                        version: "v1alpha1",
                        resource: "scaledobjects",
                        name: name
                    )
                )
        )
    }

    @Test(
        arguments: [
            ("GET", "/apis", "get"), ("GET", "/apis/decisions.swell.dev", "get"),
            ("GET", "\(decisions)/scaledobjects", "get"),
            ("GET", "\(decisions)/namespaces/shop/scaledobjects/web/status", "get"),
            ("GET", "\(base)/namespaces/shop/m/more", "get"), ("POST", "/version", "post"), ("GET", base, "get"),
            ("GET", "\(base)/m", "get"),
            ("GET", "/metrics", "get"), ("DELETE", "/", "delete"),
        ] as [(String, String, String)]
    )
    func `everything else is a path`(method: String, path: String, verb: String) {
        #expect(AccessQuestion(APICall(method, path)) == .path(.init(path: path, verb: verb)))
    }

    @Test func `a path that cannot be decoded is asked about as it is`() {
        let path = Self.base + "/namespaces/shop/%zz"
        #expect(AccessQuestion(APICall("GET", path)) == .path(.init(path: path, verb: "get")))
    }

    @Test(arguments: ["/healthz", "/livez", "/readyz"])
    func `probes are open to all`(path: String) {
        #expect(AccessQuestion(APICall("GET", path)) == nil)
    }

    /// An authorizer that answers the same to all, and what it was asked.
    func ask(_ user: UserInfo, answer: SubjectAccessReview.Status) async throws -> (
        KubeStatus?, [SubjectAccessReview.Spec]
    ) {
        let asked = Asked()
        let authorizer = Authorizer { review throws(AccessError) in
            asked.specs.withLock { $0.append(review.spec) }
            return answer
        }
        let question = try #require(AccessQuestion(APICall("GET", Self.base + "/namespaces/shop/s0-cron")))
        return (try await authorizer.refusal(of: question, to: user), asked.specs.withLock { $0 })
    }

    @Test func `the API server is asked about the user with all that is known of them`() async throws {
        let user = UserInfo(username: "jane", uid: "17", groups: ["dev"], extra: ["scopes": ["a"]])
        let (refusal, specs) = try await ask(user, answer: try Self.status(allowed: true))
        #expect(refusal == nil)
        #expect(specs.count == 1)
        #expect(specs.first?.user == "jane")
        #expect(specs.first?.uid == "17")
        #expect(specs.first?.groups == ["dev"])
        #expect(specs.first?.extra == ["scopes": ["a"]])
        #expect(specs.first?.resourceAttributes?.verb == "list")
        #expect(specs.first?.nonResourceAttributes == nil)
    }

    @Test func `a refusal is told in Kubernetes' words`() async throws {
        let (refusal, _) = try await ask(
            UserInfo(username: "jane"),
            answer: try Self.status(allowed: false, reason: "no rule")
        )
        #expect(refusal?.code == 403)
        #expect(refusal?.reason == "Forbidden")
        #expect(
            refusal?.message
                == #"s0-cron.external.metrics.k8s.io is forbidden: User "jane" cannot list resource "s0-cron" in API group "#
                + #""external.metrics.k8s.io" in the namespace "shop": no rule"#
        )
    }

    @Test func `a refusal of decisions names the object`() throws {
        let call = APICall("GET", Self.decisions + "/namespaces/shop/scaledobjects/web")
        let question = try #require(AccessQuestion(call))
        #expect(
            question.forbidden(to: UserInfo(username: "jane"), because: nil).message
                == #"scaledobjects.decisions.swell.dev "web" is forbidden: User "jane" cannot get resource "#
                + #""scaledobjects" in API group "decisions.swell.dev" in the namespace "shop""#
        )
    }

    @Test func `masters may everything, and nobody is asked`() async throws {
        let user = UserInfo(username: "root", groups: ["system:masters"])
        let (refusal, specs) = try await ask(user, answer: try Self.status(allowed: false))
        #expect(refusal == nil)
        #expect(specs.isEmpty)
    }

    @Test func `a review that fails is no allowance`() async throws {
        let authorizer = Authorizer { _ throws(AccessError) in throw AccessError(.reviewFailed, "down") }
        let question = try #require(AccessQuestion(APICall("GET", "/apis")))
        await #expect(throws: AccessError.self) {
            try await authorizer.refusal(of: question, to: UserInfo(username: "jane"))
        }
    }

    /// The answer of a review.
    static func status(allowed: Bool, reason: String? = nil) throws -> SubjectAccessReview.Status {
        var json: JSONValue = ["allowed": .bool(allowed)]
        if let reason { json["reason"] = .string(reason) }
        return try KubeJSON.decode(from: json)
    }
}

/// What an authorizer was asked.
private final class Asked: Sendable {
    /// In order.
    let specs = Mutex<[SubjectAccessReview.Spec]>([])
}
