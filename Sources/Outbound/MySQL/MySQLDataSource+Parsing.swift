import Foundation

extension MySQLDataSource {
    /// Reads `user:password@tcp(host:3306)/database?name=value`, all of which but the `/` may be left out.
    ///
    /// The last `/` ends the address and the last `@` before it the password, so that both may stand in a password.
    ///
    /// - Throws: ``OutboundError`` `.invalidRequest`, which repeats nothing of the text but names of parameters of ours.
    /// - Source: Go's `go-sql-driver/mysql`, `dsn.go`.
    public init(parsing text: String) throws(OutboundError) {
        guard let slash = text.lastIndex(of: "/") else {
            throw Self.refusal("has no `/` before the database's name", text)
        }
        let server = text[..<slash]
        let at = server.lastIndex(of: "@")
        let network = at.map { server[server.index(after: $0)...] } ?? server
        self.init(address: try Self.address(network, text))
        if let at {
            let halves = server[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = String(halves[0])
            password = Secret(halves.count > 1 ? String(halves[1]) : "")
        }
        let rest = text[text.index(after: slash)...]
            .split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let database = PercentEncoding.decode(rest[0]) else {
            throw Self.refusal("has a database name with a `%` that begins no code such as %2F", text)
        }
        self.database = database
        if rest.count > 1 { try take(parameters: rest[1]) }
        guard !(text + database).unicodeScalars.contains("\0") else {
            throw Self.refusal("holds a zero byte", text)
        }
    }

    /// The error for a DSN that cannot be used.
    ///
    /// - Parameters:
    ///   - problem: completes the sentence "the connection string …".
    ///   - text: the DSN; it is only looked at for what the writer may have meant.
    /// - Returns: the error, which repeats nothing of the DSN.
    static func refusal(_ problem: String, _ text: String? = nil) -> OutboundError {
        let isURI = text?.prefixMatch(of: /[A-Za-z][A-Za-z0-9+.\-]*:\/\//) != nil
        let shape = "user:password@tcp(host:3306)/database"
        let problem = isURI ? "is a URI, which mysql does not take" : problem
        return OutboundError(
            .invalidRequest,
            "the connection string \(problem)" + (text == nil ? "" : ": write \(shape)")
        )
    }

    /// Reads `tcp(host:port)` or `unix(path)`.
    private static func address(_ network: Substring, _ text: String) throws(OutboundError) -> Address {
        let open = network.firstIndex(of: "(")
        if open != nil, network.last != ")" {
            throw refusal("has an address without its `)`", text)
        }
        let place = open.map { network[network.index(after: $0)...].dropLast() } ?? ""
        switch network[..<(open ?? network.endIndex)] {
        case "tcp", "tcp4", "tcp6", "": return try tcp(place, text)
        case "unix": return .socket(path: place.isEmpty ? "/tmp/mysql.sock" : String(place))
        default: throw refusal("names no network before its address", text)
        }
    }

    /// Reads `host`, `host:port`, `[::1]:port` or nothing.
    private static func tcp(_ place: Substring, _ text: String) throws(OutboundError) -> Address {
        let match = place.wholeMatch(of: /\[([^\[\]]*)\](?::(.*))?|([^:]*)(?::([^:]*))?/)
        let parts = match?.output
        // More than one colon and no brackets: an IPv6 address alone.
        let host = parts.map { $0.1 ?? $0.3 ?? "" } ?? place
        let port = parts.flatMap { $0.2 ?? $0.4 }
        guard host.unicodeScalars.allSatisfy(isOfHost) else {
            throw refusal("has a host with a character that no host name has", text)
        }
        guard let number = port.map({ UInt16($0) }) ?? 3306, number > 0 else {
            throw refusal("has a port that is not a number from 1 to 65535", text)
        }
        return .tcp(host: host.isEmpty ? "127.0.0.1" : String(host), port: number)
    }

    /// Whether a character may stand in a name or an address.
    private static func isOfHost(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || ".-_:%".unicodeScalars.contains(scalar))
    }
}
