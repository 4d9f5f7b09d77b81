internal import Foundation
internal import Outbound
internal import ScalerKit

/// Where a member of an etcd cluster is, as a user writes it.
///
/// - Source: etcd, `client/v3/internal/endpoint`: the scheme decides on TLS, and without one the settings do.
struct EtcdEndpoint: Sendable, Hashable {
    /// With the port that is meant; its scheme is of no account if ``hasScheme`` is not set.
    private let address: WebAddress
    /// Whether the user wrote a scheme.
    private let hasScheme: Bool

    /// Reads `host:port`, `http://host:port` or `https://host:port`; without scheme and port 2379 is meant.
    ///
    /// - Returns: `nil` for anything else; an address with credentials or a query too.
    init?(_ text: String) {
        self.hasScheme = text.contains("://")
        // What is no address is told by the field.
        guard let parsed = try? WebAddress.parse(hasScheme ? text : "http://\(text)"), parsed.credentials == nil,
            parsed.address.query.isEmpty
        else { return nil }
        var address = parsed.address
        if !hasScheme, address.port == nil { address.port = 2379 }
        self.address = address
    }

    /// Where to ask.
    func address(usesTLS: Bool) -> WebAddress {
        var address = address
        if !hasScheme { address.scheme = usesTLS ? "https" : "http" }
        return address
    }
}

extension FieldKind where Value == [EtcdEndpoint] {
    /// Members of an etcd cluster, joined by commas.
    static var etcdEndpoints: FieldKind {
        FieldKind("list of host:port") { text throws(FieldProblem) in
            let endpoints = text.split(separator: ",", omittingEmptySubsequences: false)
                .map { EtcdEndpoint($0.trimmingCharacters(in: .whitespaces)) }
            guard endpoints.allSatisfy({ $0 != nil }) else {
                throw FieldProblem("must be addresses joined by commas, such as etcd-0.etcd:2379")
            }
            return endpoints.compactMap(\.self)
        }
    }
}
