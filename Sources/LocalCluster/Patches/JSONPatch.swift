import KubeModel

/// Lists of operations on a JSON document.
///
/// - Source: RFC 6902; pointers as RFC 6901.
enum JSONPatch {
    /// One operation.
    enum Operation: Sendable, Hashable {
        /// Sets a member, or inserts into a list.
        case add([String], JSONValue)
        /// Takes out what must be there.
        case remove([String])
        /// Sets what must be there.
        case replace([String], JSONValue)
        /// Takes out in one place and adds in another.
        case move(from: [String], to: [String])
        /// Adds what is in another place.
        case copy(from: [String], to: [String])
        /// Fails unless the value is this one.
        case test([String], JSONValue)
    }

    /// Operations at most.
    ///
    /// - Source: Kubernetes, `apiserver/pkg/endpoints/handlers/patch.go`, `maxJSONPatchOperations`.
    static let limit = 10_000

    /// Reads a patch.
    ///
    /// - Throws: 400 for what is no patch, 413 for too many operations.
    static func parse(_ body: JSONValue) throws(APIFailure) -> [Operation] {
        guard let list = body.array else { throw .badRequest("a JSON patch is a list of operations") }
        guard list.count <= limit else {
            throw APIFailure(
                413,
                .requestEntityTooLarge,
                "The allowed maximum operations in a JSON patch is \(limit), got \(list.count)"
            )
        }
        var operations: [Operation] = []
        for entry in list { operations.append(try operation(entry)) }
        return operations
    }

    /// Carries out all operations, or none.
    ///
    /// - Throws: 422 for one that does not fit, or a test that fails.
    static func apply(_ operations: [Operation], to document: JSONValue) throws(APIFailure) -> JSONValue {
        var document = document
        for operation in operations {
            guard perform(operation, on: &document) else {
                throw APIFailure(422, .invalid, "the server rejected our request due to an error in our request")
            }
        }
        return document
    }

    /// Reads one operation.
    private static func operation(_ entry: JSONValue) throws(APIFailure) -> Operation {
        guard let name = entry["op"]?.string, let path = entry["path"]?.string.flatMap(pointer) else {
            throw .badRequest("each operation of a JSON patch needs \"op\" and \"path\"")
        }
        let from = entry["from"]?.string.flatMap(pointer)
        switch (name, entry["value"], from) {
        case ("add", let value?, _): return .add(path, value)
        case ("replace", let value?, _): return .replace(path, value)
        case ("test", let value, _): return .test(path, value ?? .null)
        case ("remove", _, _): return .remove(path)
        case ("move", _, let from?): return .move(from: from, to: path)
        case ("copy", _, let from?): return .copy(from: from, to: path)
        default: throw .badRequest("\"\(name)\" is no complete operation of a JSON patch")
        }
    }

    /// The parts of a pointer; `nil` for a text that is none.
    private static func pointer(_ text: String) -> [String]? {
        if text.isEmpty { return [] }
        guard text.hasPrefix("/") else { return nil }
        return text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            .map {
                String($0).replacing("~1", with: "/").replacing("~0", with: "~")
            }
    }

    /// Carries out one operation; `false` if it does not fit.
    private static func perform(_ operation: Operation, on document: inout JSONValue) -> Bool {
        switch operation {
        case .add(let path, let value): return edit(&document, path[...]) { .insert(value) }
        case .replace(let path, let value):
            return find(document, path) != nil && edit(&document, path[...]) { .set(value) }
        case .remove(let path): return edit(&document, path[...]) { .remove }
        case .test(let path, let value): return (find(document, path) ?? .null) == value
        case .copy(let from, let to):
            guard let value = find(document, from) else { return false }
            return edit(&document, to[...]) { .insert(value) }
        case .move(let from, let to):
            guard let value = find(document, from), !(to.count > from.count && to.starts(with: from)) else {
                return false
            }
            return edit(&document, from[...]) { .remove } && edit(&document, to[...]) { .insert(value) }
        }
    }

    /// What happens at the end of a pointer.
    private enum Edit {
        /// Add, which in a list makes room.
        case insert(JSONValue)
        /// Replace.
        case set(JSONValue)
        /// Take out.
        case remove
    }

    /// Changes the place that a pointer names; `false` if there is no such place.
    private static func edit(_ value: inout JSONValue, _ path: ArraySlice<String>, _ make: () -> Edit) -> Bool {
        guard let first = path.first else {
            switch make() {
            case .insert(let new), .set(let new): value = new
            case .remove: return false
            }
            return true
        }
        let isLast = path.count == 1
        switch value {
        case .object(var members):
            guard !isLast else {
                switch make() {
                case .insert(let new), .set(let new): members[first] = new
                case .remove: guard members.removeValue(forKey: first) != nil else { return false }
                }
                value = .object(members)
                return true
            }
            guard var inner = members[first], edit(&inner, path.dropFirst(), make) else { return false }
            members[first] = inner
            value = .object(members)
            return true
        case .array(var elements):
            guard let index = index(first, elements.count, canAppend: isLast) else { return false }
            guard isLast else {
                guard edit(&elements[index], path.dropFirst(), make) else { return false }
                value = .array(elements)
                return true
            }
            switch make() {
            case .insert(let new): elements.insert(new, at: index)
            case .set(let new):
                guard index < elements.count else { return false }
                elements[index] = new
            case .remove:
                guard index < elements.count else { return false }
                elements.remove(at: index)
            }
            value = .array(elements)
            return true
        case .null, .bool, .integer, .number, .string: return false
        }
    }

    /// The place in a list that a part of a pointer names; `-` is behind the last.
    private static func index(_ text: String, _ count: Int, canAppend: Bool) -> Int? {
        if text == "-" { return canAppend ? count : nil }
        guard let index = Int(text), index >= 0, index < count || (canAppend && index == count) else { return nil }
        return index
    }

    /// The value that a pointer names.
    private static func find(_ document: JSONValue, _ path: [String]) -> JSONValue? {
        path.reduce(document) { value, part in
            guard let list = value?.array else { return value?[part] }
            return index(part, list.count, canAppend: false).map { list[$0] }
        }
    }
}
