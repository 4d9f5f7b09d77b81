internal import KubeModel
internal import Scaling

/// Takes objects out of questions.
enum ObjectReader {
    /// A ScaledObject without its status, or why it cannot be read.
    ///
    /// Triggers that are missing are none, as in Go.
    static func scaledObject(_ object: JSONValue) -> Result<ScaledObject, Unreadable> {
        var spec = object["spec"] ?? [:]
        spec["triggers"] = triggers(in: object)
        return read(["metadata": object["metadata"] ?? [:], "spec": spec])
    }

    /// The triggers of a ScaledJob, or why they cannot be read.
    static func scaledJobTriggers(_ object: JSONValue) -> Result<[ScaledObject.Trigger], Unreadable> {
        read(triggers(in: object), below: ["spec", "triggers"])
    }

    /// What an authentication says, or why it cannot be read.
    static func authentication(_ object: JSONValue) -> Result<AuthenticationSpec, Unreadable> {
        let spec = object["spec"] ?? [:]
        var rules: JSONValue = [:]
        // Only what there are rules for: a source that we cannot read must not keep these from being looked at.
        for source in ["podIdentity", "oauth2"] { rules[source] = spec[source] }
        return read(rules, below: ["spec"])
    }

    /// The list of triggers, empty where there is none.
    private static func triggers(in object: JSONValue) -> JSONValue {
        let triggers = object[path: "spec", "triggers"] ?? .null
        return triggers == .null ? .array([]) : triggers
    }

    /// An object of another shape than we know; the API server has checked it by its CRD, so it is let through.
    struct Unreadable: Error, Sendable, Hashable {
        /// Where it differs; its values may be secrets and are never repeated.
        let path: String

        /// As a warning.
        var warning: SpecProblem { SpecProblem(path, "cannot be read, so the object was not checked") }
    }

    /// A value as a type; the path of what does not fit begins below some keys.
    private static func read<Value: Decodable>(_ json: JSONValue, below keys: [String] = []) -> Result<
        Value, Unreadable
    > {
        do {
            return .success(try KubeJSON.decode(from: json))
        } catch {
            return .failure(Unreadable(path: path(of: error, below: keys)))
        }
    }

    /// Where a value does not fit.
    private static func path(of error: any Error, below keys: [String]) -> String {
        let inner: [any CodingKey] =
            switch error as? DecodingError {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            case .keyNotFound(let key, let context): context.codingPath + [key]
            default: []
            }
        var path = keys.joined(separator: ".")
        for key in inner {
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
        return path.isEmpty ? "spec" : path
    }
}
