import KubeModel

/// How the store looks at objects that are plain JSON.
extension JSONValue {
    /// A member deep inside nested objects, by a path known only at run time.
    subscript(at path: ArraySlice<String>) -> JSONValue? {
        get {
            guard let first = path.first else { return self }
            return self[first]?[at: path.dropFirst()]
        }
        set {
            guard let first = path.first else { return }
            guard path.count > 1 else {
                self[first] = newValue
                return
            }
            guard newValue != nil || self[first] != nil else { return }
            var inner = self[first] ?? .object([:])
            inner[at: path.dropFirst()] = newValue
            self[first] = inner
        }
    }

    /// See ``subscript(at:)-(ArraySlice<String>)``.
    subscript(at path: [String]) -> JSONValue? {
        get { self[at: path[...]] }
        set { self[at: path[...]] = newValue }
    }

    /// A member of `metadata`.
    subscript(meta field: String) -> JSONValue? {
        get { self["metadata"]?[field] }
        set {
            var metadata = self["metadata"] ?? .object([:])
            metadata[field] = newValue
            self["metadata"] = metadata
        }
    }

    /// `metadata.name`, empty if there is none.
    var name: String { self[meta: "name"]?.string ?? "" }

    /// `metadata.namespace`, empty if there is none.
    var namespace: String { self[meta: "namespace"]?.string ?? "" }

    /// `metadata.uid`, empty if there is none.
    var uid: String { self[meta: "uid"]?.string ?? "" }

    /// `metadata.resourceVersion`.
    var resourceVersion: String? { self[meta: "resourceVersion"]?.string }

    /// `metadata.generation`, 0 for kinds without one.
    var generation: Int64 { self[meta: "generation"]?.integer ?? 0 }

    /// `metadata.labels`.
    var labels: [String: String] { strings(self[meta: "labels"]) }

    /// `metadata.annotations`.
    var annotations: [String: String] { strings(self[meta: "annotations"]) }

    /// `metadata.finalizers`.
    var finalizers: [String] { self[meta: "finalizers"]?.array?.compactMap(\.string) ?? [] }

    /// The UIDs in `metadata.ownerReferences`.
    var ownerUIDs: [String] { self[meta: "ownerReferences"]?.array?.compactMap { $0["uid"]?.string } ?? [] }

    /// The owner that manages this object, if one does.
    var controller: JSONValue? {
        self[meta: "ownerReferences"]?.array?.first { $0["controller"] == true }
    }

    /// Whether deletion was asked for.
    var isTerminating: Bool { self[meta: "deletionTimestamp"] != nil }

    /// A whole number deep inside; 0 where Go leaves out a zero.
    func count(_ path: String...) -> Int {
        self[at: path].flatMap(\.integer).map { Int(clamping: $0) } ?? 0
    }

    /// Without any member that is `null`, at any depth: typed API servers read `null` as absent.
    var withoutNulls: JSONValue {
        switch self {
        case .object(let members):
            .object(members.filter { $0.value != .null }.mapValues(\.withoutNulls))
        case .array(let elements): .array(elements.map(\.withoutNulls))
        case .null, .bool, .integer, .number, .string: self
        }
    }

    /// Without any member that is an empty list, at any depth: Go's types leave those out.
    var withoutEmptyLists: JSONValue {
        switch self {
        case .object(let members):
            .object(members.filter { $0.value != [] }.mapValues(\.withoutEmptyLists))
        case .array(let elements): .array(elements.map(\.withoutEmptyLists))
        case .null, .bool, .integer, .number, .string: self
        }
    }

    /// Without the parts of metadata that are empty, which is the same as none.
    var withoutHollowMetadata: JSONValue {
        var object = self
        for field in ["labels", "annotations", "finalizers", "ownerReferences"]
        where object[meta: field] == [:] || object[meta: field] == [] {
            object[meta: field] = nil
        }
        return object
    }

    /// The members of an object that are texts.
    private func strings(_ value: JSONValue?) -> [String: String] {
        value?.object?.compactMapValues(\.string) ?? [:]
    }

    /// Sets a member where there is none yet.
    mutating func fill(_ path: String..., with value: JSONValue) {
        if self[at: path] == nil { self[at: path] = value }
    }
}
