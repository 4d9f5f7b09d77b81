/// Where a server listens, as flags say it.
///
/// `:8080`, `0.0.0.0:8080` and `[::]:8080` all mean every address of the machine, IPv4 and IPv6; a certain address
/// means that one alone; port 0 takes a free port; `0` turns the server off.
public enum ListenAddress: Sendable, Hashable {
    /// No server.
    case off
    /// All addresses, IPv4 and IPv6.
    case everywhere(port: Int)
    /// One address, or a name for one; IPv6 without brackets.
    case at(host: String, port: Int)

    /// Why a text is no address.
    public struct ParseError: Error, Hashable, CustomStringConvertible {
        /// What is wrong and what is allowed.
        public let description: String
    }

    /// Reads a flag's value.
    public init(parsing text: String) throws(ParseError) {
        if text == "0" {
            self = .off
            return
        }
        guard let colon = text.lastIndex(of: ":") else {
            throw Self.error(text, Int(text) == nil ? "has no port" : "has no colon: write :\(text)")
        }
        let digits = text[text.index(after: colon)...]
        guard let port = Int(digits), (0...65_535).contains(port),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { throw Self.error(text, "has no port between 0 and 65535") }
        let host = try Self.host(String(text[..<colon]), in: text)
        let isUnspecified = host.isEmpty || host == "0.0.0.0" || host == "::"
        self = isUnspecified ? .everywhere(port: port) : .at(host: host, port: port)
    }

    /// The host without brackets, which only IPv6 may and must have.
    private static func host(_ host: String, in text: String) throws(ParseError) -> String {
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let inner = isBracketed ? String(host.dropFirst().dropLast()) : host
        let isWord = inner.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && scalar.value > 0x20 && !"[]/".unicodeScalars.contains(scalar)
        }
        guard isWord, inner.contains(":") || !isBracketed else { throw error(text, "has no usable host") }
        guard isBracketed || !inner.contains(":") else { throw error(text, "has an IPv6 address without [brackets]") }
        return inner
    }

    /// Says what is wrong and what is allowed.
    private static func error(_ text: String, _ problem: String) -> ParseError {
        ParseError(
            description: "\"\(text)\" \(problem); an address is :PORT, HOST:PORT or [IPv6]:PORT, or 0 for no server"
        )
    }

    /// Whether only this machine can reach it.
    public var isLoopback: Bool {
        switch self {
        case .off, .everywhere: false
        case .at(let host, _): host == "localhost" || host == "::1" || host.hasPrefix("127.")
        }
    }

    /// What to bind to; `nil` when off.
    ///
    /// - Parameter hasIPv6: whether the machine has IPv6 at all; with it, `::` takes IPv4 connections too.
    /// - Returns: a host and a port.
    func endpoint(hasIPv6: Bool) -> (host: String, port: Int)? {
        switch self {
        case .off: nil
        case .everywhere(let port): (hasIPv6 ? "::" : "0.0.0.0", port)
        case .at(let host, let port): (host, port)
        }
    }
}

extension ListenAddress: CustomStringConvertible {
    /// As a flag has it.
    public var description: String {
        switch self {
        case .off: "0"
        case .everywhere(let port): "0.0.0.0:\(port)"
        case .at(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}
