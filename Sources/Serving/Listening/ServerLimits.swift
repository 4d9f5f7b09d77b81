/// What a server grants its clients.
public struct ServerLimits: Sendable, Hashable {
    /// Bytes of a request's body; more is refused with 413.
    public var body: Int = 1 << 20
    /// Bytes of all headers of a request together; more is refused with 400.
    public var headers: Int = 64 << 10
    /// From the end of a request's head to the beginning of the answer, its body read; then 504, up to a second late.
    public var deadline: Duration = .seconds(30)
    /// From the connection to the end of the TLS handshake.
    public var handshake: Duration = .seconds(10)
    /// Longest silence of a connection.
    ///
    /// It is longer than the 90 s after which Go's clients close theirs, so that a request never meets a connection that
    /// is just being closed.
    public var idle: Duration = .seconds(120)
    /// Connections at once; more wait in the kernel's queue.
    public var connections: Int = 1000
    /// Requests at once, probes not counted; more are refused with 429.
    public var requests: Int = 400

    /// The defaults.
    public init() {}
}
