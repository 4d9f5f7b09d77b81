import CCurl
import Foundation
import Outbound
import Synchronization

/// A libcurl multi handle and the thread that turns it.
///
/// Expected flow: ``start()`` once, ``submit(_:)`` and ``post(_:)`` from any thread, ``close()`` once or more.
/// Guarantee: every submitted ``Transfer`` hears of its end, at the latest when the loop closes.
/// The thread keeps the loop alive until it is closed.
final class CurlLoop: Sendable {
    /// Who waits for the end of the thread.
    typealias Closer = CheckedContinuation<Void, Never>

    /// A multi handle that may be woken from any thread.
    ///
    /// Unchecked: libcurl documents `curl_multi_wakeup` as callable from any thread. All else is called by
    /// ``LoopDriver``, on its thread only.
    private struct Multi: @unchecked Sendable {
        /// libcurl's handle.
        let handle: UnsafeMutableRawPointer
    }

    /// What the thread shall do.
    private let inbox: Mutex<LoopInbox<Transfer, Closer>>
    /// Alive until the inbox is closed; woken only under the inbox's lock.
    private let multi: Multi
    /// Bounds of connections and transfers.
    private let settings: CurlTransport.Settings

    /// Makes the handle; the thread is started by ``start()``.
    ///
    /// - Throws: ``OutboundError`` `.overloaded` when the process is out of memory or descriptors.
    init(_ settings: CurlTransport.Settings) throws(OutboundError) {
        guard Self.isLibraryReady, let handle = curl_multi_init() else {
            throw OutboundError(.overloaded, "libcurl cannot be started: out of memory or file descriptors")
        }
        self.multi = Multi(handle: handle)
        self.settings = settings
        self.inbox = Mutex(LoopInbox(capacity: settings.transferLimit))
    }

    /// Starts the thread.
    func start() {
        let thread = Thread {
            // From here, for the system shows only the name that a running thread gives itself.
            Thread.current.name = "swell-curl"
            self.run()
        }
        thread.start()
    }

    /// Sends a transfer.
    ///
    /// - Throws: ``OutboundError`` `.overloaded` or `.closed`.
    func submit(_ transfer: Transfer) throws(OutboundError) {
        try inbox.withLock { inbox throws(OutboundError) in
            if try inbox.submit(transfer) { wake() }
        }
    }

    /// Passes on what a transfer's machine has ordered.
    func post(_ command: LoopInbox<Transfer, Closer>.Command) {
        inbox.withLock { if $0.post(command) { wake() } }
    }

    /// Ends every transfer with `.closed`, and returns when the thread has let go of everything.
    func close() async {
        await withCheckedContinuation { closer in
            let isClosed = inbox.withLock { inbox in
                let (wakes, isClosed) = inbox.close(closer)
                if wakes { wake() }
                return isClosed
            }
            if isClosed { closer.resume() }
        }
    }

    /// As ``close()``, for a caller that cannot wait.
    func closeSoon() {
        inbox.withLock { if $0.close(nil).wakes { wake() } }
    }

    /// Ends the thread's wait.
    ///
    /// Called with the inbox locked, so that the handle is still there.
    private func wake() {
        // Fails only for a handle that is not one, or where the thread has no wait to end; neither can be.
        _ = curl_multi_wakeup(multi.handle)
    }

    /// The life of the thread.
    private func run() {
        Self.blockSignals()
        let driver = LoopDriver(multi.handle, settings)
        while true {
            // First, for most jobs send something.
            run(inbox.withLock { $0.drainJobs(upTo: Self.jobsAtOnce) }, beside: driver)
            let (commands, isClosing) = inbox.withLock { $0.drain() }
            let waiting = inbox.withLock { $0.waitingJobs }
            for command in commands { driver.take(command) }
            if isClosing { driver.endAll() } else { driver.turn() }
            let ended = driver.takeEnded()
            if ended > 0 { inbox.withLock { $0.ended(ended) } }
            // What answers have brought goes on before anything else begins.
            run(inbox.withLock { $0.drainJobs(after: waiting) }, beside: driver)
            if isClosing { break }
            if inbox.withLock({ $0.rests() }) { driver.wait() }
        }
        let (closers, jobs) = inbox.withLock { $0.closed() }  // from here on nobody wakes the handle
        driver.dispose()
        for closer in closers { closer.resume() }
        for job in jobs { Self.runElsewhere(job) }
    }

    /// Runs jobs, one after the other.
    private func run(_ jobs: [UnownedJob], beside driver: LoopDriver) {
        guard !jobs.isEmpty else { return }
        driver.leave()
        for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    /// How many jobs run before libcurl gets a turn.
    private static let jobsAtOnce = 4

    /// Has a job run where all jobs run that nobody has a wish for.
    private static func runElsewhere(_ job: UnownedJob) { globalConcurrentExecutor.enqueue(job) }

    /// Keeps signals away from this thread and the resolver threads that libcurl makes from it: with
    /// `CURLOPT_NOSIGNAL` libcurl leaves SIGPIPE to us, and a blocked one is an `EPIPE`, no more.
    private static func blockSignals() {
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
    }

    /// Initialises libcurl once per process, never undone: other transports may still be at work.
    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK
}

/// Runs jobs of tasks on the loop's thread, between what libcurl does.
extension CurlLoop: TaskExecutor {
    /// Has a job run; elsewhere once the loop is closed.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isTaken = inbox.withLock { inbox in
            guard let wakes = inbox.add(job) else { return false }
            if wakes { wake() }
            return true
        }
        if !isTaken { Self.runElsewhere(job) }
    }
}
