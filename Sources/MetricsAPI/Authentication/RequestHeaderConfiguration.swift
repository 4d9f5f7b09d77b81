import Certificates
import Foundation
import KubeModel
import Outbound

/// How the API server tells us, in headers, for whom it asks; and how we know that it is the API server.
///
/// - Source: Kubernetes, "Configure the Aggregation Layer"; `apiserver/pkg/authentication/request/headerrequest`.
public struct RequestHeaderConfiguration: Sendable, Hashable {
    /// Vouches for the certificate of the API server as a client: the request-header CA.
    var authorities: ClientCertificateVerifier
    /// The common names that the certificate may have; none means any.
    var allowedNames: [String]
    /// Headers that may hold the user's name; the first that is not empty does.
    var usernameHeaders: [String]
    /// Headers that hold groups.
    var groupHeaders: [String]
    /// Beginnings of headers that hold extra attributes.
    var extraPrefixes: [String]
    /// Headers that may hold the user's UID; only newer API servers send one.
    var uidHeaders: [String]

    /// Whether a certificate of this name may speak for others.
    func allows(_ commonName: String?) -> Bool {
        allowedNames.isEmpty || commonName.map(allowedNames.contains) == true
    }

    /// For whom the API server asks; `nil` when the headers name nobody.
    ///
    /// - Parameter headers: all of the request, in order.
    /// - Returns: exactly what the headers say: the API server has put `system:authenticated` among the groups.
    func user(in headers: [Header]) -> UserInfo? {
        guard let name = first(usernameHeaders, in: headers) else { return nil }
        let groups = groupHeaders.flatMap { wanted in headers.filter { $0.isCalled(wanted) }.map(\.value) }
        var extra: [String: [String]] = [:]
        for prefix in extraPrefixes.map({ $0.lowercased() }) {
            for header in headers where header.name.hasPrefix(prefix) {
                let key = String(header.name.dropFirst(prefix.count))
                // A key that is no percent-encoding stands for itself, as in Go.
                extra[PercentEncoding.decode(key) ?? key, default: []].append(header.value)
            }
        }
        return UserInfo(username: name, uid: first(uidHeaders, in: headers), groups: groups, extra: extra)
    }

    /// The first value that is not empty, in the order of the names.
    private func first(_ names: [String], in headers: [Header]) -> String? {
        for name in names {
            if let value = headers.first(where: { $0.isCalled(name) })?.value, !value.isEmpty { return value }
        }
        return nil
    }
}

/// One header of a request.
struct Header: Sendable, Hashable {
    /// In lower case.
    let name: String
    /// As sent.
    let value: String

    /// Makes a header.
    init(_ name: String, _ value: String) {
        self.name = name.lowercased()
        self.value = value
    }

    /// Whether this is the header of that name.
    func isCalled(_ other: String) -> Bool { name == other.lowercased() }
}
