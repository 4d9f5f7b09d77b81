internal import Foundation

extension Decision {
    /// One line for people: what happens, and why.
    ///
    /// - Parameter engine: who scales while the workload is awake.
    /// - Returns: without a full stop.
    public func text(by engine: ScalingEngine) -> String {
        switch self {
        case .scale(let replicas, .activated): "a trigger is active: \(replicas) to begin with"
        case .scale(let replicas, .forced): "activation is forced by annotation: \(replicas) to begin with"
        case .scale(let replicas, .deactivated): "nothing is active for long enough: \(replicas)"
        case .scale(let replicas, .belowMinimum): "fewer than the minimum: \(replicas)"
        case .scale(let replicas, .recommended): "the metrics ask for it: \(replicas)"
        case .hold(.active): engine == .hpa ? "active: the HPA scales" : "active: the metrics scale it"
        case .hold(.inactive): "nothing is active"
        case .hold(.coolingDown(let end)): "nothing is active: cooling down until \(Self.clock.format(end))"
        case .hold(.scaleOutPaused): "active, but scaling out is paused"
        case .hold(.scaleInPaused): "nothing is active, but scaling in is paused"
        case .hold(.unknown): "not every trigger is known: nothing is scaled in"
        }
    }

    /// Hours, minutes and seconds, UTC.
    private static let clock = Date.ISO8601FormatStyle().time(includingFractionalSeconds: false)
}
