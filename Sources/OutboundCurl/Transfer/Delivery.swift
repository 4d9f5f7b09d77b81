import Outbound

/// One thing that a transfer hands to its reader.
enum Delivery: Sendable, Equatable {
    /// Status and headers; always first, and once.
    case head(HTTPResponseHead)
    /// Bytes of the body, never empty.
    case chunk([UInt8])
    /// The body is complete.
    case end
}

/// How the body of an answer is handed over.
enum DeliveryMode: Sendable, Equatable {
    /// Nothing before all is there; more bytes than the limit are an error.
    case whole(limit: Int)
    /// The head as soon as it has come, then the bytes; libcurl waits while `window` bytes or more are unread.
    case stream(window: Int)
}

/// What libcurl is told about the bytes that it offers.
enum BytesVerdict: Sendable, Equatable {
    /// They are ours.
    case taken
    /// Not now; it offers the same bytes again when it is resumed.
    case later
    /// The transfer ends here.
    case refused
}

extension DeliveryMode {
    /// Whether nothing is handed over before all is there.
    var isWhole: Bool {
        switch self {
        case .whole: true
        case .stream: false
        }
    }
}
