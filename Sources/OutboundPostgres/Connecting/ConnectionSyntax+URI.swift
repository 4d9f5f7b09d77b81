import Outbound

extension ConnectionSyntax {
    /// A part of a URI, not decoded yet.
    private typealias Bytes = ArraySlice<UInt8>

    /// Reads what follows `postgres://`: `[user[:password]@][host[:port],…][/dbname][?name=value&…]`.
    static func uri(_ text: ArraySlice<UInt8>) throws(OutboundError) -> [String: String] {
        var settings: [String: String] = [:]
        let (beforeQuery, query) = split(text, at: "?")
        let (authority, path) = split(beforeQuery, at: "/")
        // Up to the last @, as Go reads it: a bare @ in the password does no harm.
        let (user, hosts) = splitAtLast(authority, at: "@")
        if let user {
            let (name, password) = split(user, at: ":")
            settings["user"] = try decode(name)
            settings["password"] = try password.map { bytes throws(OutboundError) in try decode(bytes) }
        }
        try readHosts(hosts, into: &settings)
        if let path {
            guard !path.contains(UInt8(ascii: "@")) else {
                throw refusal("has an @ after its first /: write / as %2F and @ as %40 in the user and the password")
            }
            settings["dbname"] = try decode(path)
        }
        for parameter in (query ?? []).split(separator: UInt8(ascii: "&")) {
            let (name, value) = split(parameter, at: "=")
            guard let value, !name.isEmpty else {
                throw refusal("has a parameter without a value; write ? as %3F in the user and the password")
            }
            settings[try decode(name, isForm: true)] = try decode(value, isForm: true)
        }
        return settings
    }

    /// Reads `name:port,[address]:port,…` into `host` and `port`, which are lists of one length.
    private static func readHosts(_ text: Bytes, into settings: inout [String: String]) throws(OutboundError) {
        var names: [String] = []
        var ports: [String] = []
        for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let host: Bytes
            let port: Bytes?
            if part.first == UInt8(ascii: "[") {
                guard let end = part.firstIndex(of: UInt8(ascii: "]")) else {
                    throw refusal("has a [ without a ] in a host")
                }
                host = part[part.index(after: part.startIndex)..<end]
                let rest = part[part.index(after: end)...]
                guard rest.isEmpty || rest.first == UInt8(ascii: ":") else {
                    throw refusal("has something other than a port after the ] of a host")
                }
                port = rest.isEmpty ? nil : rest.dropFirst()
            } else {
                (host, port) = split(part, at: ":")
            }
            names.append(try decode(host))
            ports.append(try decode(port ?? []))
        }
        if names.contains(where: { !$0.isEmpty }) { settings["host"] = names.joined(separator: ",") }
        if ports.contains(where: { !$0.isEmpty }) { settings["port"] = ports.joined(separator: ",") }
    }

    /// Decodes `%41`; in a form, as what follows the question mark is to Go and Python, a plus sign is a blank.
    private static func decode(_ text: Bytes, isForm: Bool = false) throws(OutboundError) -> String {
        guard let bytes = PercentEncoding.bytes(of: text, isForm: isForm) else {
            throw refusal("has a % that two hexadecimal digits do not follow; write % as %25")
        }
        guard !bytes.contains(0), let decoded = String(validating: bytes, as: UTF8.self) else {
            throw refusal("holds bytes that are not text")
        }
        return decoded
    }

    /// The text before and after the first separator; all of it and `nil` without one.
    private static func split(_ text: Bytes, at separator: Unicode.Scalar) -> (Bytes, Bytes?) {
        guard let index = text.firstIndex(of: UInt8(ascii: separator)) else { return (text, nil) }
        return (text[..<index], text[(index + 1)...])
    }

    /// The text before and after the last separator; `nil` and all of it without one.
    private static func splitAtLast(_ text: Bytes, at separator: Unicode.Scalar) -> (Bytes?, Bytes) {
        guard let index = text.lastIndex(of: UInt8(ascii: separator)) else { return (nil, text) }
        return (text[..<index], text[(index + 1)...])
    }
}
