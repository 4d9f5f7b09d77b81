public import Outbound
import Synchronization

/// Finds the addresses of host names with a deadline.
///
/// The system's look-up blocks and cannot be stopped. It runs on a few threads of its own, at most one for a name: a
/// name server that never answers for some names holds as many threads as there are such names, and the other names
/// are served by the rest. When every thread is stuck, new look-ups fail at once instead of waiting in vain. Those who
/// ask for a name at the same time share one look-up.
public final class NameResolver: Sendable {
    /// Finds the addresses of one name, in the order to try them.
    ///
    /// May block.
    public typealias LookUp = @Sendable (_ name: String) throws(OutboundError) -> [String]

    /// Addresses of a name that are tried; more are ignored.
    static let mostAddresses = 16

    /// What a look-up came to.
    typealias Flight = SingleFlight<Result<[String], OutboundError>>

    /// Where look-ups run, by name.
    private let calls: BlockingCalls<String>
    /// Look-ups under way, and how many wait for each.
    let flights = Mutex<[String: (flight: Flight, users: Int)]>([:])
    /// The look-up itself.
    private let lookUp: LookUp

    /// A resolver over the system's look-up.
    ///
    /// - Parameters:
    ///   - threads: most look-ups at a time.
    ///   - lookUp: replaced in tests.
    public init(threads: Int = 8, lookUp: @escaping LookUp = SystemLookUp.addresses) {
        self.calls = BlockingCalls("swell-names", threads: threads)
        self.lookUp = lookUp
    }

    /// The addresses of a name, as text, in the order to try them.
    ///
    /// Never empty.
    ///
    /// An address is its own answer, without a look-up.
    ///
    /// - Throws: ``OutboundError``: `.nameResolution` when there is none or no answer before the deadline, `.cancelled`.
    public func addresses(of name: String, deadline: ContinuousClock.Instant) async throws -> [String] {
        if SystemLookUp.isAddress(name) { return [name] }
        let late = OutboundError(.nameResolution, "the name server did not answer in time", detail: "name \(name)")
        let flight = join(name)
        defer { leave(name) }
        return try await withDeadline(deadline, orThrow: late) { [self] in
            do {
                return try await flight.run { try await result(for: name) }.get()
            } catch is CancellationError {
                throw Self.explain(.cancelled, name)
            }
        }
    }

    /// One look-up; that there is no address is an answer for all who wait, that its caller went away is not.
    private func result(for name: String) async throws -> Result<[String], OutboundError> {
        do {
            return .success(
                try await calls.run(name) { [lookUp] in Array(try lookUp(name).prefix(Self.mostAddresses)) }
            )
        } catch let error as OutboundError {
            return .failure(error)
        } catch let refusal as BlockingCallRefusal {
            throw Self.explain(refusal, name)
        }
    }

    /// The look-up of a name that this caller waits for, to be left again.
    private func join(_ name: String) -> Flight {
        flights.withLock { flights in
            let (flight, users) = flights[name] ?? (Flight(), 0)
            flights[name] = (flight, users + 1)
            return flight
        }
    }

    /// Forgets a look-up that nobody waits for any more.
    private func leave(_ name: String) {
        flights.withLock { flights in
            guard let (flight, users) = flights[name] else { return }
            flights[name] = users > 1 ? (flight, users - 1) : nil
        }
    }

    /// Takes no more look-ups.
    ///
    /// Those that hang keep their threads until the system gives up.
    public func close() {
        calls.close()
    }

    /// A refusal in the words of this room.
    private static func explain(_ refusal: BlockingCallRefusal, _ name: String) -> OutboundError {
        switch refusal {
        case .full: OutboundError(.overloaded, "too many names wait to be looked up", detail: "name \(name)")
        case .stuck: OutboundError(.nameResolution, "the name server does not answer", detail: "name \(name)")
        case .cancelled: OutboundError(.cancelled, "looking up the host name was given up", detail: "name \(name)")
        case .closed: OutboundError(.closed, "names are not looked up any more", detail: "name \(name)")
        }
    }
}
