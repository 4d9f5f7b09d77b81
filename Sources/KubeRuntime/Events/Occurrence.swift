import Foundation
public import KubeModel

/// Something that happened to an object, as a caller says it.
public struct Occurrence: Sendable, Hashable {
    /// Whether it is good or bad.
    public enum Severity: String, Sendable, Hashable {
        case normal = "Normal"
        case warning = "Warning"
    }

    /// Whether it is good or bad.
    public var severity: Severity
    /// Why, for programs, such as `ScaledObjectReady`.
    public var reason: String
    /// What was being done, for programs.
    public var action: String
    /// For people; never a secret.
    public var note: String
    /// To what it happened.
    public var regarding: EventObject.Reference

    /// Makes an occurrence; texts longer than the API takes are cut.
    public init(
        _ severity: Severity,
        reason: String,
        action: String,
        note: String,
        regarding: EventObject.Reference
    ) {
        self.severity = severity
        self.reason = reason.cut(toBytes: 128)
        self.action = action.cut(toBytes: 128)
        self.note = note.cut(toBytes: 1024)
        self.regarding = regarding
    }
}

extension String {
    /// As much of the text as fits, whole characters only.
    ///
    /// - Source: Kubernetes, `pkg/apis/core/validation/events.go`, for the limits.
    func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var size = 0
        let end = indices.first { index in
            size += self[index].utf8.count
            return size > limit
        }
        return String(self[..<(end ?? endIndex)])
    }
}
