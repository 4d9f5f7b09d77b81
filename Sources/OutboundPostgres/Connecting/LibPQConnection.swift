import CPQ
import Foundation
import Outbound
import OutboundSQL

/// A libpq connection, and the calls for opening and ending it.
///
/// Closed when its last owner lets go of it.
///
/// Unchecked, because libpq's object must not be used by two threads at a time, and the compiler cannot see that it is
/// not: a connection has one owner, which hands it on and forgets it (task, pool or blocking call). A caller that gives
/// up a blocking call never touches the connection again.
final class LibPQConnection: @unchecked Sendable {
    /// What libpq wants while it connects.
    enum Progress: Sendable {
        /// To be called again when its socket is ready for this.
        case waits(SocketInterest)
        /// Nothing: queries can be sent.
        case isOpen
        /// Nothing any more; ``message`` says why.
        case failed
    }

    /// libpq's object.
    let raw: OpaquePointer
    /// Bytes that have come from the server, as far as the kernel had counted them when we read.
    private(set) var receivedBytes = 0

    /// Begins to connect.
    ///
    /// May block: libpq reads the password and service files here.
    ///
    /// - Parameter parameters: libpq's keywords and values, with addresses instead of names.
    /// - Throws: ``OutboundError`` `.overloaded` when memory has run out. Other failures come from ``connect()``.
    init(_ parameters: [String: String]) throws(OutboundError) {
        var keywords: [UnsafePointer<CChar>?] = []
        var values: [UnsafePointer<CChar>?] = []
        for (keyword, value) in parameters {
            keywords.append(UnsafePointer(strdup(keyword)))
            values.append(UnsafePointer(strdup(value)))
        }
        defer { for text in keywords + values { free(UnsafeMutablePointer(mutating: text)) } }
        guard let raw = PQconnectStartParams(keywords + [nil], values + [nil], 0) else {
            throw OutboundError(.overloaded, "memory has run out")
        }
        self.raw = raw
        cpq_ignore_notices(raw)
        // The only way by which libpq tells the SQLSTATE of a refused connection is to write it into its message.
        PQsetErrorVerbosity(raw, PQERRORS_VERBOSE)
    }

    deinit { PQfinish(raw) }

    /// What `poll` may watch, until the next call to libpq; negative when there is none.
    var socket: Int32 { PQsocket(raw) }

    /// Goes on connecting as far as possible.
    ///
    /// May compute for long (a server chooses the cost of SCRAM) or block (files).
    func connect() -> Progress {
        guard PQstatus(raw) != CONNECTION_BAD else { return .failed }
        switch counting({ PQconnectPoll(raw) }) {
        case PGRES_POLLING_OK:
            // From here on no call waits for the socket; queries are sent as pipelines.
            return PQsetnonblocking(raw, 1) == 0 && PQenterPipelineMode(raw) == 1 ? .isOpen : .failed
        case PGRES_POLLING_READING: return .waits(.read)
        case PGRES_POLLING_WRITING: return .waits(.write)
        default: return .failed
        }
    }

    /// Asks the server to stop the running query.
    ///
    /// Blocks.
    func cancelQuery() {
        guard let cancel = PQgetCancel(raw) else { return }
        defer { PQfreeCancel(cancel) }
        var message = [CChar](repeating: 0, count: 256)
        // Best effort: where it fails, the statement timeout ends the query.
        _ = PQcancel(cancel, &message, Int32(message.count))
    }

    /// libpq's last complaint, without the password.
    ///
    /// Several lines.
    var message: String { redact(String(cString: PQerrorMessage(raw))) }

    /// Takes the password out of a text, unless it is so short or so ordinary that its presence tells nothing.
    func redact(_ text: String) -> String {
        let password = PQpass(raw).map { String(cString: $0) } ?? ""
        let known = [PQuser(raw), PQdb(raw), PQhost(raw)].compactMap { $0.map { String(cString: $0) } }
        guard password.utf8.count >= 4, !known.contains(password) else { return text }
        return text.replacingOccurrences(of: password, with: "<redacted>")
    }

    /// Makes a call that reads, and counts what it has read.
    func counting<Result>(_ call: () -> Result) -> Result {
        let before = max(cpq_unread_bytes(socket), 0)
        let result = call()
        receivedBytes += Int(max(before - max(cpq_unread_bytes(socket), 0), 0))
        return result
    }
}
