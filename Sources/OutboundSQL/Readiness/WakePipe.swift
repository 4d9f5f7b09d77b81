import Foundation
import Outbound

/// A pipe to itself, by which one thread ends another's `poll`.
final class WakePipe: Sendable {
    /// What `poll` watches.
    let readEnd: Int32
    /// Where ``wake()`` writes.
    private let writeEnd: Int32

    /// Opens both ends, non-blocking and closed on `exec`.
    ///
    /// - Throws: `.overloaded` when the process has no file descriptors left.
    init() throws(OutboundError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw OutboundError(.overloaded, "no file descriptor is left", detail: "pipe: errno \(errno)")
        }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Ends the running `poll`, or else the next one.
    func wake() {
        var byte: UInt8 = 1
        // The only failure is a full pipe, and then a wake-up is under way already.
        _ = write(writeEnd, &byte, 1)
    }

    /// Forgets the wake-ups so far.
    ///
    /// Called by the woken thread.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(readEnd, &bytes, bytes.count) > 0 {}
    }
}
