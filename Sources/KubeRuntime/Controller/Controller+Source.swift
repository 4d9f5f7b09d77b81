public import KubeModel

extension Controller {
    /// Where a controller's keys come from.
    public struct Source: Sendable {
        /// Returns when reconciling may begin.
        let waitUntilReady: @Sendable () async throws -> Void
        /// Puts keys into the queue until cancelled.
        let pump: @Sendable (WorkQueue<Key>) async -> Void

        /// What changes in a store, each object standing for some keys: itself, or whom it concerns.
        public static func store<Value>(
            _ store: Store<Value>,
            _ keys: @escaping @Sendable (ObjectKey) -> [Key]
        ) -> Source {
            Source {
                try await store.waitUntilSynced()
            } pump: { queue in
                for await changed in store.changes() {
                    for key in keys(changed) { queue.add(key) }
                }
            }
        }

        /// What changes in a store, each object standing for itself.
        public static func store<Value>(_ values: Store<Value>) -> Source where Key == ObjectKey {
            store(values) { [$0] }
        }

        /// A store that must be known before anything runs, and whose changes wake nobody.
        public static func requirement<Value>(_ store: Store<Value>) -> Source {
            Source {
                try await store.waitUntilSynced()
            } pump: { _ in
            }
        }

        /// Keys from elsewhere, ready at once; ends when the stream ends.
        public static func stream(_ keys: AsyncStream<Key>) -> Source {
            Source {
            } pump: { queue in
                for await key in keys { queue.add(key) }
            }
        }
    }
}
