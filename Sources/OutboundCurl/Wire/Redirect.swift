import Outbound

extension HTTPRequest {
    /// Where an answer points instead of being one; `nil` when the answer stands.
    ///
    /// Only GET and HEAD are sent again.
    ///
    /// - Source: Go's `net/http`, `redirectBehavior`.
    func redirect(in head: HTTPResponseHead) -> String? {
        guard method == .get || method == .head, [301, 302, 303, 307, 308].contains(head.status),
            let location = head["Location"], !location.isEmpty
        else { return nil }
        return location
    }

    /// The request to send to another place.
    ///
    /// Credentials go along to the same host and port, and from http to https on the usual ports, as servers do that
    /// send everyone to https; anywhere else they are dropped.
    ///
    /// - Throws: ``OutboundError`` `.malformedAnswer` for a location that is no http or https address.
    /// - Source: Go's `net/http`, `shouldCopyHeaderOnRedirect`; ours is stricter about ports.
    func redirected(to location: String) throws(OutboundError) -> HTTPRequest {
        var next = self
        do throws(OutboundError) {
            next.url = try url.resolving(location)
        } catch {
            throw OutboundError(
                .malformedAnswer,
                "the server redirects to something that is not an http or https address",
                detail: "\(url.scheme)://\(url.authority)"
            )
        }
        if !next.url.mayShareCredentials(of: url) {
            next.authorization = nil
            next.secretHeaders = [:]
            next.headers.removeAll { Self.credentialHeaders.contains($0.name.lowercased()) }
        }
        return next
    }

    /// Headers that are credentials even where a caller sends them as plain ones.
    ///
    /// - Source: Go's `net/http`, `shouldCopyHeaderOnRedirect`.
    private static let credentialHeaders: Set<String> = ["authorization", "www-authenticate", "cookie", "cookie2"]
}

extension WebAddress {
    /// Whether credentials for `other` may be sent here.
    fileprivate func mayShareCredentials(of other: WebAddress) -> Bool {
        guard host.lowercased() == other.host.lowercased() else { return false }
        if scheme == other.scheme { return effectivePort == other.effectivePort }
        return scheme == "https" && effectivePort == 443 && other.effectivePort == 80
    }
}
