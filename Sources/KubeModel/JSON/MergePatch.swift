/// JSON merge patches.
///
/// - Source: RFC 7386.
public enum MergePatch {
    /// The patch that turns one object into another; `nil` when there is nothing to do.
    ///
    /// Lists are replaced whole, as the format has it. A member that `new` lacks is removed with `null`.
    public static func difference(from old: JSONValue, to new: JSONValue) -> JSONValue? {
        if old == new { return nil }
        guard case .object(let before) = old, case .object(let after) = new else { return new }
        var patch: [String: JSONValue] = [:]
        for key in before.keys where after[key] == nil { patch[key] = .null }
        for (key, value) in after {
            patch[key] = before[key].map { difference(from: $0, to: value) } ?? value
        }
        return .object(patch)
    }

    /// The object after a patch.
    public static func apply(_ patch: JSONValue, to target: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var members = target.object ?? [:]
        for (key, change) in changes {
            if change == .null {
                members.removeValue(forKey: key)
            } else {
                members[key] = apply(change, to: members[key] ?? .null)
            }
        }
        return .object(members)
    }
}
