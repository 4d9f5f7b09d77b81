import Outbound
import OutboundSQL

/// Opens connections: finds addresses, tries one after another, each within its share of the time.
struct Connector: Sendable {
    /// Finds addresses.
    let names: NameResolver
    /// Runs libpq's connecting calls, which may block, at most one at a time for a connection string.
    let calls: BlockingCalls<Secret<String>>
    /// Waits for sockets.
    let poller: SocketPoller

    /// Most bytes that a server may send before it is ready.
    static let mostGreeting = 1 << 20

    /// Opens a connection.
    ///
    /// The time that is left is divided evenly among the hosts that are left, and a host's time among its addresses,
    /// so that one that drops packets does not use up all.
    ///
    /// The key is the connection string as written, by which ``calls`` are told apart. What is thrown is an
    /// ``OutboundError``: that of the last host tried.
    func open(
        _ target: ConnectionString,
        key: Secret<String>,
        deadline: ContinuousClock.Instant
    ) async throws -> LibPQConnection {
        // Without endpoints libpq takes its own.
        let hosts: [ConnectionString.Endpoint?] = target.endpoints.isEmpty ? [nil] : target.endpoints
        let tries = target.passes.flatMap { session in hosts.map { (host: $0, session: session) } }
        return try await firstSuccess(tries, deadline) { attempt, share in
            let addresses = try await self.addresses(of: attempt.host, deadline: share)
            return try await firstSuccess(addresses, share) { address, share in
                let limit = target.attemptLimit.map { min(share, ContinuousClock.now.advanced(by: $0)) } ?? share
                let parameters = target.parameters.map { given in
                    var all = given
                    all["host"] = attempt.host?.host
                    all["hostaddr"] = address
                    all["port"] = attempt.host?.port
                    all["target_session_attrs"] = attempt.session
                    return all
                }
                return try await connect(parameters, key: key, deadline: limit)
            }
        }
    }

    /// The addresses to try for an endpoint; `nil` for libpq's choice, such as a Unix socket.
    private func addresses(
        of endpoint: ConnectionString.Endpoint?,
        deadline: ContinuousClock.Instant
    ) async throws -> [String?] {
        if let address = endpoint?.address { return [address] }
        // A folder holds a socket; an at sign begins the name of an abstract one.
        guard let host = endpoint?.host, !host.hasPrefix("/"), !host.hasPrefix("@") else { return [nil] }
        return try await names.addresses(of: host, deadline: deadline)
    }

    /// Makes one attempt.
    private func connect(
        _ parameters: Secret<[String: String]>,
        key: Secret<String>,
        deadline: ContinuousClock.Instant
    ) async throws -> LibPQConnection {
        let late = OutboundError(
            .timedOut,
            "the database did not accept a connection in time",
            detail: parameters.withValue { "host \($0["host"] ?? ""), address \($0["hostaddr"] ?? "")" }
        )
        return try await withDeadline(deadline, orThrow: late) {
            let connection = try await call(key) {
                try parameters.withValue { all throws(OutboundError) in try LibPQConnection(all) }
            }
            var interest = SocketInterest.write
            while true {
                if connection.socket >= 0 {
                    _ = try await poller.wait(connection.socket, for: interest, until: deadline)
                }
                switch try await call(key, { connection.connect() }) {
                case .waits(let next): interest = next
                case .isOpen: return connection
                case .failed: throw ConnectFailure.explain(connection.message)
                }
                if connection.receivedBytes > Self.mostGreeting {
                    throw OutboundError(.malformedAnswer, "what answers at the database's address is not a database")
                }
            }
        }
    }

    /// Runs a call that may block.
    private func call<Value: Sendable>(
        _ key: Secret<String>,
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        do {
            return try await calls.run(key, body)
        } catch let refusal as BlockingCallRefusal {
            switch refusal {
            case .full, .stuck: throw OutboundError(.overloaded, "too many connections are being opened")
            case .cancelled: throw OutboundError(.cancelled, "connecting to the database was given up")
            case .closed: throw OutboundError(.closed, "database connections are not opened any more")
            }
        }
    }
}
