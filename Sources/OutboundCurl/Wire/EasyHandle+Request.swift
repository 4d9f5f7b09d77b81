import CCurl
import Outbound

extension EasyHandle {
    /// Sets everything that a request says; the handle must be fresh.
    ///
    /// Redirects are ours (`HTTPRequest.redirected(by:)`), as are deadlines: libcurl's own cover a whole transfer only,
    /// and not the time that it queues for a connection.
    func configure(_ wire: WireRequest, _ settings: CurlTransport.Settings) throws(OutboundError) {
        try set(CURLOPT_URL, wire.url)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_PATH_AS_IS, true)
        try set(CURLOPT_NOSIGNAL, true)
        try set(CURLOPT_QUICK_EXIT, true)
        try configurePatience(settings)
        try set(CURLOPT_MAXAGE_CONN, Int(settings.idleConnectionLifetime.components.seconds))
        try set(CURLOPT_FORBID_REUSE, !settings.keepsConnections)
        try set(CURLOPT_DNS_CACHE_TIMEOUT, Int(settings.nameLifetime.components.seconds))
        try set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate")
        try configureVersion(wire)
        try configureMethod(wire.request)
        try configureProxy(wire)
        if wire.request.url.scheme == "https" {
            try configure(wire.request.tls, settings.tls)
            try configureTrust(wire.request.tls.authorities, and: wire.addedAuthorities)
        }
    }

    /// Notices a peer that has gone without a word: in use by what it does not acknowledge, idle by probes.
    private func configurePatience(_ settings: CurlTransport.Settings) throws(OutboundError) {
        try set(acknowledgementLimit: settings.acknowledgementLimit)
        try set(CURLOPT_TCP_KEEPALIVE, true)
        try set(CURLOPT_TCP_KEEPIDLE, 30)
        try set(CURLOPT_TCP_KEEPINTVL, 10)
    }

    /// HTTP/2 where it is offered in the TLS handshake, but not for streams.
    ///
    /// libcurl 7.88 cannot hold back one HTTP/2 stream alone: while others use the connection it goes on taking bytes for
    /// the paused one, and fails with "out of memory" in the end. Streams therefore have a connection each. `CURLOPT_PIPEWAIT` lets the first requests to a host
    /// wait for its first handshake instead of making a connection each; without TLS they would wait for an answer.
    private func configureVersion(_ wire: WireRequest) throws(OutboundError) {
        let shares = wire.mode.isWhole && wire.request.url.scheme == "https"
        try set(CURLOPT_HTTP_VERSION, Int(shares ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_PIPEWAIT, shares)
        // Hundreds of requests are under way at once, with a few kilobytes of answer each, and libcurl has 16 KiB ready. HTTP/2
        // needs them: libcurl 7.88 takes in a TLS record at a time, and misses the end of an answer when there is less room.
        if wire.mode.isWhole, !shares { try set(CURLOPT_BUFFERSIZE, 4 << 10) }
    }

    /// The method and the body.
    private func configureMethod(_ request: HTTPRequest) throws(OutboundError) {
        switch request.method {
        case .head: try set(CURLOPT_NOBODY, true)
        case .get, .delete:
            try set(CURLOPT_HTTPGET, true)
            if !request.body.isEmpty { try set(body: request.body) }
            try set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case .post, .put, .patch:
            try set(body: request.body)
            try set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    /// The proxy that we have chosen; an empty one keeps libcurl from reading the environment itself.
    private func configureProxy(_ wire: WireRequest) throws(OutboundError) {
        try set(CURLOPT_NOPROXY, "")
        guard let proxy = wire.proxy else { return try set(CURLOPT_PROXY, "") }
        try proxy.url.withValue { value throws(OutboundError) in try set(CURLOPT_PROXY, value) }
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
    }

    /// Whom to trust: the request's authorities or the system's, and those of the transport.
    private func configureTrust(_ authorities: String?, and added: String?) throws(OutboundError) {
        if let authorities {
            try set(CURLOPT_CAINFO_BLOB, blob: authorities + (added.map { "\n" + $0 } ?? ""))
            try set(CURLOPT_CAPATH, nil as String?)
        } else if let added {
            // Takes the place of the system's file; its folder stays, where libcurl has one.
            try set(CURLOPT_CAINFO_BLOB, blob: (SystemAuthorities.withoutFolder ?? "") + added)
        }
    }

    /// How we verify, and who we are.
    private func configure(_ tls: TLSSettings, _ policy: TLSPolicy) throws(OutboundError) {
        try set(CURLOPT_SSLVERSION, (tls.minimumVersion ?? policy.minimumVersion).curlVersion)
        if !policy.cipherSuites.isEmpty {
            try set(CURLOPT_SSL_CIPHER_LIST, policy.cipherSuites.joined(separator: ":"))
        }
        try set(CURLOPT_SSL_VERIFYPEER, !tls.skipsVerification)
        try set(CURLOPT_SSL_VERIFYHOST, tls.skipsVerification ? 0 : 2)
        guard let certificate = tls.certificate else { return }
        try set(CURLOPT_SSLCERT_BLOB, blob: certificate)
        // libcurl compares certificates, not keys, before it re-uses a connection or a session. This name, which is
        // never opened as a file because the blob comes first, makes it compare all settings: nobody rides on a
        // connection that somebody else's key has opened.
        try set(CURLOPT_SSLCERT, "tls-settings-\(tls.hashValue)")
        if let key = tls.privateKey {
            try key.withValue { value throws(OutboundError) in try set(CURLOPT_SSLKEY_BLOB, blob: value) }
        }
        // Without a password OpenSSL would ask for one at the terminal.
        try (tls.privateKeyPassword ?? Secret(""))
            .withValue { value throws(OutboundError) in
                try set(CURLOPT_KEYPASSWD, value)
            }
    }
}

extension TLSSettings.Version {
    /// libcurl's number for "this version or later".
    fileprivate var curlVersion: Int {
        switch self {
        case .tls10: Int(CURL_SSLVERSION_TLSv1_0)
        case .tls11: Int(CURL_SSLVERSION_TLSv1_1)
        case .tls12: Int(CURL_SSLVERSION_TLSv1_2)
        case .tls13: Int(CURL_SSLVERSION_TLSv1_3)
        }
    }
}
