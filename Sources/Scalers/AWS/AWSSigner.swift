internal import Crypto
internal import Foundation
internal import KubeModel
internal import Outbound

/// Signs requests as AWS wants them, by Signature Version 4 in the Authorization header.
///
/// - Source: AWS, "Create a signed AWS API request".
struct AWSSigner: Sendable {
    /// Whose keys.
    let credentials: AWSCredentials
    /// Such as `eu-west-1`; a secret only because it may come with the keys.
    let region: Secret<String>
    /// As AWS calls it in signatures, such as `aps`.
    let service: String

    /// The request with the headers that prove who sends it; all headers that can be shown are signed too.
    ///
    /// Pure. A signature holds for a few minutes around its time. The headers with the access key and the session token
    /// are secret ones, so that a dump of the request shows neither. Any other authorization is dropped.
    func sign(_ request: HTTPRequest, at time: Date) -> HTTPRequest {
        let stamp = RFC3339.seconds(time).filter { $0 != "-" && $0 != ":" }
        var request = request
        request.authorization = nil
        request.headers.removeAll { Self.ownHeaders.contains($0.name.lowercased()) }
        request.headers.append(HTTPRequest.Header("X-Amz-Date", stamp))
        request.secretHeaders["X-Amz-Security-Token"] = credentials.sessionToken
        let (canonical, names) = Self.canonical(request, token: credentials.sessionToken)
        let digest = canonical.withValue { Self.hex(SHA256.hash(data: Data($0.utf8))) }
        request.secretHeaders["Authorization"] = region.map { region in
            let parts = [String(stamp.prefix(8)), region, service, "aws4_request"]
            let scope = parts.joined(separator: "/")
            let text = "AWS4-HMAC-SHA256\n\(stamp)\n\(scope)\n\(digest)"
            let signature = credentials.secretAccessKey.withValue { Self.hex(Self.mark(on: text, by: $0, for: parts)) }
            return credentials.accessKeyID.withValue {
                "AWS4-HMAC-SHA256 Credential=\($0)/\(scope), SignedHeaders=\(names), Signature=\(signature)"
            }
        }
        return request
    }

    /// The headers that only a signer writes.
    private static let ownHeaders: Set<String> = ["authorization", "x-amz-date", tokenHeader]

    /// How the header with the session token stands among the signed ones.
    private static let tokenHeader = "x-amz-security-token"

    /// The signature of a text, by a key that is made of the secret one for a day, a region and a service.
    private static func mark(on text: String, by secret: String, for parts: [String]) -> HMAC<SHA256>.MAC {
        var key = SymmetricKey(data: Data("AWS4\(secret)".utf8))
        for part in parts {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: key))
        }
        return HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
    }

    /// The request in the one form that both sides sign, and the names of its headers.
    private static func canonical(
        _ request: HTTPRequest,
        token: Secret<String>?
    ) -> (text: Secret<String>, names: String) {
        var values = Dictionary(grouping: request.headers) { $0.name.lowercased() }
            .mapValues { $0.map { compressed($0.value) }.joined(separator: ",") }
        values["host"] = values["host"] ?? host(of: request.url)
        let head = "\(request.method.rawValue)\n\(path(of: request.url))\n\(query(of: request.url))\n"
        let names = (values.keys + (token == nil ? [] : [tokenHeader])).sorted()
        let body = hex(SHA256.hash(data: Data(request.body)))
        let list = names.joined(separator: ";")
        let text = (token ?? Secret(""))
            .map { token in
                let lines = names.map { "\($0):\(values[$0] ?? token)\n" }.joined()
                return "\(head)\(lines)\n\(list)\n\(body)"
            }
        return (text, list)
    }

    /// The host as it stands in the Host header: without the port that the scheme has anyway.
    private static func host(of url: WebAddress) -> String {
        let usual = WebAddress(scheme: url.scheme, host: url.host).effectivePort
        return url.port == usual ? url.bracketedHost : url.authority
    }

    /// The path as it goes over the wire, encoded once more, as all services but S3 have it.
    private static func path(of url: WebAddress) -> String {
        let path = url.path.isEmpty ? "/" : url.path
        return path.split(separator: "/", omittingEmptySubsequences: false).map { WebAddress.encode(String($0)) }
            .joined(separator: "/")
    }

    /// The query in order, each part decoded and encoded anew.
    private static func query(of url: WebAddress) -> String {
        url.query
            .map { item -> (name: String, value: String) in
                let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    .map { part -> String in
                        WebAddress.encode(
                            PercentEncoding.decode(part, isForm: true) ?? String(part).replacing("+", with: "%20")
                        )
                    }
                return (parts[0], parts.count > 1 ? parts[1] : "")
            }
            .sorted { ($0.name, $0.value) < ($1.name, $1.value) }
            .map { "\($0.name)=\($0.value)" }
            .joined(separator: "&")
    }

    /// A header's value without space around it, and with single spaces inside.
    private static func compressed(_ value: String) -> String {
        value.split(separator: " ").joined(separator: " ")
    }

    /// Bytes as lower-case hexadecimal digits.
    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
