internal import Foundation
internal import KubeModel

/// Decides what to tell of authentications that come, change and go.
///
/// Pure; the caller brings the time.
///
/// - Source: KEDA, `controllers/keda/triggerauthentication_controller.go`, which tells of every one at each start. Here
///   one that is older than Events live is no news.
struct AuthenticationNews {
    /// What has happened.
    enum Item: String, Sendable {
        case added = "Added"
        case updated = "Updated"
        case deleted = "Deleted"
    }

    /// How long the API server keeps Events, unless told otherwise.
    private static let lifetime: TimeInterval = 3600
    /// What is known, as it was last seen.
    private var known: [AuthenticationReference: ObjectMeta] = [:]

    /// An authentication is there.
    ///
    /// - Returns: what is to be told of it, if anything.
    mutating func saw(_ metadata: ObjectMeta, of reference: AuthenticationReference, now: Date) -> Item? {
        let former = known.updateValue(metadata, forKey: reference)
        if let former, former.uid == metadata.uid {
            return former.generation == metadata.generation ? nil : .updated
        }
        let age = metadata.creationTimestamp.map { now.timeIntervalSince($0.date) } ?? 0
        return metadata.generation == 1 && age < Self.lifetime ? .added : nil
    }

    /// An authentication is not there.
    ///
    /// - Returns: its last metadata, if it was there before.
    mutating func missed(_ reference: AuthenticationReference) -> ObjectMeta? {
        known.removeValue(forKey: reference)
    }
}
