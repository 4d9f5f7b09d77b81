public import Outbound

/// Finds the addresses of host names with a deadline.
///
/// The system's look-up blocks and cannot be stopped. It runs on a few threads of its own, at most one for a name: a
/// name server that never answers for some names holds as many threads as there are such names, and the other names
/// are served by the rest. When every thread is stuck, new look-ups fail at once instead of waiting in vain.
public final class NameResolver: Sendable {
    /// Finds the addresses of one name, in the order to try them.
    ///
    /// May block.
    public typealias LookUp = @Sendable (_ name: String) throws(OutboundError) -> [String]

    /// Addresses of a name that are tried; more are ignored.
    static let mostAddresses = 16

    /// Where look-ups run, by name.
    private let calls: BlockingCalls<String>
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
        return try await withDeadline(deadline, orThrow: late) { [calls, lookUp] in
            do {
                return try await calls.run(name) { Array(try lookUp(name).prefix(Self.mostAddresses)) }
            } catch let refusal as BlockingCallRefusal {
                throw Self.explain(refusal, name)
            }
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
