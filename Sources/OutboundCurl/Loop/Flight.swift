import CCurl
import Outbound

/// A transfer in libcurl's hands: its easy handle and what the callbacks need.
///
/// Used on the loop's thread only.
final class Flight {
    /// The side that the reader sees.
    let transfer: Transfer
    /// libcurl's side.
    let easy: EasyHandle
    /// When to give up.
    var patience: Patience
    /// Why we have stopped the transfer ourselves, if we have; libcurl only knows that a callback refused.
    private var fault: OutboundError?
    /// The name that libcurl has last begun to look up, and when; `nil` if there was none.
    private var lookup: (name: String, start: ContinuousClock.Instant)?
    /// Collects the head.
    private var parser = HeadParser()
    /// Header lines and the like, which libcurl does not copy.
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    /// Where libcurl writes what went wrong.
    private let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    /// Learns whether the server of a new connection asks for our certificate; `nil` without TLS.
    private var certificateWatch: OpaquePointer?
    /// Asked before each look-up of a name.
    private let admitsLookup: (_ name: String) -> Bool

    /// Sets an easy handle up for a transfer.
    ///
    /// - Parameters:
    ///   - transfer: what is sent, and who is told.
    ///   - easy: fresh.
    ///   - settings: of the transport.
    ///   - admitsLookup: whether a name may be looked up now.
    /// - Throws: ``OutboundError`` `.invalidRequest` for what libcurl cannot use.
    init(
        _ transfer: Transfer,
        on easy: EasyHandle,
        _ settings: CurlTransport.Settings,
        admitsLookup: @escaping (_ name: String) -> Bool
    ) throws(OutboundError) {
        self.transfer = transfer
        self.easy = easy
        self.admitsLookup = admitsLookup
        let wire = transfer.request
        self.patience = Patience(until: wire.deadline, coversBody: wire.mode.isWhole, idleLimit: wire.request.idleLimit)
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try easy.configure(wire, settings)
        try wire.headerLines.withValue { lines throws(OutboundError) in try set(CURLOPT_HTTPHEADER, list: lines) }
        if let target = wire.connectTo { try set(CURLOPT_CONNECT_TO, list: [target]) }
        try easy.set(CURLOPT_ERRORBUFFER, pointer: message)
        try setCallbacks()
        if wire.request.url.scheme == "https" {
            certificateWatch = ccurl_certificate_watch_make()
            try easy.set(certificateWatch: certificateWatch)
        }
    }

    deinit {
        ccurl_certificate_watch_release(certificateWatch)
        for list in lists { curl_slist_free_all(list) }
        message.deallocate()
    }

    /// The look-up that libcurl still waits for.
    var hangingLookup: (name: String, start: ContinuousClock.Instant)? {
        easy.offset(CURLINFO_NAMELOOKUP_TIME_T) == 0 ? lookup : nil
    }

    /// What libcurl's result means to the caller; `nil` for success.
    func failure(_ code: CURLcode) -> OutboundError? {
        if code == CURLE_OK { return nil }
        if let fault { return fault }
        let text = String(cString: message)
        return CurlFailure(
            code: code,
            message: text.isEmpty ? String(cString: curl_easy_strerror(code)) : text,
            origin: transfer.request.origin,
            connectCode: easy.number(CURLINFO_HTTP_CONNECTCODE) ?? 0,
            hasOwnAuthorities: transfer.request.request.tls.authorities != nil,
            endedUnheard: transfer.request.request.tls.certificate == nil && !parser.hasBegun
                && ccurl_certificate_watch_was_asked(certificateWatch) != 0
        )
        .error
    }

    /// Why the transfer is given up at its deadline.
    func overdue() -> OutboundError {
        if hangingLookup != nil {
            return OutboundError(
                .nameResolution,
                "the name server did not answer before the deadline",
                detail: transfer.request.origin
            )
        }
        let isConnected = (easy.offset(CURLINFO_PRETRANSFER_TIME_T) ?? 0) > 0
        return patience.failure("\(transfer.request.origin), \(isConnected ? "connected" : "not connected yet")")
    }

    /// Lets libcurl go on after a pause.
    ///
    /// It may deliver at once, in this call.
    ///
    /// - Returns: libcurl's complaint, after which the transfer cannot go on.
    func resume(at now: ContinuousClock.Instant) -> OutboundError? {
        patience.somethingCame(at: now)
        return failure(curl_easy_pause(easy.pointer, CURLPAUSE_CONT))
    }

    /// Sets an option that is a list of texts and keeps the list.
    private func set(_ option: CURLoption, list texts: [String]) throws(OutboundError) {
        var list: UnsafeMutablePointer<curl_slist>?
        for text in texts {
            guard let longer = curl_slist_append(list, text) else {
                curl_slist_free_all(list)
                throw OutboundError(.overloaded, "libcurl is out of memory")
            }
            list = longer
        }
        if let list { lists.append(list) }
        try easy.set(option, pointer: list)
    }

    /// Gives libcurl the callbacks below, with this flight as their argument; the driver keeps it alive meanwhile.
    private func setCallbacks() throws(OutboundError) {
        let this = Unmanaged.passUnretained(self).toOpaque()
        try easy.set(CURLOPT_PRIVATE, pointer: this)
        try easy.set(CURLOPT_HEADERDATA, pointer: this)
        try easy.set(CURLOPT_HEADERFUNCTION) { bytes, _, count, flight in
            Flight.from(flight).headerCame(UnsafeRawBufferPointer(start: bytes, count: count))
        }
        try easy.set(CURLOPT_WRITEDATA, pointer: this)
        try easy.set(CURLOPT_WRITEFUNCTION) { bytes, _, count, flight in
            Flight.from(flight).bodyCame(UnsafeRawBufferPointer(start: bytes, count: count))
        }
        try easy.set(CURLOPT_RESOLVER_START_DATA, pointer: this)
        try easy.set { _, _, flight in Flight.from(flight).lookupStarts() ? 0 : 1 }
    }

    /// The flight behind a callback's argument, which ``setCallbacks()`` or `CURLOPT_PRIVATE` has set.
    static func from(_ pointer: UnsafeMutableRawPointer?) -> Flight {
        guard let pointer else { preconditionFailure("libcurl has lost the argument of a callback") }
        return Unmanaged<Flight>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// One line of a head.
    ///
    /// - Returns: the bytes that were taken; fewer ends the transfer.
    private func headerCame(_ line: UnsafeRawBufferPointer) -> Int {
        switch parser.take(line) {
        case .more: break
        case .head(let head):
            patience.headCame(at: .now)
            transfer.headCame(head)
        case .malformed:
            fault = OutboundError(
                .malformedAnswer,
                "the answer is not valid HTTP, or its head is too large",
                detail: transfer.request.origin
            )
            return 0
        }
        return line.count
    }

    /// Bytes of the body, decompressed.
    ///
    /// - Returns: the bytes that were taken, or libcurl's mark for "later"; fewer ends the transfer.
    private func bodyCame(_ bytes: UnsafeRawBufferPointer) -> Int {
        switch transfer.bytesCame(bytes) {
        case .taken:
            patience.somethingCame(at: .now)
            return bytes.count
        case .later:
            patience.paused()
            return Int(CURL_WRITEFUNC_PAUSE)
        case .refused:
            return bytes.isEmpty ? 1 : 0
        }
    }

    /// A host is about to be looked up; libcurl asks for addresses too.
    ///
    /// - Returns: whether it may.
    private func lookupStarts() -> Bool {
        guard let name = transfer.request.lookupName else { return true }
        guard admitsLookup(name) else {
            fault = OutboundError(
                .nameResolution,
                "the name server has not answered lately; no more questions for now",
                detail: transfer.request.origin
            )
            return false
        }
        lookup = (name, .now)
        return true
    }
}
