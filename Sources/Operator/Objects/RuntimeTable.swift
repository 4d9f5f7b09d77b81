internal import KubeModel
internal import Scaling
internal import Synchronization

/// The runtimes of all objects, by name.
final class RuntimeTable: Sendable {
    /// What is kept of an object that is not polled now, where nothing may be written into its status.
    struct Rest: Sendable {
        /// The life of the object.
        let uid: String?
        /// Why it is not polled, for people.
        let reason: String
        /// When it was active, as far as is known.
        let activity: ActivityState
    }

    /// Both grow and shrink with the cluster's ScaledObjects.
    private struct State {
        /// Of objects that are polled.
        var runtimes: [ObjectKey: ObjectRuntime] = [:]
        /// Of objects that are not, or cannot be at the moment.
        var rests: [ObjectKey: Rest] = [:]
    }

    /// See ``State``.
    private let state = Mutex(State())

    /// No runtimes yet.
    init() {}

    /// The runtime of an object; whatever it is set to, the object rests no more.
    subscript(key: ObjectKey) -> ObjectRuntime? {
        get { state.withLock { $0.runtimes[key] } }
        set {
            state.withLock { state in
                state.runtimes[key] = newValue
                state.rests[key] = nil
            }
        }
    }

    /// What is kept of an object while it rests; `nil` where another one bears its name.
    func rest(of object: ScaledObject) -> Rest? {
        state.withLock { $0.rests[object.key] }.flatMap { $0.uid == object.metadata.uid ? $0 : nil }
    }

    /// Why an object is not polled, where no status tells.
    func reason(for key: ObjectKey) -> String? { state.withLock { $0.rests[key]?.reason } }

    /// Notes that an object rests.
    ///
    /// - Parameters:
    ///   - rest: why, and what is known of it.
    ///   - key: the object.
    ///   - keepsRuntime: whether its runtime stays, because it may be polled again as it is.
    /// - Returns: whether nobody knows yet that it rests, and why.
    func note(_ rest: Rest, of key: ObjectKey, keepsRuntime: Bool) -> Bool {
        state.withLock { state in
            defer { state.rests[key] = rest }
            if !keepsRuntime { state.runtimes[key] = nil }
            return state.rests[key]?.reason != rest.reason
        }
    }

    /// Notes that an object rests no more.
    func wake(_ key: ObjectKey) { state.withLock { $0.rests[key] = nil } }

    /// Forgets some objects.
    func drop(where isMeant: (ObjectKey) -> Bool) {
        state.withLock { state in
            state.runtimes = state.runtimes.filter { !isMeant($0.key) }
            state.rests = state.rests.filter { !isMeant($0.key) }
        }
    }

    /// How many there are.
    var count: Int { state.withLock { $0.runtimes.count } }

    /// All of them.
    var all: [ObjectKey: ObjectRuntime] { state.withLock { $0.runtimes } }
}
