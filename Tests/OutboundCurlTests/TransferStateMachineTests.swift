import Outbound
import Testing

@testable import OutboundCurl

@Suite struct TransferStateMachineTests {
    /// Readers are numbers here.
    private typealias Machine = TransferStateMachine<Int>

    /// What an action says, in a form that can be compared.
    private struct Told: Equatable, CustomTestStringConvertible {
        var reader: Int?
        var delivery: Delivery?
        var failure: OutboundError.Code?
        var order: Machine.Order?

        init(_ action: Machine.Action) {
            reader = action.answer?.reader
            order = action.order
            switch action.answer?.result {
            case .success(let delivery): self.delivery = delivery
            case .failure(let error): failure = error.code
            case nil: break
            }
        }

        init(
            _ reader: Int? = nil,
            _ delivery: Delivery? = nil,
            failure: OutboundError.Code? = nil,
            order: Machine.Order? = nil
        ) {
            self.reader = reader
            self.delivery = delivery
            self.failure = failure
            self.order = order
        }

        var testDescription: String { "reader \(reader as Any) \(delivery as Any) \(failure as Any) \(order as Any)" }
    }

    /// A machine with the loop's events in a short form.
    private final class Dialogue {
        private var machine: Machine

        init(_ mode: DeliveryMode) { machine = Machine(mode) }

        func reads(_ reader: Int) -> Told { Told(machine.readerCame(reader)) }
        func head() -> Told { Told(machine.headCame(TransferStateMachineTests.head)) }
        func ends(_ code: OutboundError.Code? = nil) -> Told {
            Told(machine.ended(code.map { OutboundError($0, "") }))
        }
        func leaves(_ code: OutboundError.Code = .cancelled) -> Told {
            Told(machine.readerLeft(OutboundError(code, "")))
        }
        func bytes(_ text: String) -> (BytesVerdict, Told) {
            let (verdict, action) = [UInt8](text.utf8).withUnsafeBytes { machine.bytesCame($0) }
            return (verdict, Told(action))
        }
    }

    /// Any head.
    private static let head = HTTPResponseHead(status: 200)
    /// A text as a chunk.
    private func chunk(_ text: String) -> Delivery { .chunk([UInt8](text.utf8)) }

    @Test func `a stream is handed over as it comes`() {
        let stream = Dialogue(.stream(window: 4))
        #expect(stream.reads(1) == Told())
        #expect(stream.head() == Told(1, .head(Self.head)))
        #expect(stream.reads(2) == Told())
        #expect(stream.bytes("ab") == (.taken, Told(2, chunk("ab"))))
        #expect(stream.bytes("c") == (.taken, Told()))
        #expect(stream.bytes("d") == (.taken, Told()))
        #expect(stream.reads(3) == Told(3, chunk("cd")))
        #expect(stream.reads(4) == Told())
        #expect(stream.ends() == Told(4, .end))
        #expect(stream.reads(5) == Told(5, .end))
    }

    @Test func `a slow reader pauses libcurl, and resumes it when it has caught up`() {
        let stream = Dialogue(.stream(window: 4))
        _ = stream.head()
        #expect(stream.bytes("abc") == (.taken, Told()))
        #expect(stream.bytes("def") == (.taken, Told()))
        #expect(stream.bytes("ghi") == (.later, Told()))
        #expect(stream.reads(1) == Told(1, .head(Self.head)))
        #expect(stream.reads(2) == Told(2, chunk("abcdef"), order: .resume))
        #expect(stream.bytes("ghi") == (.taken, Told()))
        // Resumed once only.
        #expect(stream.reads(3) == Told(3, chunk("ghi")))
    }

    @Test func `everything may come before the first reader`() {
        let stream = Dialogue(.stream(window: 4))
        #expect(stream.head() == Told())
        #expect(stream.bytes("ab") == (.taken, Told()))
        #expect(stream.ends(.connectionLost) == Told())
        #expect(stream.reads(1) == Told(1, .head(Self.head)))
        #expect(stream.reads(2) == Told(2, chunk("ab")))
        #expect(stream.reads(3) == Told(3, failure: .connectionLost))
        #expect(stream.reads(4) == Told(4, failure: .connectionLost))
    }

    @Test func `a whole answer waits for its end`() {
        let whole = Dialogue(.whole(limit: 4))
        #expect(whole.reads(1) == Told())
        #expect(whole.head() == Told())
        #expect(whole.bytes("ab") == (.taken, Told()))
        #expect(whole.bytes("cd") == (.taken, Told()))
        #expect(whole.ends() == Told(1, .head(Self.head)))
        #expect(whole.reads(2) == Told(2, chunk("abcd")))
        #expect(whole.reads(3) == Told(3, .end))
    }

    @Test func `a whole answer past its limit is refused at once`() {
        let whole = Dialogue(.whole(limit: 4))
        _ = whole.reads(1)
        _ = whole.head()
        #expect(whole.bytes("abc") == (.taken, Told()))
        #expect(whole.bytes("de") == (.refused, Told(1, failure: .tooLarge)))
        #expect(whole.ends(.connectionLost) == Told())
        #expect(whole.reads(2) == Told(2, failure: .tooLarge))
    }

    @Test func `half of a whole answer is worth nothing`() {
        let whole = Dialogue(.whole(limit: 4))
        _ = whole.head()
        _ = whole.bytes("ab")
        #expect(whole.ends(.timedOut) == Told())
        #expect(whole.reads(1) == Told(1, failure: .timedOut))
    }

    @Test func `an end without a head is an error`() {
        let stream = Dialogue(.stream(window: 4))
        _ = stream.reads(1)
        #expect(stream.ends() == Told(1, failure: .malformedAnswer))
    }

    /// Plays a transfer up to a step and lets the reader go there.
    @Test(arguments: [DeliveryMode.whole(limit: 9), .stream(window: 9)], 0...4)
    func `a reader may leave at any point and is answered once`(mode: DeliveryMode, steps: Int) {
        let dialogue = Dialogue(mode)
        var waiting: Int?
        for step in 0..<steps {
            let told: Told
            switch step {
            case 0: (told, waiting) = (dialogue.reads(1), 1)
            case 1: told = dialogue.head()
            case 2: told = dialogue.bytes("ab").1
            default: told = dialogue.ends()
            }
            if told.reader != nil { waiting = nil }
        }
        let left = dialogue.leaves()
        #expect(left == Told(waiting, failure: waiting.map { _ in .cancelled }, order: steps < 4 ? .abort : nil))
        #expect(dialogue.leaves() == Told(), "leaving twice is leaving once")
        #expect(dialogue.head() == Told())
        #expect(dialogue.bytes("cd") == (.refused, Told()))
        #expect(dialogue.ends(.connectionLost) == Told())
        #expect(dialogue.reads(9) == Told(9, failure: .cancelled))
    }
}
