public import Hummingbird
import NIOCore

/// What a handler knows of a request besides the request.
public struct ServingContext: RequestContext {
    /// Hummingbird's own part.
    public var coreContext: CoreRequestContextStorage
    /// The certificates that the client presented, DER, its own first; empty when it presented none.
    ///
    /// The client has proven to hold the private key of the first one. Nothing else is checked: who trusts them, and
    /// for what, is for the handler to find out.
    public var clientCertificates: [[UInt8]]
    /// Bytes of a body that a handler decodes; the server's own bound.
    public var maxUploadSize: Int
    /// The connection.
    private let channel: any Channel

    /// Made for each request, within the task of its connection.
    public init(source: ApplicationRequestContextSource) {
        self.coreContext = CoreRequestContextStorage(source: source)
        self.clientCertificates = ClientCertificates.current?.chain ?? []
        self.maxUploadSize = ServerLimits().body
        self.channel = source.channel
    }

    /// Closes the connection soon, so that what the client still sends of this request is not read for ever.
    ///
    /// The wait lets the client read the answer: closing at once would reset the connection under it.
    func hangUpSoon() {
        let channel = self.channel
        channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
    }
}
