import Foundation
import Synchronization

/// A program that is run to its end on a thread of its own, so that no cooperative thread ever waits for it.
struct ChildProcess: Sendable {
    /// An absolute path.
    let program: String
    /// What it is called with.
    let arguments: [String]
    /// Its whole environment.
    let environment: [String: String]

    /// How a run ended.
    struct Outcome: Sendable {
        /// 0 when all is well.
        let status: Int32
        /// What it wrote to its standard output.
        let output: [UInt8]
        /// What it wrote to its standard error, cut at the limit.
        let errors: [UInt8]
    }

    /// Finds a program as a shell would; `nil` if there is none.
    static func find(_ command: String, path: String) -> String? {
        let isRunnable = FileManager.default.isExecutableFile(atPath:)
        if command.contains("/") { return isRunnable(command) ? command : nil }
        return path.split(separator: ":").map { "\($0)/\(command)" }.first(where: isRunnable)
    }

    /// Runs the program without a terminal.
    ///
    /// - Parameters:
    ///   - deadline: how long it may take before it is killed.
    ///   - limit: bytes of its output; more is an error.
    /// - Returns: how it ended, whatever its status.
    /// - Throws: ``KubeError``: `.noCredentials` when it cannot be started or says too much, `.timedOut`, `.cancelled`.
    func run(deadline: Duration, limit: Int) async throws(KubeError) -> Outcome {
        let isCancelled = Flag()
        let result: Result<Outcome, KubeError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    let child = Result { () throws(KubeError) in try RunningChild(self, limit: limit) }
                    continuation.resume(
                        returning: child.flatMap { child in
                            var child = child
                            return child.finish(by: .now + deadline, unless: isCancelled)
                        }
                    )
                }
            }
        } onCancel: {
            isCancelled.raise()
        }
        return try result.get()
    }
}

/// Something that is said once, from any thread.
final class Flag: Sendable {
    /// Whether it was said.
    private let value = Atomic(false)
    /// Whether it was said.
    var isRaised: Bool { value.load(ordering: .acquiring) }
    /// Says it.
    func raise() { value.store(true, ordering: .releasing) }
}
