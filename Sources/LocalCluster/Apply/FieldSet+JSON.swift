import KubeModel

/// Field sets as `managedFields` has them.
///
/// - Source: Kubernetes API reference, FieldsV1.
extension FieldSet {
    /// Reads what `fieldsV1` holds; `nil` for what is none.
    ///
    /// Steps by an index, which only lists without keys have, are left out: such lists have one owner here.
    init?(_ json: JSONValue) {
        guard let steps = json.object else { return nil }
        for (text, below) in steps where text != "." && !text.hasPrefix("i:") {
            guard let step = FieldStep(text), let child = FieldSet(below), let parts = below.object else { return nil }
            if parts.isEmpty || parts["."] != nil { insert(step) }
            self[step] = child
        }
    }

    /// As `fieldsV1`.
    var json: JSONValue {
        var json: [String: JSONValue] = [:]
        for step in members { json[step.name] = [:] }
        for (step, child) in children {
            var below = child.json
            if members.contains(step) { below["."] = [:] }
            json[step.name] = below
        }
        return .object(json)
    }
}

extension FieldStep {
    /// Reads `f:name`, `k:{…}` or `v:…`.
    fileprivate init?(_ text: String) {
        let rest = String(text.dropFirst(2))
        // What is no JSON is no step.
        func value() -> JSONValue? { try? JSONValue(parsing: [UInt8](rest.utf8)) }
        switch text.prefix(2) {
        case "f:": self = .field(rest)
        case "k:":
            guard let members = value()?.object else { return nil }
            self = .key(members)
        case "v:":
            guard let value = value() else { return nil }
            self = .value(value)
        default: return nil
        }
    }

    /// What ``init(_:)`` reads.
    fileprivate var name: String {
        switch self {
        case .field(let name): "f:\(name)"
        case .key(let members): "k:\(JSONValue.object(members).text)"
        case .value(let value): "v:\(value.text)"
        }
    }
}
