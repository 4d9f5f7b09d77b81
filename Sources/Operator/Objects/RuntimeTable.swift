internal import KubeModel
internal import Synchronization

/// The runtimes of all objects, by name.
final class RuntimeTable: Sendable {
    /// Grows and shrinks with the cluster's ScaledObjects.
    private let runtimes = Mutex<[ObjectKey: ObjectRuntime]>([:])

    /// No runtimes yet.
    init() {}

    /// The runtime of an object.
    subscript(key: ObjectKey) -> ObjectRuntime? {
        get { runtimes.withLock { $0[key] } }
        set { runtimes.withLock { $0[key] = newValue } }
    }

    /// How many there are.
    var count: Int { runtimes.withLock { $0.count } }

    /// All of them.
    var all: [ObjectKey: ObjectRuntime] { runtimes.withLock { $0 } }
}
