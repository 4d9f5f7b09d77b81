/// Decides how a kind is followed: list it in pages, watch from there, begin again when the server has forgotten.
///
/// Pure: it is told what happened and says what to do. Whoever drives it keeps the objects.
///
/// - Source: Kubernetes, "API Concepts", efficient detection of changes; kube-rs, `kube-runtime/src/watcher.rs`.
struct WatchStateMachine {
    /// What to do now.
    enum Action: Equatable {
        /// Ask for a page; `nil` for the first one, before which what was gathered is dropped.
        case list(continuing: String?)
        /// The list is complete: put it in the place of what was known, then watch.
        case swapAndWatch(from: String)
        /// Watch again.
        case watch(from: String)
        /// Rest, then say ``waited()``.
        case wait(Duration)
    }

    /// How something went wrong.
    enum Failure: Equatable {
        /// 410: the version or the page token is too old, whether a status or an event said so.
        case gone
        /// Anything else.
        case other
    }

    /// Where we stand.
    ///
    /// `failures` counts those in a row; only progress of a watch ends the row, for a list that works and a watch that
    /// never does must not chase each other.
    private enum State: Equatable {
        /// Nothing asked yet. Can go to `listing`.
        case empty
        /// A page is asked for. Can go to `listing` of the next page, to `watching`, or to `resting`.
        case listing(failures: Int)
        /// Watching from a version. Can go to `watching`, to `listing` on the first 410, or to `resting`.
        case watching(from: String, failures: Int, hasProgress: Bool)
        /// Waiting before going on. Can go to `listing` (no version) or `watching`.
        case resting(from: String?, failures: Int)
    }

    /// A watch that ends sooner than this without an event has failed, whatever the server says.
    private static let shortest = Duration.seconds(1)

    /// Where we stand.
    private var state = State.empty
    /// How long to rest.
    private let backoff: Backoff

    /// Knows nothing.
    init(backoff: Backoff = Backoff()) {
        self.backoff = backoff
    }

    /// Begins.
    mutating func start() -> Action {
        state = .listing(failures: 0)
        return .list(continuing: nil)
    }

    /// A page has come: the version of the list, and the token of the next page if there is one.
    mutating func pageReceived(version: String, next: String?) -> Action {
        guard case .listing(let failures) = state else { preconditionFailure("a page came while \(state)") }
        if let next { return .list(continuing: next) }
        state = .watching(from: version, failures: failures, hasProgress: false)
        return .swapAndWatch(from: version)
    }

    /// A page did not come.
    mutating func listFailed(_ failure: Failure, random: Double) -> Action {
        guard case .listing(let failures) = state else { preconditionFailure("a list failed while \(state)") }
        return begin(again: failure, after: failures, random: random)
    }

    /// An event or a bookmark has come; the next watch goes on from its version.
    mutating func received(version: String) {
        guard case .watching(let old, _, _) = state else { preconditionFailure("an event came while \(state)") }
        state = .watching(from: version.isEmpty ? old : version, failures: 0, hasProgress: true)
    }

    /// The server ended the watch in good order.
    mutating func watchEnded(after lasted: Duration, random: Double) -> Action {
        guard case .watching(let version, _, let hasProgress) = state else {
            preconditionFailure("a watch ended while \(state)")
        }
        guard hasProgress || lasted >= Self.shortest else { return watchFailed(.other, random: random) }
        state = .watching(from: version, failures: 0, hasProgress: false)
        return .watch(from: version)
    }

    /// The watch could not begin, broke, fell silent or reported an error.
    mutating func watchFailed(_ failure: Failure, random: Double) -> Action {
        guard case .watching(let version, let failures, _) = state else {
            preconditionFailure("a watch failed while \(state)")
        }
        switch failure {
        case .gone: return begin(again: .gone, after: failures, random: random)
        case .other:
            state = .resting(from: version, failures: failures + 1)
            return .wait(backoff.delay(failures: failures + 1, random: random))
        }
    }

    /// The rest is over.
    mutating func waited() -> Action {
        guard case .resting(let version, let failures) = state else { preconditionFailure("waited while \(state)") }
        guard let version else {
            state = .listing(failures: failures)
            return .list(continuing: nil)
        }
        state = .watching(from: version, failures: failures, hasProgress: false)
        return .watch(from: version)
    }

    /// Lists anew: at once on the first 410, which is an ordinary thing, else after a rest.
    private mutating func begin(again failure: Failure, after failures: Int, random: Double) -> Action {
        if failure == .gone && failures == 0 {
            state = .listing(failures: 1)
            return .list(continuing: nil)
        }
        state = .resting(from: nil, failures: failures + 1)
        return .wait(backoff.delay(failures: failures + 1, random: random))
    }
}
