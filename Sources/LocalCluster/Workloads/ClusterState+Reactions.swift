import Foundation
import KubeModel

/// What follows from a change at once: the controllers of a cluster, as pure steps.
extension ClusterState {
    /// Lets every loop look at what has changed, and at what that changes, until nothing is left.
    ///
    /// Each loop only moves the cluster towards what is wanted, so this comes to an end; should it not within the
    /// bound, the rest waits for the next request or tick.
    mutating func settle(now: Date) {
        for _ in 0..<Self.reactionsAtOnce {
            guard let reaction = reactions.pop() else { return }
            switch reaction {
            case .changed(let id): look(at: id, now: now)
            case .removed(let id, let object): clearUp(after: object, id, now: now)
            }
        }
    }

    /// Reactions in one go at most.
    private static let reactionsAtOnce = 50_000

    /// Does what is due by now: pods that start, events that expire.
    ///
    /// ``nextAlarm`` then says when to come again.
    mutating func tick(now: Date) {
        for (id, time) in alarms where time <= now {
            alarms[id] = nil
            reactions.add(.changed(id))
        }
        expireEvents(now: now)
        settle(now: now)
        nextAlarm = alarms.values.min()
    }

    /// Asks to look at an object again, unless that is to happen earlier anyway.
    mutating func wake(_ id: ObjectID, at time: Date) {
        alarms[id] = min(alarms[id] ?? time, time)
        nextAlarm = min(nextAlarm ?? time, time)
    }

    /// Looks at an object that is new or different.
    private mutating func look(at id: ObjectID, now: Date) {
        guard let object = self[id] else { return }
        switch id.kind {
        case BuiltInKinds.ID.namespaces: emptyIfTerminating(object, id, now: now)
        case BuiltInKinds.ID.definitions: establish(object, id, now: now)
        case BuiltInKinds.ID.events: boundEvents()
        default: break
        }
        dropIfAbandoned(object, id, now: now)
        guard settings.runsWorkloads, self[id] != nil else { return }
        switch id.kind {
        case BuiltInKinds.ID.deployments: runDeployment(id, now: now)
        case BuiltInKinds.ID.replicaSets: runReplicaSet(id, now: now)
        case BuiltInKinds.ID.statefulSets: runStatefulSet(id, now: now)
        case BuiltInKinds.ID.pods: runPod(id, now: now)
        default: break
        }
        lookAtController(of: object)
    }

    /// Has the controller of an object looked at.
    private mutating func lookAtController(of object: JSONValue) {
        guard let uid = object.controller?["uid"]?.string, let owner = places[uid] else { return }
        reactions.add(.changed(owner))
    }

    /// What follows from an object's end.
    private mutating func clearUp(after object: JSONValue, _ id: ObjectID, now: Date) {
        for dependent in (dependents[object.uid] ?? []).sorted(by: { $0.key < $1.key }) {
            if let object = self[dependent] { dropIfAbandoned(object, dependent, now: now) }
        }
        lookAtController(of: object)
        let namespace = ObjectID(
            kind: BuiltInKinds.ID.namespaces,
            key: ObjectKey(namespace: "", name: object.namespace)
        )
        if self[namespace]?.isTerminating == true { reactions.add(.changed(namespace)) }
        let definition = ObjectID(kind: BuiltInKinds.ID.definitions, key: ObjectKey(namespace: "", name: id.kind))
        if self[definition]?.isTerminating == true { reactions.add(.changed(definition)) }
    }

    /// Deletes an object whose owners are all gone; takes those that are gone out of one with others left.
    ///
    /// - Source: Kubernetes, "Garbage Collection", cascading deletion in the background.
    private mutating func dropIfAbandoned(_ object: JSONValue, _ id: ObjectID, now: Date) {
        let owners = object[meta: "ownerReferences"]?.array ?? []
        let present = owners.filter { places[$0["uid"]?.string ?? ""] != nil }
        guard present.count < owners.count, !object.isTerminating else { return }
        guard !present.isEmpty else {
            beginDeletion(id, now: now)
            return
        }
        var object = object
        object[meta: "ownerReferences"] = .array(present)
        put(object, at: id)
    }

    /// Deletes everything in a namespace that is to go, then the namespace.
    private mutating func emptyIfTerminating(_ namespace: JSONValue, _ id: ObjectID, now: Date) {
        guard namespace.isTerminating else { return }
        let content = shelves.flatMap { kind, shelf in
            shelf.objects.keys.filter { $0.namespace == namespace.name }.map { ObjectID(kind: kind, key: $0) }
        }
        // Workloads first: else they would make new pods for those that go.
        for id in content.sorted(by: { ($0.kind, $0.key) < ($1.kind, $1.key) }) { beginDeletion(id, now: now) }
        let isEmpty = content.allSatisfy { self[$0] == nil }
        if isEmpty, namespace.finalizers.isEmpty { remove(id) }
    }

    /// Makes a definition's kind known as established; empties the kind of one that is to go.
    private mutating func establish(_ definition: JSONValue, _ id: ObjectID, now: Date) {
        if definition.isTerminating {
            let objects = shelf(definition.name).objects.keys.map { ObjectID(kind: definition.name, key: $0) }
            for id in objects { beginDeletion(id, now: now) }
            guard objects.allSatisfy({ self[$0] == nil }) else { return }
            var definition = definition
            definition[meta: "finalizers"] = .array(
                definition.finalizers.filter { $0 != BuiltInKinds.definitionFinalizer }.map(JSONValue.string)
            )
            finish(definition, from: self[id] ?? definition, BuiltInKinds.customResourceDefinitions, at: id)
        } else if definition[path: "status", "conditions"] == nil {
            var definition = definition
            definition["status"] = CustomKind.status(of: definition, now: now)
            definition[meta: "finalizers"] = .array(
                (definition.finalizers + [BuiltInKinds.definitionFinalizer]).map(JSONValue.string)
            )
            put(definition, at: id)
        }
    }

    /// A namespace of the cluster's own.
    mutating func addNamespace(_ name: String, now: Date) {
        var namespace: JSONValue = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
        BuiltInKinds.namespaces.fill(&namespace)
        namespace = born(namespace, BuiltInKinds.namespaces, now: now)
        put(namespace, at: ObjectID(kind: BuiltInKinds.ID.namespaces, key: ObjectKey(namespace: "", name: name)))
    }
}
