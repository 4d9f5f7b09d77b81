import Certificates
import Foundation
import Hummingbird
import NIOSSL
import Outbound
import OutboundCurl
import Testing

@testable import Serving

@Suite(.timeLimit(.minutes(2))) struct SecureServerTests {
    let files = MemoryFiles()

    /// A page that tells how many certificates the client presented, and how long the first one is.
    static var router: Router<ServingContext> {
        let router = Router(context: ServingContext.self)
        router.get("certificates") { _, context in
            Response.text("\(context.clientCertificates.map(\.count))")
        }
        return router
    }

    /// A certificate for loopback that asks clients for theirs.
    func certificate(asksClients: Bool = true) throws -> ServingCertificate {
        let files = CertificateFiles(directory: "/certs", files: files.view)
        return try ServingCertificate(files, asksClients: asksClients, logger: quiet)
    }

    @Test func `a client without a certificate is served, also who would rather speak HTTP/2`() async throws {
        let authority = try TestAuthority()
        files.write(try authority.loopback())
        let trust = authority.authority.certificate
        try await withServer(Self.router, certificate: try certificate()) { port in
            #expect(try await ask("certificates", at: port, tls: TLSSettings(authorities: trust)).text == "[]")
            let text = try await RawConnection.with(port: port, tls: RawConnection.trusting(trust)) { connection in
                try await connection.send("GET /certificates HTTP/1.1\r\nHost: x\r\n\r\n")
                return try await connection.read(until: "[]")
            }
            #expect(text.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func `the server's policy says which TLS is old or weak`() async throws {
        let authority = try TestAuthority()
        files.write(try authority.loopback())
        let trust = authority.authority.certificate
        let everySuite = [
            "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA",
            "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-ECDSA-CHACHA20-POLY1305",
        ]
        for (policy, newest, isSpoken) in [
            (TLSPolicy(minimumVersion: .tls13), TLSVersion.tlsv12, false),
            (TLSPolicy(minimumVersion: .tls13), .tlsv13, true), (TLSPolicy(), .tlsv12, true),
            (TLSPolicy(cipherSuites: everySuite), .tlsv12, true),
            (TLSPolicy(cipherSuites: ["ECDHE-RSA-AES256-GCM-SHA384"]), .tlsv12, false),
        ] {
            let source = CertificateFiles(directory: "/certs", files: files.view)
            let certificate = try ServingCertificate(source, policy: policy, logger: quiet)
            try await withServer(Self.router, certificate: certificate) { port in
                var tls = try RawConnection.trusting(trust)
                tls.maximumTLSVersion = newest
                let answer = try? await RawConnection.with(port: port, tls: tls) { connection in
                    try await connection.send("GET /certificates HTTP/1.1\r\nHost: x\r\n\r\n")
                    return try await connection.read(until: "[]")
                }
                // No answer is the point of some cases.
                #expect((answer?.hasPrefix("HTTP/1.1 200") ?? false) == isSpoken, "\(policy) \(newest)")
            }
        }
    }

    @Test func `a body over TLS has the same limit`() async throws {
        let authority = try TestAuthority()
        files.write(try authority.loopback())
        let tls = TLSSettings(authorities: authority.authority.certificate)
        var limits = ServerLimits()
        limits.body = 1000
        try await withServer(WebServerTests.router, certificate: try certificate(), limits: limits) { port in
            for (size, status) in [(1000, 200), (1001, 413), (3_000_000, 413)] {
                let body = [UInt8](repeating: 65, count: size)
                let answer = try await ask("length", at: port, using: .post, tls: tls, body: body)
                #expect(answer.status == status)
            }
        }
    }

    @Test func `a client's certificates reach the handler, whoever has signed them`() async throws {
        let authority = try TestAuthority()
        files.write(try authority.loopback())
        let trust = authority.authority.certificate
        let client = try CertificateAuthority(commonName: "unknown", now: Date())
            .issue(CertificateRequest(commonName: "jane"), now: Date())
        let size = try NIOSSLCertificate.fromPEMBytes(Array(client.certificates.utf8))[0].toDERBytes().count
        try await withServer(Self.router, certificate: try certificate()) { port in
            let tls = TLSSettings(
                authorities: trust,
                certificate: client.certificates,
                privateKey: client.privateKey
            )
            #expect(try await ask("certificates", at: port, tls: tls).text == "[\(size)]")
            var configuration = try RawConnection.trusting(trust)
            configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(client.certificates.utf8))
                .map { .certificate($0) }
            let key = try client.privateKey.withValue { try NIOSSLPrivateKey(bytes: Array($0.utf8), format: .pem) }
            configuration.privateKey = .privateKey(key)
            let text = try await RawConnection.with(port: port, tls: configuration) { connection in
                try await connection.send("GET /certificates HTTP/1.1\r\nHost: x\r\n\r\n")
                return try await connection.read(until: "]")
            }
            #expect(text.hasSuffix("[\(size)]"))
        }
    }

    @Test func `a new certificate is for new connections, open ones go on`() async throws {
        let authority = try TestAuthority()
        files.write(try authority.loopback())
        let trust = try RawConnection.trusting(authority.authority.certificate)
        let certificate = try certificate()
        try await withServer(Self.router, certificate: certificate) { [files] port in
            try await RawConnection.with(port: port, tls: trust) { old in
                try await old.send("GET /certificates HTTP/1.1\r\nHost: x\r\n\r\n")
                _ = try await old.read(until: "[]")
                let first = try await old.serverCertificate()
                files.write(try authority.loopback())
                guard case .reloaded = certificate.reloadIfNeeded() else {
                    Issue.record("the certificate was not reloaded")
                    return
                }
                try await RawConnection.with(port: port, tls: trust) { new in
                    try await new.send("GET /certificates HTTP/1.1\r\nHost: x\r\n\r\n")
                    _ = try await new.read(until: "[]")
                    let second = try await new.serverCertificate()
                    #expect(first != nil && second != nil && first != second)
                }
                try await old.send("GET /certificates HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await old.read(until: "[]").hasPrefix("HTTP/1.1 200"))
            }
        }
    }

    @Test(arguments: [1, 2, 3])
    func `garbage instead of TLS is survived`(seed: UInt64) async throws {
        let authority = try TestAuthority()
        files.write(try authority.loopback())
        try await withServer(Self.router, certificate: try certificate()) { port in
            var generator = SplitMix(state: seed)
            let garbage = (0..<10_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
            for bytes in [garbage, [0x16, 3, 1] + garbage, Array("GET / HTTP/1.1\r\n\r\n".utf8)] {
                _ = try await RawConnection.with(port: port) { connection in
                    try await connection.send(bytes)
                    return await connection.readToEnd()
                }
            }
            let tls = TLSSettings(authorities: authority.authority.certificate)
            #expect(try await ask("certificates", at: port, tls: tls).status == 200)
        }
    }

    @Test func `garbage after the handshake is survived, whatever the client offers`() async throws {
        let authority = try TestAuthority()
        files.write(try authority.loopback())
        let trust = authority.authority.certificate
        try await withServer(Self.router, certificate: try certificate()) { port in
            var generator = SplitMix(state: 7)
            let garbage = (0..<10_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
            for protocols in [["h2"], ["http/1.1"]] {
                var configuration = try RawConnection.trusting(trust)
                configuration.applicationProtocols = protocols
                _ = try await RawConnection.with(port: port, tls: configuration) { connection in
                    try await connection.send(garbage)
                    return await connection.readToEnd()
                }
            }
            #expect(try await ask("certificates", at: port, tls: TLSSettings(authorities: trust)).status == 200)
        }
    }

    @Test func `a handshake that never ends is ended`() async throws {
        files.write(try TestAuthority().loopback())
        var limits = ServerLimits()
        limits.handshake = .milliseconds(50)
        try await withServer(Self.router, certificate: try certificate(), limits: limits) { port in
            let text = try await RawConnection.with(port: port) { await $0.readToEnd() }
            #expect(text == "")
        }
    }

    @Test func `a session that is resumed has its client's certificate too`() async throws {
        let authority = try TestAuthority()
        files.write(try authority.loopback())
        let client = try authority.authority.issue(CertificateRequest(commonName: "jane"), now: Date())
        try await withServer(Self.router, certificate: try certificate()) { port in
            let answers = try await OpenSSLClient.twice(port: port, path: "/certificates", client: client)
            #expect(answers.isResumed)
            #expect(answers.first == answers.second)
            #expect(answers.first.hasPrefix("["))
            #expect(answers.first != "[]")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a client that does not answer our good-bye cannot hold up the shutdown`() async throws {
        let authority = try TestAuthority()
        files.write(try authority.loopback())
        let certificate = try certificate()
        var limits = ServerLimits()
        limits.deadline = .seconds(1)
        try await withCurlTransport(environment: [:]) { transport in
            try await withServices { [limits] onListening in
                [
                    WebServer(
                        "test",
                        at: .at(host: "127.0.0.1", port: 0),
                        certificate: certificate,
                        limits: limits,
                        handler: Self.router.buildResponder(),
                        logger: quiet,
                        onListening: onListening
                    )
                ]
            } _: { port, shutDown in
                // Leaves an idle connection behind, at which libcurl does not look again.
                let request = Outbound.HTTPRequest(
                    .get,
                    WebAddress(scheme: "https", host: "127.0.0.1", port: port).appending("certificates"),
                    tls: TLSSettings(authorities: authority.authority.certificate),
                    deadline: .seconds(30)
                )
                let response = try await transport.collect(request, upTo: 1 << 20)
                #expect(response.status == 200)
                await shutDown()
            }
        }
    }

    @Test func `a shutdown lets a request in work finish`() async throws {
        let authority = try TestAuthority()
        files.write(try authority.loopback())
        let certificate = try certificate()
        let router = Self.router
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        router.get("wait") { _, _ in
            arrived.yield()
            for await _ in gate {}
            return Response.text("done")
        }
        let tls = TLSSettings(authorities: authority.authority.certificate)
        let answer = try await withServices { onListening in
            [
                WebServer(
                    "test",
                    at: .at(host: "127.0.0.1", port: 0),
                    certificate: certificate,
                    handler: router.buildResponder(),
                    logger: quiet,
                    onListening: onListening
                )
            ]
        } _: { port, shutDown in
            try await withThrowingTaskGroup(of: Outbound.HTTPResponse.self) { group in
                group.addTask { try await ask("wait", at: port, tls: tls) }
                var iterator = arrivals.makeAsyncIterator()
                await iterator.next()
                await shutDown()
                open.finish()
                return try await group.next()
            }
        }
        #expect(answer?.text == "done")
    }
}
