extension StructuralSchema {
    /// What the API server makes of an object before it checks it: members that the schema does not have are dropped,
    /// `null` where it is no value too, and defaults are filled in.
    ///
    /// - Source: Kubernetes, "Extend the Kubernetes API with CustomResourceDefinitions", field pruning, defaulting.
    /// - Complexity: O(values).
    public func completed(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members): .object(completed(members))
        case .array(let elements): .array(elements.map { element in items.first?.completed(element) ?? element })
        case .null, .bool, .integer, .number, .string: value
        }
    }

    /// The members of an object.
    private func completed(_ members: [String: JSONValue]) -> [String: JSONValue] {
        var whole: [String: JSONValue] = [:]
        for (name, value) in members {
            switch (properties[name], others) {
            case (let schema?, _), (nil, .checked(let schema)):
                if value != .null || schema.isNullable { whole[name] = schema.completed(value) }
            case (nil, .kept): whole[name] = value
            case (nil, .dropped): if kind != .object { whole[name] = value }
            }
        }
        for (name, schema) in properties where whole[name] == nil {
            whole[name] = schema.standard.map(schema.completed)
        }
        return whole
    }
}
