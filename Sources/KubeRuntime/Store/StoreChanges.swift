public import KubeModel
import Outbound
import Synchronization

/// Keys of objects that have changed.
///
/// One reader; ending the iteration, or dropping it, ends the subscription.
public struct StoreChanges: AsyncSequence, Sendable {
    /// Which object.
    public typealias Element = ObjectKey

    /// Where changes are put.
    private let feed: ChangeFeed
    /// Ends the subscription when nobody reads any more.
    private let subscription: Subscription

    /// A subscription.
    init(feed: ChangeFeed, end: @escaping @Sendable () -> Void) {
        self.feed = feed
        self.subscription = Subscription(end: end)
    }

    /// Starts reading.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(feed: feed, subscription: subscription)
    }

    /// The reader.
    public struct AsyncIterator: AsyncIteratorProtocol {
        /// Where changes are put.
        let feed: ChangeFeed
        /// Kept as long as the reader.
        fileprivate let subscription: Subscription
        /// What was taken and not yet given, the next one last.
        private var taken: [ObjectKey] = []

        /// A reader.
        fileprivate init(feed: ChangeFeed, subscription: Subscription) {
            self.feed = feed
            self.subscription = subscription
        }

        /// Waits for a change; `nil` when cancelled.
        public mutating func next() async -> ObjectKey? {
            while taken.isEmpty {
                taken = feed.take().reversed()
                if taken.isEmpty, await !feed.signal.wait() { return nil }
            }
            return taken.popLast()
        }
    }

    /// Runs a closure when the last holder lets go.
    fileprivate final class Subscription: Sendable {
        /// What to run.
        private let end: @Sendable () -> Void

        /// Holds it.
        init(end: @escaping @Sendable () -> Void) {
            self.end = end
        }

        deinit { end() }
    }
}

/// Changed keys on their way to one reader; each key at most once.
final class ChangeFeed: Sendable {
    /// In the order in which they first changed.
    private let pending = Mutex<(order: [ObjectKey], known: Set<ObjectKey>)>(([], []))
    /// Wakes the reader.
    let signal = WakeSignal()

    /// Adds keys and wakes the reader.
    func add(_ keys: [ObjectKey]) {
        if keys.isEmpty { return }
        pending.withLock { pending in
            for key in keys where pending.known.insert(key).inserted { pending.order.append(key) }
        }
        signal.raise()
    }

    /// Takes all of them.
    func take() -> [ObjectKey] {
        pending.withLock { pending in
            defer { pending = ([], []) }
            return pending.order
        }
    }
}
