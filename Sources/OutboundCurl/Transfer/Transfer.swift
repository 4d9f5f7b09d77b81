import Outbound
import Synchronization

/// One transfer, shared between the task that reads it and the loop that feeds it.
///
/// A ``TransferStateMachine`` with a lock around it: whoever brings an event performs the action, outside the lock.
final class Transfer: Sendable {
    /// A task that waits for its next delivery.
    typealias Reader = CheckedContinuation<Result<Delivery, OutboundError>, Never>

    /// What is sent.
    let request: WireRequest
    /// Who sends it.
    private let loop: CurlLoop
    /// What has come and who waits.
    private let machine: Mutex<TransferStateMachine<Reader>>

    /// A transfer that has not been submitted yet.
    init(_ request: WireRequest, on loop: CurlLoop) {
        self.request = request
        self.loop = loop
        self.machine = Mutex(TransferStateMachine(request.mode))
    }

    /// The reader's next delivery; cancelling the task ends the transfer.
    func next() async throws(OutboundError) -> Delivery {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { reader in
                perform(machine.withLock { $0.readerCame(reader) })
            }
        } onCancel: {
            leave(OutboundError(.cancelled, "the call was cancelled"))
        }
        return try result.get()
    }

    /// The reader needs no more; ends the transfer unless it is over.
    func leave(_ failure: OutboundError = OutboundError(.closed, "the answer is read after its call has returned")) {
        perform(machine.withLock { $0.readerLeft(failure) })
    }

    /// From the loop: the head is complete.
    func headCame(_ head: HTTPResponseHead) {
        perform(machine.withLock { $0.headCame(head) })
    }

    /// From the loop: bytes of the body, and the verdict on them.
    func bytesCame(_ bytes: UnsafeRawBufferPointer) -> BytesVerdict {
        let (verdict, action) = machine.withLock { $0.bytesCame(bytes) }
        perform(action)
        return verdict
    }

    /// From the loop: nothing more comes.
    func ended(_ failure: OutboundError?) {
        perform(machine.withLock { $0.ended(failure) })
    }

    /// Tells the loop and the reader what the machine has decided.
    private func perform(_ action: TransferStateMachine<Reader>.Action) {
        switch action.order {
        case .resume: loop.post(.resume(self))
        case .abort: loop.post(.abort(self))
        case nil: break
        }
        if let (reader, result) = action.answer { reader.resume(returning: result) }
    }
}
