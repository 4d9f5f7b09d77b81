import KubeClient
import KubeModel
import Outbound
import TestKit
import Testing

@Suite struct KubeClientTests {
    static let key = ObjectKey(namespace: "n", name: "m")
    static let path = "/api/v1/namespaces/n/configmaps/m"
    static let map =
        #"{"kind":"ConfigMap","metadata":{"name":"m","namespace":"n","resourceVersion":"3"},"data":{"k":"v"}}"#

    @Test func `a request carries what it must`() async throws {
        let server = ScriptedTransport()
        server.expect(.get, Self.path, .json(Self.map))
        let identity = KubeConfiguration.Identity(token: .text(Secret("t")))
        let read = try await KubeClient.scripted(server, identity: identity).get(ConfigMap.self, Self.key)
        #expect(read.data == ["k": "v"])
        let request = try #require(server.requests.first)
        #expect(request.url.description == "https://api\(Self.path)")
        #expect(request.headers == [.init("Accept", "application/json"), .init("User-Agent", "swell")])
        #expect(request.authorization == .bearer(Secret("t")))
        #expect(request.deadline == .seconds(30))
        try server.verify()
    }

    @Test func `each verb goes its way`() async throws {
        let server = ScriptedTransport()
        let client = KubeClient.scripted(server)
        server.expect(.post, "/api/v1/namespaces/n/configmaps", .json(Self.map, status: 201))
        server.expect(.put, Self.path, .json(Self.map))
        server.expect(.patch, Self.path, .json(Self.map))
        server.expect(.patch, "\(Self.path)/status", .json(Self.map))
        server.expect(.delete, Self.path, .json(#"{"kind":"Status","status":"Success"}"#))
        server.expect(.get, Self.path, .json(#"{"kind":"Status","code":404}"#, status: 404))
        let made = try await client.create(ConfigMap(metadata: ObjectMeta(name: "m", namespace: "n"), data: [:]))
        #expect(made.metadata.resourceVersion == "3")
        _ = try await client.replace(made)
        _ = try await client.patch(ConfigMap.self, Self.key, with: ["data": ["k": "w"]])
        _ = try await client.patch(ConfigMap.self, Self.key, subresource: "status", with: [:])
        try await client.delete(ConfigMap.resourceType, Self.key)
        #expect(try await client.find(ConfigMap.self, Self.key) == nil)
        try server.verify()
        #expect(server.requests[2].headers.contains(.init("Content-Type", "application/merge-patch+json")))
    }

    @Test func `the scale of any kind is read and set`() async throws {
        let type = ResourceType(GroupVersion("argoproj.io", "v1alpha1"), kind: "Rollout", plural: "rollouts")
        let path = "/apis/argoproj.io/v1alpha1/namespaces/n/rollouts/m/scale"
        let scale = #"{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"m"},"spec":{"replicas":2}}"#
        let server = ScriptedTransport()
        let client = KubeClient.scripted(server)
        server.expect(.get, path, .json(scale))
        server.expect(.patch, path, .json(scale))
        server.expect(.put, path, .json(scale))
        let read = try await client.scale(of: type, Self.key)
        #expect(read.replicas == 2)
        _ = try await client.setScale(of: type, Self.key, to: 5)
        _ = try await client.replaceScale(of: type, Self.key, with: read)
        #expect(server.requests[1].body == Array(#"{"spec":{"replicas":5}}"#.utf8))
        try server.verify()
    }

    @Test(
        arguments: [
            (400, "BadRequest", .invalid, false), (401, "Unauthorized", .unauthorized, true),
            (403, "Forbidden", .forbidden, false), (404, "NotFound", .notFound, false),
            (409, "AlreadyExists", .alreadyExists, false), (409, "Conflict", .conflict, true),
            (410, "Expired", .gone, true), (410, "Gone", .gone, true), (415, "UnsupportedMediaType", .rejected, false),
            (422, "Invalid", .invalid, false), (429, "TooManyRequests", .tooManyRequests, true),
            (500, "InternalError", .serverError, true), (504, "Timeout", .serverError, true),
        ] as [(Int, String, KubeError.Code, Bool)]
    )
    func `a refusal has a code, its Status and a line to show`(
        status: Int,
        reason: String,
        code: KubeError.Code,
        isRetryable: Bool
    ) async throws {
        let server = ScriptedTransport()
        let body = #"{"kind":"Status","status":"Failure","message":"because","reason":"\#(reason)","code":\#(status)}"#
        server.expect(.get, Self.path, .json(body, status: status))
        let client = KubeClient.scripted(server)
        let error = await #expect(throws: KubeError.self) { try await client.get(ConfigMap.self, Self.key) }
        #expect(error?.code == code && error?.isRetryable == isRetryable)
        #expect(error?.status?.reason == reason && error?.status?.code == status)
        #expect(error?.description == "GET \(Self.path): because")
    }

    @Test func `a refusal by something that is no API server keeps its text for the log`() async throws {
        let server = ScriptedTransport()
        server.expect(.get, Self.path, .json("<html>gateway</html>", status: 502))
        let client = KubeClient.scripted(server)
        let error = try #require(
            await #expect(throws: KubeError.self) { try await client.get(ConfigMap.self, Self.key) }
        )
        #expect(error.code == .serverError && error.status?.code == 502)
        #expect(!error.description.contains("html") && error.debugDescription.contains("<html>gateway"))
    }

    @Test(arguments: [
        (OutboundError.Code.cannotConnect, KubeError.Code.unreachable, true), (.timedOut, .timedOut, true),
        (.tls, .unreachable, true), (.cancelled, .cancelled, false), (.tooLarge, .tooLarge, false),
        (.invalidRequest, .invalidRequest, false),
    ])
    func `a transport's failure becomes one of ours`(from: OutboundError.Code, to: KubeError.Code, isRetryable: Bool)
        async throws
    {
        let server = ScriptedTransport()
        server.expect(.get, Self.path, .failure(OutboundError(from, "broken", detail: "10.0.0.1")))
        let client = KubeClient.scripted(server)
        let error = try #require(
            await #expect(throws: KubeError.self) { try await client.get(ConfigMap.self, Self.key) }
        )
        #expect(error.code == to && error.isRetryable == isRetryable && error.status == nil)
        #expect(!error.description.contains("10.0.0.1") && error.debugDescription.contains("10.0.0.1"))
    }

    @Test(arguments: ["", "{}", "[]", "nonsense", #"{"metadata":{"name":7}}"#])
    func `an answer of another shape is malformed`(body: String) async throws {
        let server = ScriptedTransport()
        server.expect(.get, Self.path, .json(body))
        let client = KubeClient.scripted(server)
        let error = await #expect(throws: KubeError.self) { try await client.get(ConfigMap.self, Self.key) }
        #expect(error?.code == .malformedAnswer)
    }

    @Test func `after 429 it waits as long as it is asked to`() async throws {
        let server = ScriptedTransport()
        let clock = ManualClock()
        let client = KubeClient.scripted(server, clock: clock)
        server.expect(.get, Self.path, .json("{}", status: 429, headers: [.init("Retry-After", "7")]))
        server.expect(.get, Self.path, .json(Self.map))
        async let read = client.get(ConfigMap.self, Self.key)
        try await clock.waitForSleepers(1)
        #expect(clock.alarms == [.seconds(7)])
        clock.advance(by: .seconds(7))
        #expect(try await read.metadata.name == "m")
        try server.verify()
    }

    @Test func `nobody waits for a Lease, whatever the server asks for`() async throws {
        let server = ScriptedTransport { _ in .json("{}", status: 429, headers: [.init("Retry-After", "1")]) }
        let client = KubeClient.scripted(server, clock: ManualClock())
        let error = await #expect(throws: KubeError.self) {
            try await client.get(Lease.self, ObjectKey(namespace: "keda", name: "operator.keda.sh"))
        }
        #expect(error?.isRetryable == true && server.requests.count == 1)
    }

    @Test func `an answer past the cap is an error`() async throws {
        let server = ScriptedTransport()
        server.expect(.get, Self.path, .json(Self.map))
        var settings = KubeClient.Settings()
        settings.answerLimit = 10
        let client = KubeClient.scripted(server, settings: settings)
        let error = await #expect(throws: KubeError.self) { try await client.get(ConfigMap.self, Self.key) }
        #expect(error?.code == .tooLarge)
    }

    @Test func `requests over the rate wait, Leases and replicas do not, and too many are refused`() async throws {
        let server = ScriptedTransport { request in
            let isMap = request.url.path == Self.path
            let other = #"{"apiVersion":"v1","kind":"Scale","metadata":{"name":"l"},"spec":{}}"#
            return .json(isMap ? Self.map : other)
        }
        let clock = ManualClock()
        var settings = KubeClient.Settings()
        (settings.requestsPerSecond, settings.burst, settings.longestWait) = (1, 2, .seconds(1))
        let client = KubeClient.scripted(server, clock: clock, settings: settings)
        for _ in 0..<2 { _ = try await client.get(ConfigMap.self, Self.key) }
        async let third = client.get(ConfigMap.self, Self.key)
        try await clock.waitForSleepers(1)
        _ = try await client.get(Lease.self, ObjectKey(namespace: "n", name: "l"))
        _ = try await client.setScale(of: ConfigMap.resourceType, ObjectKey(namespace: "n", name: "l"), to: 1)
        let error = await #expect(throws: KubeError.self) { try await client.get(ConfigMap.self, Self.key) }
        #expect(error?.code == .overloaded)
        clock.advance(by: .seconds(1))
        #expect(try await third.metadata.name == "m")
        // The write has taken a turn all the same: whoever comes next waits for it.
        let later = await #expect(throws: KubeError.self) { try await client.get(ConfigMap.self, Self.key) }
        #expect(later?.code == .overloaded)
    }
}
