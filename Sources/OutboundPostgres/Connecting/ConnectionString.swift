import Outbound

/// Where and how to connect, in libpq's terms, with what libpq would do by blocking taken out of its hands: choosing
/// among hosts, their names, time limits.
struct ConnectionString: Sendable {
    /// One server to try.
    struct Endpoint: Sendable, Equatable {
        /// A name, an address, or the folder of a socket; `nil` for libpq's default.
        var host: String?
        /// An address, if one was given beside the name.
        var address: String?
        /// `nil` for libpq's default.
        var port: String?
    }

    /// In the order to try.
    ///
    /// Empty when a service file decides; libpq then finds the hosts itself.
    let endpoints: [Endpoint]
    /// `target_session_attrs` of the first pass over the endpoints, of the second, and so on; `nil` for libpq's default.
    let passes: [String?]
    /// Most time for one attempt, if the user set a limit.
    let attemptLimit: Duration?
    /// Whether the user sets `statement_timeout`; then we leave it alone.
    let setsStatementTimeout: Bool
    /// Everything else, as libpq takes it.
    let parameters: Secret<[String: String]>

    /// Reads a connection string.
    ///
    /// - Parameters:
    ///   - text: a URI or a keyword list.
    ///   - environment: for the variables that we read instead of libpq (`PGHOST`, `PGPORT`, …).
    ///   - known: the keywords of the libpq at hand.
    /// - Throws: ``OutboundError`` `.invalidRequest`, which repeats nothing of the text but names of parameters that
    ///   cannot hold a secret.
    init(
        parsing text: String,
        environment: [String: String],
        known: Set<String> = LibPQ.keywords
    ) throws(OutboundError) {
        let given = try ConnectionSyntax.settings(of: text).filter { !$0.value.isEmpty }
        var settings = try ConnectionSettings.translate(given, known: known)

        func take(_ keyword: String, _ variable: String) -> String? {
            settings.removeValue(forKey: keyword) ?? environment[variable].flatMap { $0.isEmpty ? nil : $0 }
        }
        let sessions = take("target_session_attrs", "PGTARGETSESSIONATTRS")
        self.passes = sessions == "prefer-standby" ? ["standby", "any"] : [sessions]
        self.attemptLimit = try Self.limit(take("connect_timeout", "PGCONNECT_TIMEOUT"))

        let isByService = settings["service"] != nil || environment["PGSERVICE"] != nil
        if isByService, settings["host"] == nil, settings["hostaddr"] == nil {
            self.endpoints = []
        } else {
            self.endpoints = try Self.endpoints(
                hosts: take("host", "PGHOST"),
                addresses: take("hostaddr", "PGHOSTADDR"),
                ports: take("port", "PGPORT")
            )
        }
        self.setsStatementTimeout = settings["options"]?.contains("statement_timeout") ?? false
        if settings["gssencmode"] == nil, environment["PGGSSENCMODE"] == nil {
            // Kerberos would look for its servers by itself, blocking.
            settings["gssencmode"] = "disable"
        }
        self.parameters = Secret(settings.merging(ConnectionSettings.ours) { given, _ in given })
    }

    /// Pairs hosts, addresses and ports.
    ///
    /// - Source: PostgreSQL, "Specifying Multiple Hosts": one port serves all hosts, else the lists have one length.
    private static func endpoints(
        hosts: String?,
        addresses: String?,
        ports: String?
    ) throws(OutboundError) -> [Endpoint] {
        func list(_ text: String?) -> [String?] {
            guard let text else { return [] }
            return text.split(separator: ",", omittingEmptySubsequences: false).map { $0.isEmpty ? nil : String($0) }
        }
        let (hosts, addresses, ports) = (list(hosts), list(addresses), list(ports))
        let count = max(hosts.count, addresses.count, 1)
        guard hosts.isEmpty || hosts.count == count, addresses.isEmpty || addresses.count == count else {
            throw ConnectionSyntax.refusal("does not name as many hosts as addresses")
        }
        guard ports.count <= 1 || ports.count == count else {
            throw ConnectionSyntax.refusal("does not name as many ports as hosts")
        }
        guard count <= mostEndpoints else { throw ConnectionSyntax.refusal("names more than \(mostEndpoints) hosts") }
        guard ports.allSatisfy({ $0.map { (UInt16($0) ?? 0) > 0 } ?? true }) else {
            throw ConnectionSyntax.refusal("has a port that is not a number from 1 to 65535")
        }
        return (0..<count)
            .map { index in
                Endpoint(
                    host: hosts.isEmpty ? nil : hosts[index],
                    address: addresses.isEmpty ? nil : addresses[index],
                    port: ports.count == 1 ? ports[0] : ports.isEmpty ? nil : ports[index]
                )
            }
    }

    /// More hosts than this are a mistake.
    private static let mostEndpoints = 32

    /// Reads `connect_timeout`: seconds; zero or less for none.
    private static func limit(_ text: String?) throws(OutboundError) -> Duration? {
        guard let text else { return nil }
        guard let seconds = Int32(text) else {
            throw ConnectionSyntax.refusal("has a connect_timeout that is not a whole number of seconds")
        }
        return seconds > 0 ? .seconds(seconds) : nil
    }
}
