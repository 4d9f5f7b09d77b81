import Outbound

/// Turns settings as users of pgx, SQLAlchemy and asyncpg write them into those that libpq takes.
enum ConnectionSettings {
    /// What we set where the user did not.
    static let ours = [
        "fallback_application_name": "swell",
        // Dead peers are noticed: idle connections within a minute, a connection in use (and a cancel) within ten seconds.
        "keepalives_idle": "30",
        "keepalives_interval": "10",
        "keepalives_count": "3",
        "tcp_user_timeout": "10000",
    ]

    /// Translates settings.
    ///
    /// - Parameters:
    ///   - given: as written, without empty values, which stand for the default.
    ///   - known: the keywords of the libpq at hand.
    /// - Throws: ``OutboundError`` `.invalidRequest` for what cannot be translated.
    /// - Returns: settings that libpq takes. What only the server knows becomes `options=-c name=value`, which a
    ///   PgBouncer refuses unless it is told to ignore it, just as it refuses pgx's start-up parameters.
    static func translate(_ given: [String: String], known: Set<String>) throws(OutboundError) -> [String: String] {
        var settings: [String: String] = [:]
        var forServer: [String: String] = [:]
        for (name, value) in given {
            if known.contains(name) {
                settings[name] = value
            } else if let keyword = synonyms[name] {
                // The keyword itself wins where both are given.
                guard given[keyword] == nil else { continue }
                settings[keyword] = name == "ssl" && value == "true" ? "require" : value
            } else if driverOnly.contains(name) || name.hasPrefix("pool_") {
                continue
            } else if let accepted = needless[name] {
                guard accepted.contains(value) else {
                    throw ConnectionSyntax.refusal("asks for `\(name)`, which this libpq cannot do")
                }
            } else {
                forServer[name] = value
            }
        }
        if let mode = settings["sslmode"], !sslModes.contains(mode) {
            throw ConnectionSyntax.refusal("has an sslmode that is none of \(sslModes.joined(separator: ", "))")
        }
        if !forServer.isEmpty {
            let switches = try forServer.sorted { $0.key < $1.key }.map(serverSwitch)
            settings["options"] = ([settings["options"]].compactMap(\.self) + switches).joined(separator: " ")
        }
        // Answers are read as UTF-8, whatever the database's own encoding is.
        settings["client_encoding"] = "UTF8"
        return settings
    }

    /// Writes one server setting as the server's command line has it: a backslash before blanks and backslashes.
    private static func serverSwitch(_ name: String, _ value: String) throws(OutboundError) -> String {
        let isName = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isName, !name.isEmpty else {
            throw ConnectionSyntax.refusal("has a parameter whose name is not made of letters, digits, _ and .")
        }
        var escaped = ""
        for scalar in value.unicodeScalars {
            if scalar == "\\" || scalar == " " || (9...13).contains(scalar.value) { escaped += "\\" }
            escaped.unicodeScalars.append(scalar)
        }
        return "-c \(name)=\(escaped)"
    }

    /// Other names of libpq's keywords: pgx's, and JDBC's and asyncpg's.
    private static let synonyms = ["database": "dbname", "ssl": "sslmode"]

    /// Settings of pgx, SQLAlchemy and asyncpg for themselves, beside `pool_…`; they say nothing to a server.
    private static let driverOnly: Set<String> = [
        "default_query_exec_mode", "statement_cache_capacity", "description_cache_capacity", "statement_cache_mode",
        "prefer_simple_protocol", "min_read_buffer_size", "prepared_statement_cache_size", "async_fallback",
    ]

    /// Keywords of libpqs to come and of pgx, with the values that an older libpq fulfils by doing nothing.
    private static let needless: [String: Set<String>] = [
        "sslnegotiation": ["postgres"],
        "sslcertmode": ["allow"],
        "load_balance_hosts": ["disable", "random"],
        "gssdelegation": ["0"],
        "min_protocol_version": ["3.0"],
        "max_protocol_version": ["3.0", "3.2", "latest"],
        "require_auth": [],
        "servicefile": [],
        "krbspn": [],
    ]

    /// Weakest first.
    private static let sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]
}
