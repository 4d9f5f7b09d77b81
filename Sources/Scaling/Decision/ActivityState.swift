public import Foundation
internal import KubeModel

/// When an object was active, kept so that it is written only when activity begins and when it ends.
///
/// `status.lastActiveTime` holds the beginning while the object is active, and the last active moment once it is not.
/// After a restart an object whose Active condition is True counts as active up to the restart: its cooldown may last
/// longer than asked, never shorter.
public struct ActivityState: Sendable, Hashable {
    /// Whether the last known poll found the object active.
    public private(set) var isActive: Bool
    /// The last moment known to be active; `nil` if there was none.
    public private(set) var lastActive: Date?
    /// What `status.lastActiveTime` should hold.
    public private(set) var recorded: Date?

    /// Takes up where the status left off.
    ///
    /// - Parameters:
    ///   - status: as stored; `nil` for a new object.
    ///   - now: the time of the restart.
    public init(resuming status: ScaledObjectStatus?, now: Date) {
        self.isActive = status?[.active]?.status == .yes
        self.recorded = status?.lastActiveTime?.date
        self.lastActive = self.isActive ? now : self.recorded
    }

    /// The same after a time without polls: as after a restart, what was active counts as active until now.
    public func resumed(at now: Date) -> ActivityState {
        var resumed = self
        if isActive { resumed.lastActive = now }
        return resumed
    }

    /// Notes what a poll found.
    ///
    /// Not knowing is noted as not active: it ends what is known of the activity.
    public mutating func note(isActive: Bool, now: Date) {
        if isActive {
            if !self.isActive { recorded = now }
            lastActive = now
        } else if self.isActive {
            recorded = lastActive
        }
        self.isActive = isActive
    }
}
