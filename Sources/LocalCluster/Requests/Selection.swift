import KubeModel

/// Which objects a list or a watch is about: label and field selectors.
struct Selection: Sendable {
    /// `nil` for all namespaces.
    var namespace: String?
    /// Which labels.
    var labels = LabelSelector()
    /// Which fields, as paths in the view's form.
    var fields: [FieldRequirement] = []

    /// One field that must, or must not, have a value.
    struct FieldRequirement: Sendable, Hashable {
        /// Where.
        var path: [String]
        /// With what.
        var value: String
        /// Equal or different.
        var isEqual: Bool
    }

    /// Reads the selectors of a request.
    ///
    /// - Throws: 400 for what cannot be read and for fields that the kind cannot be selected by.
    init(_ request: APIRequest, of target: ResourceTarget) throws(APIFailure) {
        self.namespace = target.namespace
        if let text = request[query: "labelSelector"], !text.isEmpty {
            do {
                self.labels = try LabelSelector(parsing: text)
            } catch {
                throw .badRequest("unable to parse requirement: \(error)")
            }
        }
        if let text = request[query: "fieldSelector"], !text.isEmpty {
            for term in text.split(separator: ",") { fields.append(try Self.requirement(String(term), of: target)) }
        }
        if let name = target.name {
            fields.append(FieldRequirement(path: ["metadata", "name"], value: name, isEqual: true))
        }
    }

    /// Reads `path=value`, `path==value` or `path!=value`.
    private static func requirement(
        _ term: String,
        of target: ResourceTarget
    ) throws(APIFailure) -> FieldRequirement {
        for (mark, isEqual) in [("!=", false), ("==", true), ("=", true)] {
            guard let range = term.firstRange(of: mark) else { continue }
            let (label, value) = (String(term[..<range.lowerBound]), String(term[range.upperBound...]))
            guard let path = target.kind.path(of: label, in: target.view) else {
                throw .badRequest("field label not supported: \(label)")
            }
            return FieldRequirement(path: path, value: value, isEqual: isEqual)
        }
        throw .badRequest("invalid field selector: \"\(term)\"; can't understand it")
    }

    /// Whether a stored object is meant; `kind` and `view` tell how its fields are called.
    func matches(_ object: JSONValue, _ kind: Kind, _ view: Kind.View) -> Bool {
        if let namespace, object.namespace != namespace { return false }
        guard labels.requirements.isEmpty || labels.matches(object.labels) else { return false }
        guard !fields.isEmpty else { return true }
        let shown = fields.allSatisfy { $0.path.first == "metadata" } ? object : view.show(object)
        return fields.allSatisfy { (shown[at: $0.path].map(Self.text) ?? "" == $0.value) == $0.isEqual }
    }

    /// Whether nothing narrows the kind but a namespace.
    var isPlain: Bool { labels.requirements.isEmpty && fields.isEmpty }

    /// A field's value as field selectors compare it.
    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .integer(let number): String(number)
        case .bool(let flag): String(flag)
        case .null, .number, .array, .object: ""
        }
    }

    /// Whether a structured selector (`matchLabels`, `matchExpressions`) selects labels; an unreadable one does not.
    static func selects(_ selector: JSONValue, _ labels: [String: String]) -> Bool {
        guard let selector = parsed(selector), !selector.requirements.isEmpty else { return false }
        return selector.matches(labels)
    }

    /// A structured selector, or one that is a text, as text; empty if there is none or it cannot be read.
    static func text(of selector: JSONValue?) -> String {
        guard let selector else { return "" }
        return selector.string ?? parsed(selector)?.description ?? ""
    }

    /// A structured selector; `nil` if it cannot be read, which then selects nothing.
    private static func parsed(_ selector: JSONValue) -> LabelSelector? {
        try? KubeJSON.decode(LabelSelector.self, from: selector)
    }
}

extension Kind {
    /// The path behind a field label.
    fileprivate func path(of label: String, in view: View) -> [String]? {
        switch label {
        case "metadata.name": ["metadata", "name"]
        case "metadata.namespace" where isNamespaced: ["metadata", "namespace"]
        default: (view.selectableFields ?? selectableFields)[label]
        }
    }
}
