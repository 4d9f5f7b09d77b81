import Foundation
import Outbound

/// The hosts that `NO_PROXY` names.
///
/// Pure.
///
/// - Source: Go's `golang.org/x/net/http/httpproxy`, `config.init`, `config.useProxy` and the matchers: a comma list of
///   `*`, addresses, blocks of addresses, names with their subdomains, `.name` or `*.name` for subdomains only, all but
///   blocks and `*` with an optional port.
struct ProxyExceptions: Sendable {
    /// One entry of the list.
    private enum Rule: Sendable {
        case all
        case block(AddressBlock)
        case address(IPAddress, port: String)
        case name(suffix: String, includesItself: Bool, port: String)
    }

    /// In the order of the list, which does not matter.
    private let rules: [Rule]

    /// Reads a list; entries that mean nothing are left out, as Go does.
    init(_ list: String) {
        self.rules = list.split(separator: ",")
            .compactMap { entry in
                Self.rule(entry.trimmingCharacters(in: .whitespaces).lowercased())
            }
    }

    /// Whether an address is to be asked directly.
    func cover(_ address: WebAddress) -> Bool {
        let host = address.host.lowercased()
        let ip = IPAddress(host)
        if host == "localhost" || ip?.isLoopback ?? false { return true }
        let port = String(address.effectivePort)
        return rules.contains { rule in
            switch rule {
            case .all: true
            case .block(let block): ip.map { block.contains($0) } ?? false
            case .address(let other, let wanted): ip == other && (wanted.isEmpty || wanted == port)
            case .name(let suffix, let includesItself, let wanted):
                (host.hasSuffix(suffix) || includesItself && host == suffix.dropFirst())
                    && (wanted.isEmpty || wanted == port)
            }
        }
    }

    /// What one entry means; `nil` for nothing.
    private static func rule(_ entry: String) -> Rule? {
        if entry.isEmpty { return nil }
        if entry == "*" { return .all }
        if let block = AddressBlock(entry) { return .block(block) }
        let (host, port) = split(entry)
        if let address = IPAddress(host) { return .address(address, port: port) }
        let name = host.hasPrefix("*.") ? String(host.dropFirst()) : host
        if name.isEmpty { return nil }
        return name.hasPrefix(".")
            ? .name(suffix: name, includesItself: false, port: port)
            : .name(suffix: "." + name, includesItself: true, port: port)
    }

    /// Takes a port off: `name:80`, `10.0.0.1:80` or `[::1]:80`.
    ///
    /// An IPv6 address may stand bare.
    private static func split(_ entry: String) -> (host: String, port: String) {
        if entry.hasPrefix("["), let end = entry.firstIndex(of: "]") {
            let rest = entry[entry.index(after: end)...]
            return (String(entry[entry.index(after: entry.startIndex)..<end]), String(rest.drop { $0 == ":" }))
        }
        let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : (entry, "")
    }
}
