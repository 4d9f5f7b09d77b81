import Foundation
public import Outbound

/// The system's look-up of names.
///
/// Every call but ``isAddress(_:)`` may block for long.
public enum SystemLookUp {
    /// The addresses of a name, in the system's order of preference (RFC 6724).
    ///
    /// - Throws: ``OutboundError`` `.nameResolution` when there is none.
    public static func addresses(of name: String) throws(OutboundError) -> [String] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = streamType
        hints.ai_flags = AI_ADDRCONFIG
        var first: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &first)
        guard status == 0 else { throw unknown(name, String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(first) }
        let found = sequence(first: first, next: { $0?.pointee.ai_next }).compactMap { $0.flatMap(text) }
        guard !found.isEmpty else { throw unknown(name, "no address") }
        return found
    }

    /// Whether a host is an IPv4 or IPv6 address already, with or without a zone.
    public static func isAddress(_ host: String) -> Bool {
        var buffer = in6_addr()
        let withoutZone = host.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false).first
            .map(String.init)
        return inet_pton(AF_INET, host, &buffer) == 1 || inet_pton(AF_INET6, withoutZone ?? host, &buffer) == 1
    }

    /// One address as text, with its zone.
    private static func text(_ info: UnsafeMutablePointer<addrinfo>) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let status = getnameinfo(
            info.pointee.ai_addr,
            info.pointee.ai_addrlen,
            &buffer,
            socklen_t(buffer.count),
            nil,
            0,
            NI_NUMERICHOST
        )
        guard status == 0 else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// The error for a name without addresses.
    private static func unknown(_ name: String, _ reason: String) -> OutboundError {
        OutboundError(.nameResolution, "the host name has no address", detail: "name \(name): \(reason)")
    }

    #if os(Linux)
    /// Glibc has it as an enum.
    private static let streamType = Int32(SOCK_STREAM.rawValue)
    #else
    /// See the other branch.
    private static let streamType = SOCK_STREAM
    #endif
}
