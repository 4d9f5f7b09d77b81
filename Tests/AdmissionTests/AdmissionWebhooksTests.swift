import Certificates
import Foundation
import KubeModel
import Logging
import Outbound
import OutboundCurl
import ScalerKit
import Scalers
import ServiceLifecycle
import Serving
import Telemetry
import Testing

@testable import Admission

/// The webhooks over TLS on loopback, as the API server asks them.
@Suite(.timeLimit(.minutes(2))) struct AdmissionWebhooksTests {
    let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// Runs the webhooks for a test, which is given a way to ask.
    func withWebhooks(
        _ index: FixedIndex = FixedIndex(),
        _ test:
            @escaping @Sendable (
                _ ask: @Sendable (HTTPRequest.Method, String, [UInt8]) async throws -> (status: Int, body: [UInt8])
            ) async throws -> Void
    ) async throws {
        let now = Date()
        let authority = try CertificateAuthority(now: now)
        let request = CertificateRequest(commonName: "swell", addresses: ["127.0.0.1"])
        let certificate = try ServingCertificate(
            OwnCertificate(request, signedBy: authority, from: now),
            logger: quiet
        )
        let webhooks = AdmissionWebhooks(
            index: index,
            targets: FixedTargets(),
            scalers: .builtIn,
            metrics: MetricRegistry(),
            logger: quiet
        )
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let server = webhooks.server(
            at: .at(host: "127.0.0.1", port: 0),
            certificate: certificate,
            onListening: { told.yield($0) }
        )
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: quiet))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            do {
                try await test { method, path, body in
                    let url = WebAddress(scheme: "https", host: "127.0.0.1", port: port)
                        .appending(segments: path.split(separator: "/").map(String.init))
                    let request = HTTPRequest(
                        method,
                        url,
                        headers: [.init("Content-Type", "application/json")],
                        body: method == .get ? [] : body,
                        tls: TLSSettings(authorities: authority.certificate),
                        deadline: .seconds(30)
                    )
                    return try await withCurlTransport(environment: [:]) { transport in
                        let answer = try await transport.collect(request, upTo: 1 << 20)
                        return (answer.status, answer.body)
                    }
                }
            } catch {
                Issue.record(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func `every path of KEDA's webhooks answers`() async throws {
        try await withWebhooks { ask in
            let body = try KubeJSON.encode(Asking.question(Asking.object()))
            for route in AdmissionRoute.allCases {
                let (status, bytes) = try await ask(.post, route.rawValue, body)
                let answer: JSONValue = try KubeJSON.decode(from: bytes)
                #expect(status == 200)
                #expect(answer["kind"] == "AdmissionReview")
                #expect(answer[path: "response", "uid"] == "u-1")
                #expect(answer[path: "response", "allowed"] == true)
            }
        }
    }

    @Test func `a refusal goes out as an answer`() async throws {
        try await withWebhooks(FixedIndex(objects: ["other"])) { ask in
            let body = try KubeJSON.encode(Asking.question(Asking.object()))
            let (status, bytes) = try await ask(.post, AdmissionRoute.scaledObject.rawValue, body)
            let answer: JSONValue = try KubeJSON.decode(from: bytes)
            #expect(status == 200)
            #expect(answer[path: "response", "allowed"] == false)
            #expect(answer[path: "response", "status", "code"] == 403)
        }
    }

    @Test func `what is no question gets an error, and the server lives on`() async throws {
        try await withWebhooks { ask in
            let path = AdmissionRoute.scaledObject.rawValue
            #expect(try await ask(.post, path, [UInt8]("{".utf8)).status == 400)
            #expect(try await ask(.post, path, Array(repeating: UInt8(ascii: "["), count: 1 << 20)).status == 400)
            #expect(try await ask(.post, path, Array(repeating: 0x20, count: 5 << 20)).status == 413)
            #expect(try await ask(.post, "/validate-nothing", [UInt8]("{}".utf8)).status == 404)
            #expect(try await ask(.get, path, []).status == 405)
            let body = try KubeJSON.encode(Asking.question(Asking.object()))
            #expect(try await ask(.post, path, body).status == 200)
        }
    }

    @Test func `while others are not known the API server is told to go by its failure policy`() async throws {
        try await withWebhooks(FixedIndex(isComplete: false)) { ask in
            let body = try KubeJSON.encode(Asking.question(Asking.object()))
            #expect(try await ask(.post, AdmissionRoute.scaledObject.rawValue, body).status == 503)
            #expect(try await ask(.post, AdmissionRoute.triggerAuthentication.rawValue, body).status == 200)
        }
    }
}
