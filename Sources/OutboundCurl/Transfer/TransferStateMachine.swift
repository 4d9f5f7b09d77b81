import Outbound

/// Brings together what libcurl delivers and what the reader asks for.
///
/// Pure: event in, action out.
///
/// The reader asks for one ``Delivery`` at a time: the head first, then chunks, then the end. Events from libcurl come
/// on the loop's thread, those of the reader from its task, in any order; the owner holds a lock around each.
///
/// Expected flow of a stream: `readerCame` → `headCame` → (`readerCame` → `bytesCame`)… → `ended` → `readerCame`.
/// Guarantee: each reader is answered exactly once, and after `readerLeft` nothing but its error is ever delivered.
struct TransferStateMachine<Reader: Sendable>: Sendable {
    /// What the loop has to do.
    enum Order: Sendable, Equatable {
        /// Let libcurl deliver again.
        case resume
        /// Take the transfer out: nobody waits for it any more.
        case abort
    }

    /// What the owner does after it has let go of the lock.
    struct Action: Sendable {
        /// Whom to answer and with what.
        var answer: (reader: Reader, result: Result<Delivery, OutboundError>)?
        /// What to tell the loop.
        var order: Order?

        /// Nothing to do.
        static var none: Action { Action() }
    }

    /// What has come and is not yet read.
    private struct Unread: Sendable {
        /// Until it has been handed over.
        var head: HTTPResponseHead?
        /// Bytes in order.
        var bytes: [UInt8] = []

        /// The next thing for the reader, which is then no longer here; `nil` for nothing.
        mutating func next() -> Delivery? {
            if let head {
                self.head = nil
                return .head(head)
            }
            if bytes.isEmpty { return nil }
            defer { bytes = [] }
            return .chunk(bytes)
        }
    }

    /// Where the transfer stands.
    private enum State: Sendable {
        /// No head yet. Can go to `gathering` or `streaming` by mode, or to `over`.
        case sent(Reader?)
        /// A whole answer is coming in. Can go to `complete`, or to `over` on failure or past the limit.
        case gathering(Unread, limit: Int, Reader?)
        /// A body is being handed through. Can go to `complete`, or to `over` when the reader leaves.
        case streaming(Unread, window: Int, isPaused: Bool, Reader?)
        /// libcurl is done; the reader is not. Can go to `over`.
        case complete(Unread, OutboundError?)
        /// Nothing more comes; later readers get the error or the end. Final.
        case over(OutboundError?)
    }

    /// See ``State``.
    private var state: State = .sent(nil)
    /// As asked for at the start.
    private let mode: DeliveryMode

    /// A transfer that is about to be sent.
    init(_ mode: DeliveryMode) {
        self.mode = mode
    }

    /// The reader asks for the next delivery.
    ///
    /// There is one reader: it asks again only after it has been answered.
    mutating func readerCame(_ reader: Reader) -> Action {
        switch state {
        case .sent(nil):
            state = .sent(reader)
            return .none
        case .gathering(let unread, let limit, nil):
            state = .gathering(unread, limit: limit, reader)
            return .none
        case .streaming(var unread, let window, let isPaused, nil):
            guard let delivery = unread.next() else {
                state = .streaming(unread, window: window, isPaused: isPaused, reader)
                return .none
            }
            let isDrained = isPaused && unread.bytes.isEmpty
            state = .streaming(unread, window: window, isPaused: isPaused && !isDrained, nil)
            return Action(answer: (reader, .success(delivery)), order: isDrained ? .resume : nil)
        case .complete(var unread, let failure):
            guard let delivery = unread.next() else {
                state = .over(failure)
                return Action(answer: (reader, Self.last(failure)))
            }
            state = .complete(unread, failure)
            return Action(answer: (reader, .success(delivery)))
        case .over(let failure):
            return Action(answer: (reader, Self.last(failure)))
        case .sent(.some), .gathering(_, _, .some), .streaming(_, _, _, .some):
            preconditionFailure("a body has one reader, which waits for one answer at a time")
        }
    }

    /// The head is complete.
    mutating func headCame(_ head: HTTPResponseHead) -> Action {
        guard case .sent(let reader) = state else { return .none }
        switch mode {
        case .whole(let limit):
            state = .gathering(Unread(head: head), limit: limit, reader)
            return .none
        case .stream(let window):
            guard let reader else {
                state = .streaming(Unread(head: head), window: window, isPaused: false, nil)
                return .none
            }
            state = .streaming(Unread(), window: window, isPaused: false, nil)
            return Action(answer: (reader, .success(.head(head))))
        }
    }

    /// libcurl offers bytes of the body.
    ///
    /// - Complexity: O(`bytes`), amortised.
    mutating func bytesCame(_ bytes: UnsafeRawBufferPointer) -> (verdict: BytesVerdict, action: Action) {
        switch state {
        case .gathering(var unread, let limit, let reader):
            guard bytes.count <= limit - unread.bytes.count else {
                let failure = OutboundError(.tooLarge, "the answer is larger than \(limit) bytes")
                state = .over(failure)
                return (.refused, Action(answer: reader.map { ($0, .failure(failure)) }))
            }
            state = .sent(nil)  // lets go of the buffer, so that it grows in place
            unread.bytes.append(contentsOf: bytes)
            state = .gathering(unread, limit: limit, reader)
            return (.taken, .none)
        case .streaming(let unread, let window, let isPaused, .some(let reader)):
            state = .streaming(unread, window: window, isPaused: isPaused, nil)
            return (.taken, Action(answer: (reader, .success(.chunk([UInt8](bytes))))))
        case .streaming(var unread, let window, _, nil):
            guard unread.bytes.count < window else {
                state = .streaming(unread, window: window, isPaused: true, nil)
                return (.later, .none)
            }
            state = .sent(nil)  // as above
            unread.bytes.append(contentsOf: bytes)
            state = .streaming(unread, window: window, isPaused: false, nil)
            return (.taken, .none)
        case .sent, .complete, .over:
            return (.refused, .none)
        }
    }

    /// libcurl is done with the transfer, or the loop has given it up: `failure` says which.
    mutating func ended(_ failure: OutboundError?) -> Action {
        switch state {
        case .sent(let reader):
            return finish(reader, failure ?? OutboundError(.malformedAnswer, "the answer has no head"))
        case .gathering(_, _, let reader) where failure != nil:
            return finish(reader, failure)
        case .gathering(let unread, _, let reader), .streaming(let unread, _, _, let reader):
            state = .complete(unread, failure)
            return reader.map { readerCame($0) } ?? .none
        case .complete, .over:
            return .none
        }
    }

    /// The reader goes away before the end: cancelled, or done with as much as it has.
    mutating func readerLeft(_ failure: OutboundError) -> Action {
        switch state {
        case .sent(let reader), .gathering(_, _, let reader), .streaming(_, _, _, let reader):
            var action = finish(reader, failure)
            action.order = .abort
            return action
        case .complete:
            return finish(nil, failure)
        case .over:
            return .none
        }
    }

    /// Goes to `over` and answers whoever waits.
    private mutating func finish(_ reader: Reader?, _ failure: OutboundError?) -> Action {
        state = .over(failure)
        return Action(answer: reader.map { ($0, Self.last(failure)) })
    }

    /// What a reader gets when nothing is left.
    private static func last(_ failure: OutboundError?) -> Result<Delivery, OutboundError> {
        failure.map { .failure($0) } ?? .success(.end)
    }
}
