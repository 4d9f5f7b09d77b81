import NIOCore

/// Runs the tasks of a connection on the connection's event loop.
///
/// A small answer costs less than handing its request to another thread and back.
final class EventLoopExecutor: TaskExecutor {
    /// The connection's.
    private let loop: any EventLoop

    /// Takes an event loop, which must outlive every task.
    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    /// Has a part of a task run on the loop, in its turn.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // The job keeps the executor alive only as long as its task prefers it.
        loop.execute { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
