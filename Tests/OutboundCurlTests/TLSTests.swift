import Outbound
import OutboundCurl
import Synchronization
import Testing

@Suite struct TLSTests {
    @Test func `a server is trusted by its authority and its name`() async throws {
        try await withNginx { nginx in
            try await withTransport { transport in
                let response = try await transport.collect(HTTPRequest(.get, nginx.secure, tls: nginx.trust), upTo: 100)
                #expect(response.text.hasSuffix(" HTTP/2.0 TLSv1.3 NONE"))
                let streamed = try await transport.withResponse(to: HTTPRequest(.get, nginx.secure, tls: nginx.trust)) {
                    head,
                    body in
                    #expect(head.status == 200)
                    return String(decoding: try await body.bytes(), as: UTF8.self)
                }
                #expect(streamed.hasSuffix(" HTTP/1.1 TLSv1.3 NONE"), "a stream has a connection of its own")
            }
        }
    }

    @Test func `a server that cannot be trusted is not asked`() async throws {
        try await withNginx { nginx in
            var otherAuthority = nginx.trust
            otherAuthority.authorities = nginx.certificates.otherAuthority
            var otherName = nginx.trust
            otherName.serverName = "bad.test"
            var noName = nginx.trust
            noName.serverName = nil
            let signed = "the server's certificate is not signed by a trusted authority, or is out of date"
            let named = "the server's certificate does not carry the name that was asked for"
            let cases = [
                (TLSSettings(serverName: Certificates.serverName), signed), (otherAuthority, signed),
                (otherName, named), (noName, named),
            ]
            try await withTransport { transport in
                // A connection that somebody else trusts must not serve those who do not.
                let trusted = HTTPRequest(.get, nginx.secure, tls: nginx.trust)
                #expect(try await transport.collect(trusted, upTo: 100).status == 200)
                for (tls, summary) in cases {
                    let request = HTTPRequest(.get, nginx.secure, authorization: .bearer("canary"), tls: tls)
                    let error = try await expectFailure(.tls) { try await transport.collect(request, upTo: 100) }
                    #expect(error.summary == summary, "\(error.debugDescription)")
                    #expect(!error.debugDescription.contains("canary"))
                }
            }
        }
    }

    @Test func `verification is skipped on demand only`() async throws {
        try await withNginx { nginx in
            try await withTransport { transport in
                let careless = HTTPRequest(.get, nginx.secure, tls: TLSSettings(skipsVerification: true))
                let response = try await transport.collect(careless, upTo: 100)
                #expect(response.status == 200)
                try await expectFailure(.tls) {
                    try await transport.collect(HTTPRequest(.get, nginx.secure), upTo: 100)
                }
            }
        }
    }

    @Test func `an old version is refused where a newer one is asked for`() async throws {
        try await withNginx { nginx in
            try await withTransport { transport in
                var tls = nginx.trust
                let old = HTTPRequest(.get, nginx.outdated, tls: tls)
                #expect(try await transport.collect(old, upTo: 100).text.hasSuffix(" HTTP/1.1 TLSv1.2 NONE"))
                tls.minimumVersion = .tls13
                let new = HTTPRequest(.get, nginx.outdated, tls: tls)
                try await expectFailure(.tls) { try await transport.collect(new, upTo: 100) }
            }
        }
    }

    @Test func `a client shows its certificate`() async throws {
        try await withNginx { nginx in
            try await withTransport { transport async throws in
                let anonymous = HTTPRequest(.get, nginx.forClients, tls: nginx.trust)
                #expect(try await transport.collect(anonymous, upTo: 1000).status == 400)
                var tls = nginx.trust
                tls.certificate = nginx.certificates.client.certificate
                tls.privateKey = Secret(nginx.certificates.client.key)
                let known = HTTPRequest(.get, nginx.forClients, tls: tls)
                #expect(try await transport.collect(known, upTo: 100).text.hasSuffix(" SUCCESS"))
                #expect(try await transport.collect(anonymous, upTo: 1000).status == 400)
                tls.privateKey = Secret(nginx.certificates.encryptedKey)
                tls.privateKeyPassword = Secret(Certificates.password)
                let encrypted = HTTPRequest(.get, nginx.forClients, tls: tls)
                #expect(try await transport.collect(encrypted, upTo: 100).text.hasSuffix(" SUCCESS"))
            }
        }
    }

    @Test func `a server that misses a certificate and hangs up is told by TLS, any other as a lost connection`()
        async throws
    {
        try await withNginx { nginx in
            try await withTransport { transport in
                var known = nginx.trust
                known.certificate = nginx.certificates.client.certificate
                known.privateKey = Secret(nginx.certificates.client.key)
                for (address, tls, code) in [
                    (nginx.curious, nginx.trust, OutboundError.Code.tls), (nginx.curious, known, .connectionLost),
                    (nginx.secure, nginx.trust, .connectionLost),
                ] {
                    let request = HTTPRequest(.get, address.appending("hangs-up"), tls: tls)
                    let error = try await expectFailure(code) { try await transport.collect(request, upTo: 100) }
                    #expect(error.summary.contains("client certificate") == (code == .tls))
                }
            }
        }
    }

    @Test func `a client certificate without its key opens nothing, not even what others have opened`() async throws {
        try await withNginx { nginx in
            try await withTransport { transport in
                var tls = nginx.trust
                tls.certificate = nginx.certificates.client.certificate
                tls.privateKey = Secret(nginx.certificates.client.key)
                let known = HTTPRequest(.get, nginx.forClients, tls: tls)
                #expect(try await transport.collect(known, upTo: 100).status == 200)
                let wrong: [(key: String?, password: String?)] = [
                    (nginx.certificates.otherKey, nil), ("canary, not a key", nil), (nil, nil),
                    (nginx.certificates.encryptedKey, "canary, not the password"),
                    (nginx.certificates.encryptedKey, nil),
                ]
                for (key, password) in wrong {
                    tls.privateKey = key.map { Secret($0) }
                    tls.privateKeyPassword = password.map { Secret($0) }
                    let request = HTTPRequest(.get, nginx.forClients, tls: tls)
                    let error = try await expectFailure(.invalidRequest) {
                        try await transport.collect(request, upTo: 100)
                    }
                    #expect(!error.debugDescription.contains("canary"))
                }
            }
        }
    }

    @Test func `authorities that hold no certificate are the request's fault`() async throws {
        try await withNginx { nginx in
            try await withTransport { transport in
                for authorities in ["", "not a certificate"] {
                    let request = HTTPRequest(.get, nginx.secure, tls: TLSSettings(authorities: authorities))
                    try await expectFailure(.invalidRequest) { try await transport.collect(request, upTo: 100) }
                }
            }
        }
    }

    @Test func `many requests at once share one HTTP/2 connection`() async throws {
        try await withNginx { nginx in
            try await withTransport(CurlTransport.Settings(connectionsPerHost: 1)) { transport in
                // Each takes a second: one after the other they would miss the deadline.
                let request = HTTPRequest(
                    .get,
                    nginx.secure.appending("slow"),
                    tls: nginx.trust,
                    deadline: .seconds(30)
                )
                let connections = try await withThrowingTaskGroup(of: String?.self) { group in
                    for _ in 0..<100 {
                        group.addTask { try await transport.collect(request, upTo: 10_000).head["X-Connection"] }
                    }
                    return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
                }
                #expect(connections.count == 1)
            }
        }
    }

    @Test func `compressed bodies are handed over as they were`() async throws {
        try await withNginx { nginx in
            try await withTransport { transport in
                let request = HTTPRequest(.get, nginx.secure.appending("large"), tls: nginx.trust)
                let whole = try await transport.collect(request, upTo: 1_000_000)
                #expect(whole.head["Content-Encoding"] == "gzip")
                #expect(whole.text == Nginx.large)
                let streamed = try await transport.withResponse(to: request) { _, body in try await body.bytes() }
                #expect(streamed == whole.body)
                // The limit counts what comes out.
                try await expectFailure(.tooLarge) { try await transport.collect(request, upTo: whole.body.count - 1) }
            }
        }
    }

    @Test(arguments: [1, 20])
    func `answers of any length come whole, with nothing after them on their connection`(count: Int) async throws {
        try await withNginx { nginx in
            try await withTransport { transport in
                for (number, noise) in Nginx.noises.enumerated() {
                    let request = HTTPRequest(
                        .get,
                        nginx.secure.appending("noise-\(number)"),
                        tls: nginx.trust,
                        deadline: .seconds(20)
                    )
                    try await withThrowingTaskGroup { group in
                        for _ in 0..<count {
                            group.addTask {
                                let answer = try await transport.collect(request, upTo: 1_000_000)
                                #expect(answer.text == noise)
                            }
                        }
                        try await group.waitForAll()
                    }
                }
            }
        }
    }

    @Test func `what the transport trusts is trusted besides the system's and the request's authorities`() async throws
    {
        let added = Mutex<String?>(nil)
        try await withNginx { nginx in
            try await withTransport(authorities: { added.withLock { $0 } }) { transport in
                var system = nginx.trust
                system.authorities = nil
                var other = nginx.trust
                other.authorities = nginx.certificates.otherAuthority
                for tls in [system, other] {
                    try await expectFailure(.tls) {
                        try await transport.collect(HTTPRequest(.get, nginx.secure, tls: tls), upTo: 100)
                    }
                }
                added.withLock { $0 = nginx.certificates.authority }
                for tls in [system, other, nginx.trust] {
                    let answer = try await transport.collect(HTTPRequest(.get, nginx.secure, tls: tls), upTo: 100)
                    #expect(answer.status == 200)
                }
                added.withLock { $0 = nginx.certificates.otherAuthority }
                try await expectFailure(.tls) {
                    try await transport.collect(HTTPRequest(.get, nginx.secure, tls: system), upTo: 100)
                }
            }
        }
    }

    @Test func `the transport's oldest version holds where a request names none`() async throws {
        try await withNginx { nginx in
            try await withTransport(CurlTransport.Settings(tls: TLSPolicy(minimumVersion: .tls13))) { transport in
                try await expectFailure(.tls) {
                    try await transport.collect(HTTPRequest(.get, nginx.outdated, tls: nginx.trust), upTo: 100)
                }
                var tls = nginx.trust
                tls.minimumVersion = .tls12
                let answer = try await transport.collect(HTTPRequest(.get, nginx.outdated, tls: tls), upTo: 100)
                #expect(answer.status == 200)
            }
        }
    }

    @Test func `the transport's cipher suites are the only ones offered`() async throws {
        let all = CipherSuiteNames.parse(
            """
            TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,\
            TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,\
            TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,\
            TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,\
            TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
            """
        )
        #expect(all.known.count == 10 && all.unknown == [])
        try await withNginx { nginx in
            let request = HTTPRequest(.get, nginx.outdated, tls: nginx.trust)
            for (suites, isSpoken) in [
                (all.known, true), (["ECDHE-ECDSA-AES256-GCM-SHA384"], true), (["ECDHE-RSA-AES256-GCM-SHA384"], false),
            ] {
                try await withTransport(CurlTransport.Settings(tls: TLSPolicy(cipherSuites: suites))) { transport in
                    if isSpoken {
                        #expect(try await transport.collect(request, upTo: 100).status == 200)
                    } else {
                        try await expectFailure(.tls) { try await transport.collect(request, upTo: 100) }
                    }
                }
            }
        }
    }
}
