public import KubeModel
import Outbound

/// The events of one watch, as they come.
///
/// One reader, one pass.
public struct WatchEvents<R: KubeResource>: AsyncSequence, Sendable {
    /// What a watch tells.
    public typealias Element = WatchEvent<R>

    /// Where the bytes come from.
    let body: HTTPBody
    /// Bytes of the longest event.
    let limit: Int

    /// Starts reading.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: body.makeAsyncIterator(), framer: LineFramer(limit: limit))
    }

    /// The reader.
    public struct AsyncIterator: AsyncIteratorProtocol {
        /// The bytes.
        private var chunks: HTTPBody.AsyncIterator
        /// Where lines are put together.
        private var framer: LineFramer
        /// Lines that are complete, the next one last.
        private var lines: [[UInt8]] = []

        /// Starts at the front.
        init(chunks: HTTPBody.AsyncIterator, framer: LineFramer) {
            self.chunks = chunks
            self.framer = framer
        }

        /// Waits for the next event; `nil` when the server ends the watch in good order.
        ///
        /// - Throws: ``KubeError``: `.unreachable` when the connection breaks or an event is cut, `.timedOut` after
        ///   too long a silence, `.malformedAnswer`, `.tooLarge`.
        public mutating func next() async throws -> WatchEvent<R>? {
            while lines.isEmpty {
                guard let completed = try await nextLines() else {
                    guard !framer.isWithinLine else {
                        throw KubeError(.unreachable, "the watch ended in the middle of an event")
                    }
                    return nil
                }
                lines = completed.reversed()
            }
            return try lines.popLast().map(WatchEvent.init(line:))
        }

        /// The lines that the next bytes complete, with failures in this room's type; `nil` at the end.
        private mutating func nextLines() async throws(KubeError) -> [[UInt8]]? {
            do {
                guard let chunk = try await chunks.next() else { return nil }
                return try framer.append(chunk)
            } catch {
                throw KubeError(error, doing: "reading the watch")
            }
        }
    }
}
