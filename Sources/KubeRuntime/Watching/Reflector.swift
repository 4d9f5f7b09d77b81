public import KubeClient
public import KubeModel
public import Logging
public import Outbound
public import ServiceLifecycle

/// Keeps a ``Store`` true to what the API server has of one kind.
///
/// It lists in pages and watches from there; after 410 it lists anew, and the store changes in one step when the list
/// is complete. An object that does not fit our type leaves the others alone: it is logged, and what was known of it
/// stands. A kind that may be absent, because its CRD need not be installed, has an empty store until it is served. A
/// trouble that lasts is told once. ``run()`` ends only with shutdown or cancellation.
public struct Reflector<R: KubeResource, Value: Sendable & Equatable>: Service {
    /// What is kept true.
    public let store: Store<Value>
    /// Who asks.
    private let client: KubeClient
    /// Where the kind is served.
    private let type: ResourceType
    /// Whether it is in order that the server does not know the kind.
    private let isOptional: Bool
    /// Which objects, each followed on its own; one for each namespace watched.
    private let selections: [Selection]
    /// After how long a watch is begun anew.
    private let span: Duration
    /// What is kept of an object; `nil` to leave it out.
    private let project: @Sendable (R) -> Value?
    /// What is kept of an object that does not fit our type; `nil` for what was known of it.
    private let salvage: @Sendable (ObjectMeta) -> Value?
    /// The clocks.
    private let time: TimeSource
    /// From 0 up to 1.
    private let random: @Sendable () -> Double
    /// Where trouble is told.
    private let logger: Logger

    /// Makes a reflector and its store.
    ///
    /// - Parameters:
    ///   - client: who asks.
    ///   - kind: what is followed.
    ///   - namespaces: where; none for everywhere.
    ///   - labels: which labels the objects have.
    ///   - fields: the text of a field selector.
    ///   - type: where the kind is served.
    ///   - isOptional: whether it is in order that the server does not know the kind.
    ///   - span: after how long a watch is begun anew, at the latest; by its end the store hears of a server that has
    ///     nothing to tell, since until the first event of a watch there are no bookmarks.
    ///   - index: names under which ``Store/keys(under:)`` finds a value.
    ///   - time: the clocks.
    ///   - random: from 0 up to 1, for the rest after failures and for how much of its span a watch lasts.
    ///   - logger: where trouble is told.
    ///   - salvage: what is kept of an object that does not fit our type; `nil` for what was known of it.
    ///   - project: the part of an object that is kept; `nil` to leave the object out.
    public init(
        _ client: KubeClient,
        of kind: R.Type = R.self,
        in namespaces: [String] = [],
        labels: LabelSelector = LabelSelector(),
        fields: String? = nil,
        as type: ResourceType = R.resourceType,
        isOptional: Bool = false,
        span: Duration = .seconds(290),
        index: (@Sendable (ObjectKey, Value) -> [String])? = nil,
        time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        logger: Logger,
        salvage: @escaping @Sendable (ObjectMeta) -> Value? = { _ in nil },
        project: @escaping @Sendable (R) -> Value?
    ) {
        let scopes: [String?] = namespaces.isEmpty ? [nil] : namespaces
        self.selections = scopes.map { Selection(namespace: $0, labels: labels, fields: fields) }
        self.store = Store(parts: scopes.count, index: index)
        self.client = client
        self.type = type
        self.isOptional = isOptional
        self.span = span
        self.project = project
        self.salvage = salvage
        self.time = time
        self.random = random
        var logger = logger
        logger[metadataKey: "kind"] = "\(type.kind)"
        self.logger = logger
    }

    /// Follows the kind until shutdown.
    public func run() async {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for part in selections.indices { group.addTask { await follow(part) } }
            }
        }
    }

    /// Follows one selection.
    private func follow(_ part: Int) async {
        var machine = WatchStateMachine()
        var trouble: KubeError.Code?
        var gathered: [ObjectKey: Value] = [:]
        var action = machine.start()
        while !Task.isCancelled {
            switch action {
            case .list(let token):
                if token == nil { gathered = [:] }
                action = await list(part, continuing: token, &gathered, &machine, &trouble)
            case .swapAndWatch(let version):
                store.replace(part: part, with: gathered)
                store.note(part: part, heard: time.uptime())
                gathered = [:]
                action = await watch(part, from: version, &machine, &trouble)
            case .watch(let version):
                action = await watch(part, from: version, &machine, &trouble)
            case .wait(let rest):
                // Cancellation ends the loop; nothing else ends a sleep.
                guard (try? await time.sleep(rest)) != nil else { return }
                action = machine.waited()
            }
        }
    }

    /// One page.
    private func list(
        _ part: Int,
        continuing token: String?,
        _ gathered: inout [ObjectKey: Value],
        _ machine: inout WatchStateMachine,
        _ trouble: inout KubeError.Code?
    ) async -> WatchStateMachine.Action {
        do {
            let limit = client.settings.pageSize
            let page = try await client.page(R.self, selections[part], limit: limit, continuing: token, as: type)
            for object in page.items { gathered[object.key] = project(object) }
            for object in page.unreadable {
                report(object)
                if let key = object.key { gathered[key] = object.metadata.flatMap(salvage) ?? store[key] }
            }
            return machine.pageReceived(version: page.resourceVersion, next: page.next)
        } catch {
            if isAbsent(error) { store.replace(part: part, with: [:]) }
            store.note(part: part, heard: nil)
            report(error, "listing failed", &trouble)
            return machine.listFailed(error.isGone ? .gone : .other, random: random())
        }
    }

    /// One watch, to its end.
    private func watch(
        _ part: Int,
        from version: String,
        _ machine: inout WatchStateMachine,
        _ trouble: inout KubeError.Code?
    ) async -> WatchStateMachine.Action {
        var began = time.uptime()
        // Watches that begin together do not end together, or all would begin anew in one burst.
        let span = span * (0.8 + 0.2 * random())
        do {
            try await client.withWatch(R.self, selections[part], from: version, for: span, as: type) { events in
                began = time.uptime()
                for try await event in events {
                    machine.received(version: try apply(event, part))
                    store.note(part: part, heard: time.uptime())
                    trouble = nil
                }
            }
            trouble = nil
            let lasted = time.uptime() - began
            let action = machine.watchEnded(after: lasted, random: random())
            if case .watch = action {
                // In good order and in its time: all that was to be told has been. A beginning, or an end before that,
                // promises nothing.
                if lasted >= span * 0.9 { store.note(part: part, heard: time.uptime()) }
            } else {
                store.note(part: part, heard: nil)
            }
            return action
        } catch {
            let error = error as? KubeError ?? KubeError(error, doing: "watching \(type.plural)")
            store.note(part: part, heard: nil)
            report(error, "watching failed", &trouble)
            // A list finds out whether the kind is gone, and when it is back.
            return machine.watchFailed(error.isGone || isAbsent(error) ? .gone : .other, random: random())
        }
    }

    /// Puts an event into the store.
    ///
    /// - Returns: the version that is reached; empty if the event does not say.
    /// - Throws: ``KubeError`` for an event that is an error.
    private func apply(_ event: WatchEvent<R>, _ part: Int) throws(KubeError) -> String {
        switch event {
        case .added(let object), .modified(let object):
            store.set(object.key, to: project(object), part: part)
            return object.metadata.resourceVersion ?? ""
        case .deleted(let object):
            store.set(object.key, to: nil, part: part)
            return object.metadata.resourceVersion ?? ""
        case .bookmark(let version):
            return version
        case .unreadable(let object, let isDeleted):
            report(object)
            let salvaged = object.metadata.flatMap(salvage)
            if let key = object.key, isDeleted || salvaged != nil {
                store.set(key, to: isDeleted ? nil : salvaged, part: part)
            }
            return object.resourceVersion ?? ""
        case .failed(let status):
            throw KubeError(watching: type.plural, said: status)
        }
    }

    /// Tells of an object that does not fit.
    private func report(_ object: UnreadableObject) {
        logger.warning(
            "an object cannot be read; what was known of it stands",
            metadata: ["object": "\(object.key?.description ?? "?")", "error": "\(object.reason)"]
        )
    }

    /// Whether the server does not know the kind, which is in order.
    private func isAbsent(_ error: KubeError) -> Bool { isOptional && error.isNotFound }

    /// Tells of a failure, once while it lasts: 410 is ordinary, and so is the end.
    private func report(_ error: KubeError, _ text: Logger.Message, _ trouble: inout KubeError.Code?) {
        if error.isCancelled || Task.isCancelled { return }
        let isOrdinary = error.isGone || isAbsent(error)
        let isNews = !isOrdinary && trouble != error.code
        logger.log(level: isNews ? .warning : .debug, text, metadata: ["error": "\(String(reflecting: error))"])
        if !isOrdinary { trouble = error.code }
    }
}
