import CCurl
import Outbound

/// Turns the multi handle: all calls of libcurl, on the one thread of a ``CurlLoop``.
final class LoopDriver {
    /// libcurl's handle; ours to clean up.
    private let multi: UnsafeMutableRawPointer
    /// Bounds of connections.
    private let settings: CurlTransport.Settings
    /// What libcurl is busy with.
    private var flights: [ObjectIdentifier: Flight] = [:]
    /// Names that are not asked for at present.
    private var ledger = LookupLedger()
    /// Transfers ended since ``takeEnded()``.
    private var ended = 0
    /// Since when jobs have kept us from looking at what has come; `nil` if none have.
    private var absence: ContinuousClock.Instant?

    /// Longest wait without a reason to wake; only a bound, as wishes and libcurl wake us.
    private static let longestWait: Duration = .seconds(60)

    /// Sets the bounds on a new handle.
    init(_ multi: UnsafeMutableRawPointer, _ settings: CurlTransport.Settings) {
        self.multi = multi
        self.settings = settings
        for (option, value) in [
            (CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX)),
            (CURLMOPT_MAXCONNECTS, settings.idleConnectionLimit),
            (CURLMOPT_MAX_HOST_CONNECTIONS, settings.connectionsPerHost),
            (CURLMOPT_MAX_TOTAL_CONNECTIONS, settings.connectionLimit),
        ] {
            let code = ccurl_multi_set_long(multi, option, value)
            precondition(code == CURLM_OK, "every libcurl that has curl_multi_wakeup knows these options")
        }
    }

    /// Does what another thread has wished.
    func take(_ command: LoopInbox<Transfer, CurlLoop.Closer>.Command) {
        switch command {
        case .start(let transfer): start(transfer)
        case .resume(let transfer):
            guard let flight = flights[ObjectIdentifier(transfer)] else { return }
            if let failure = flight.resume(at: .now) { end(flight, failure) }
        case .abort(let transfer):
            if let flight = flights[ObjectIdentifier(transfer)] { giveUp(flight, nil) }
        }
    }

    /// Ends the transfers that are overdue, and moves the others as far as they go without waiting.
    ///
    /// In this order, so that nothing is sent past its deadline by a process that was suspended meanwhile; but time that
    /// jobs have taken is not held against a server.
    func turn() {
        let now = absence ?? .now
        for flight in flights.values where flight.patience.due.map({ $0 <= now }) ?? false {
            giveUp(flight, flight.overdue())
        }
        var running: Int32 = 0
        let code = curl_multi_perform(multi, &running)
        absence = nil
        if code != CURLM_OK { endAll(Self.broken(code)) }
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left)?.pointee {
            guard message.msg == CURLMSG_DONE, let easy = message.easy_handle else { continue }
            var flight: UnsafeMutableRawPointer?
            ccurl_easy_get_pointer(easy, CURLINFO_PRIVATE, &flight)
            let landed = Flight.from(flight)
            end(landed, landed.failure(message.data.result))
        }
    }

    /// Jobs are about to run.
    func leave() {
        absence = absence ?? .now
    }

    /// Waits for the network, a wish or the next deadline.
    func wait() {
        let due = flights.values.lazy.compactMap(\.patience.due).min()
        let pause = due.map { min(ContinuousClock.now.duration(to: $0), Self.longestWait) } ?? Self.longestWait
        let (seconds, attoseconds) = pause.components
        // One more millisecond than the whole ones: waking early would only mean to wait again.
        let milliseconds = pause <= .zero ? 0 : Int32(seconds * 1000 + attoseconds / 1_000_000_000_000_000) + 1
        let code = curl_multi_poll(multi, nil, 0, milliseconds, nil)
        if code != CURLM_OK { endAll(Self.broken(code)) }
    }

    /// Ends every transfer.
    func endAll(_ failure: OutboundError = OutboundError(.closed, "the HTTP transport has been shut down")) {
        for flight in flights.values { giveUp(flight, failure) }
    }

    /// How many transfers have ended since the last call.
    func takeEnded() -> Int {
        defer { ended = 0 }
        return ended
    }

    /// Lets go of libcurl, after the last flight has ended.
    func dispose() {
        curl_multi_cleanup(multi)
    }

    /// Hands a transfer to libcurl; what it refuses ends at once.
    private func start(_ transfer: Transfer) {
        do throws(OutboundError) {
            // Used once: libcurl 7.88 keeps the buffers of one that is used again, and takes no other size for them.
            let easy = try EasyHandle()
            do throws(OutboundError) {
                let flight = try Flight(transfer, on: easy, settings) { [unowned self] name in
                    ledger.admits(name, at: .now)
                }
                let code = curl_multi_add_handle(multi, easy.pointer)
                guard code == CURLM_OK else { throw Self.broken(code) }
                flights[ObjectIdentifier(transfer)] = flight
            } catch {
                curl_easy_cleanup(easy.pointer)
                throw error
            }
        } catch {
            ended += 1
            transfer.ended(error)
        }
    }

    /// Ends a transfer that libcurl has not ended.
    private func giveUp(_ flight: Flight, _ failure: OutboundError?) {
        if let (name, start) = flight.hangingLookup { ledger.gaveUp(name, startedAt: start, at: .now) }
        end(flight, failure)
    }

    /// Takes a transfer out of libcurl and tells its reader.
    private func end(_ flight: Flight, _ failure: OutboundError?) {
        guard flights.removeValue(forKey: ObjectIdentifier(flight.transfer)) != nil else { return }
        let code = curl_multi_remove_handle(multi, flight.easy.pointer)
        precondition(code == CURLM_OK, "a flight's handle is in the multi handle, and this is no callback")
        curl_easy_cleanup(flight.easy.pointer)
        ended += 1
        flight.transfer.ended(failure)
    }

    /// The error for a multi handle that fails as a whole: out of memory or descriptors.
    private static func broken(_ code: CURLMcode) -> OutboundError {
        OutboundError(
            .overloaded,
            "libcurl is out of memory or file descriptors",
            detail: String(cString: curl_multi_strerror(code))
        )
    }
}
