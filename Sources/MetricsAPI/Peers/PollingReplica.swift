public import KubeModel
public import Serving

/// Which replica polls an object.
public enum ObjectPlace: Sendable, Hashable {
    /// This one.
    case here
    /// Another one.
    case there(PollingReplica)
    /// None, as far as we know.
    case nowhere
}

/// The replica that holds a Lease, as that says it: the leader's, or a shard's.
public struct PollingReplica: Sendable, Hashable {
    /// The Lease's annotation with the address of the holder's internal listener, as `HOST:PORT`.
    public static let annotation = "swell.dev/metrics-address"

    /// The Lease's holder.
    public var name: String
    /// Where it answers the others.
    ///
    /// `nil` where the holder does not say: it is just starting, has no address to give, or is not Swell.
    public var address: ListenAddress?

    /// Names a replica.
    public init(name: String, address: ListenAddress?) {
        self.name = name
        self.address = address
    }

    /// Reads a Lease.
    ///
    /// - Returns: `nil` when nobody holds it.
    public init?(_ lease: Lease?) {
        guard let lease, let holder = lease.spec.holderIdentity, !holder.isEmpty else { return nil }
        // What cannot be read was not written by us, which is as good as nothing.
        let address = lease.metadata.annotations?[Self.annotation].flatMap { try? ListenAddress(parsing: $0) }
        self.init(name: holder, address: address)
    }
}
