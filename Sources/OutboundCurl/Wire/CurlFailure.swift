import CCurl
import Outbound

/// What libcurl knows about a failed transfer, and what that means to a caller.
///
/// Pure.
struct CurlFailure {
    /// libcurl's code.
    let code: CURLcode
    /// libcurl's words.
    let message: String
    /// Where the request went, without path and credentials.
    let origin: String
    /// The proxy's status for CONNECT; 0 without one.
    let connectCode: Int
    /// Whether the request brought its own authorities.
    let hasOwnAuthorities: Bool
    /// Whether the server of a new connection asked for a certificate that we do not have, and not one byte came.
    ///
    /// With TLS 1.3 a server looks at the certificate, or misses it, after our side of the handshake is done; its alert
    /// may then be lost when it closes the connection with our request unread.
    let endedUnheard: Bool

    /// The error for the caller: a bland summary, libcurl's words in the detail.
    var error: OutboundError {
        let (code, summary) = meaning
        return OutboundError(
            code,
            summary,
            detail: "\(origin): \(Self.withoutUserInfo(message)) [curl \(self.code.rawValue)]"
        )
    }

    /// Code and summary.
    private var meaning: (OutboundError.Code, String) {
        if connectCode == 407 { return (.unauthorized, "the proxy refuses our credentials") }
        if connectCode >= 300 { return (.cannotConnect, "the proxy refuses to connect us") }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST: return (.nameResolution, "the host name has no address")
        case CURLE_COULDNT_RESOLVE_PROXY: return (.nameResolution, "the proxy's host name has no address")
        case CURLE_COULDNT_CONNECT: return (.cannotConnect, "nothing accepts connections at the address")
        case CURLE_PROXY: return (.cannotConnect, "the proxy cannot connect us")
        case CURLE_OPERATION_TIMEDOUT: return (.timedOut, "the connection could not be made in time")
        case CURLE_URL_MALFORMAT: return (.invalidRequest, "the URL is not valid")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: return (.malformedAnswer, "the answer is not HTTP")
        case CURLE_BAD_CONTENT_ENCODING: return (.malformedAnswer, "the answer is not compressed as it says")
        case CURLE_OUT_OF_MEMORY: return (.overloaded, "libcurl is out of memory")
        case CURLE_PEER_FAILED_VERIFICATION: return (.tls, untrusted)
        case CURLE_SSL_CERTPROBLEM: return (.invalidRequest, "the client certificate or its key cannot be used")
        case CURLE_SSL_CACERT_BADFILE: return authoritiesUnreadable
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED, CURLE_SSL_CLIENTCERT:
            return (.tls, "no secure connection could be made")
        case _ where message.contains("alert"): return (.tls, "the server refuses our side of the secure connection")
        case _ where endedUnheard:
            return (.tls, "the server asks for a client certificate, and ended the connection")
        default: return (.connectionLost, "the connection broke before the answer was complete")
        }
    }

    /// Why a certificate is not accepted; libcurl has one code for both reasons.
    private var untrusted: String {
        message.contains("subject name")
            ? "the server's certificate does not carry the name that was asked for"
            : "the server's certificate is not signed by a trusted authority, or is out of date"
    }

    /// The authorities hold no certificate.
    private var authoritiesUnreadable: (OutboundError.Code, String) {
        hasOwnAuthorities
            ? (.invalidRequest, "the certificate authorities hold no readable certificate")
            : (.tls, "the system's certificate authorities cannot be read")
    }

    /// The text without what stands between `//` and `@`, should libcurl repeat an address with credentials.
    private static func withoutUserInfo(_ text: String) -> String {
        text.replacing(/\/\/[^\/\s]*@/, with: "//")
    }
}
