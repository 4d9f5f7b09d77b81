import Foundation
import KubeModel

/// The whole cluster as a value: objects, their recent past, and what the server has still to react to.
///
/// Requests and ticks go in with the time they happen at, answers come out; there is no clock, lock or task inside.
/// A copy is a snapshot, which is how a dry run works: it is carried out on a copy that is then dropped.
///
/// Revisions count every change of any object, as etcd's do; an object's `resourceVersion` is the revision of its last
/// change.
struct ClusterState: Sendable {
    /// What does not change while the cluster lives.
    let settings: ClusterSettings
    /// Every kind that is served.
    var kinds: KindTable
    /// The number of the last change.
    private(set) var revision: Int64 = 1
    /// Objects and history, by kind.
    private(set) var shelves: [Kind.ID: Shelf] = [:]
    /// Where the object of a UID lives.
    private(set) var places: [String: ObjectID] = [:]
    /// Objects that name a UID as their owner.
    private(set) var dependents: [String: Set<ObjectID>] = [:]
    /// Changes that the cluster's own loops have not looked at.
    var reactions = ReactionQueue()
    /// Objects to be looked at again at some time.
    var alarms: [ObjectID: Date] = [:]
    /// The earliest of ``alarms``, or an earlier time.
    var nextAlarm: Date?
    /// When the kubelet that we play has started each pod, or will, by UID.
    var podStarts: [String: Date] = [:]
    /// UIDs and name suffixes.
    var names: NameMaker
    /// Kinds changed since the shell last asked.
    private(set) var touched: Set<Kind.ID> = []

    /// Objects of one kind.
    struct Shelf: Sendable {
        /// By place.
        var objects: [ObjectKey: JSONValue] = [:]
        /// The last changes.
        var history: ChangeHistory
    }

    /// A cluster with the namespaces that every cluster has.
    init(_ settings: ClusterSettings, now: Date) {
        self.settings = settings
        self.kinds = KindTable()
        self.names = NameMaker(seed: settings.seed)
        for name in ["default", "kube-node-lease", "kube-public", "kube-system"] { addNamespace(name, now: now) }
        settle(now: now)
    }

    /// The objects of a kind.
    func shelf(_ kind: Kind.ID) -> Shelf {
        shelves[kind] ?? Shelf(history: ChangeHistory(capacity: settings.historyCapacity))
    }

    /// One object.
    subscript(id: ObjectID) -> JSONValue? { shelves[id.kind]?.objects[id.key] }

    /// How many objects there are of all kinds.
    var objectCount: Int { places.count }

    /// Stores an object that is new or has changed, and gives it its revision.
    ///
    /// - Returns: the object as stored.
    @discardableResult
    mutating func put(_ object: JSONValue, at id: ObjectID) -> JSONValue {
        let before = self[id]
        revision += 1
        var object = object
        object[meta: "resourceVersion"] = .string(String(revision))
        index(before, object, at: id)
        record(before, object, at: id)
        if id.kind == BuiltInKinds.ID.definitions { defineKind(object) }
        reactions.add(.changed(id))
        return object
    }

    /// Takes an object out for good.
    ///
    /// - Returns: the object as it was last, with the revision of its end.
    @discardableResult
    mutating func remove(_ id: ObjectID) -> JSONValue? {
        guard let before = self[id] else { return nil }
        revision += 1
        index(before, nil, at: id)
        record(before, nil, at: id)
        if id.kind == BuiltInKinds.ID.definitions { dropKind(before) }
        alarms[id] = nil
        podStarts[before.uid] = nil
        reactions.add(.removed(id, before))
        var last = before
        last[meta: "resourceVersion"] = .string(String(revision))
        return last
    }

    /// The kinds changed since the last call.
    mutating func takeTouched() -> Set<Kind.ID> {
        defer { touched = [] }
        return touched
    }

    /// Puts one change onto its shelf.
    private mutating func record(_ before: JSONValue?, _ after: JSONValue?, at id: ObjectID) {
        let fresh = Shelf(history: ChangeHistory(capacity: settings.historyCapacity))
        shelves[id.kind, default: fresh].objects[id.key] = after
        shelves[id.kind, default: fresh].history
            .append(
                Change(revision: revision, key: id.key, before: before, after: after)
            )
        touched.insert(id.kind)
    }

    /// Keeps track of UIDs and owners.
    private mutating func index(_ before: JSONValue?, _ after: JSONValue?, at id: ObjectID) {
        for owner in before?.ownerUIDs ?? [] {
            dependents[owner]?.remove(id)
            if dependents[owner]?.isEmpty == true { dependents[owner] = nil }
        }
        for owner in after?.ownerUIDs ?? [] { dependents[owner, default: []].insert(id) }
        if let before, before.uid != after?.uid { places[before.uid] = nil }
        if let after { places[after.uid] = id }
    }

    /// Starts, changes or stops serving the kind of a definition.
    private mutating func defineKind(_ definition: JSONValue) {
        guard let kind = CustomKind.kind(of: definition) else { return dropKind(definition) }
        kinds.register(kind)
    }

    /// Stops serving the kind of a definition.
    ///
    /// Its history stays: watches have still to read of the last deletions.
    private mutating func dropKind(_ definition: JSONValue) {
        kinds.unregister(definition.name)
    }
}
