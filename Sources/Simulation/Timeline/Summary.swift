internal import Foundation
public import KubeModel

/// A timeline in a few numbers.
///
/// How the workload stands is looked at at each poll and each look of the HPA, and holds until the next one.
public struct Summary: Sendable, Hashable, Codable {
    /// How far above its target a load may be before pods count as too few, as the HPA's own tolerance is.
    ///
    /// - Source: kube-controller-manager, `--horizontal-pod-autoscaler-tolerance`.
    static let tolerance = 0.1

    /// Pods times hours, from the moment they are wanted.
    public var replicaHours: Double
    /// How often replicas became more.
    public var scaleUps: Int
    /// How often replicas became fewer.
    public var scaleDowns: Int
    /// The most pods at any time.
    public var peakReplicas: Int
    /// Seconds for which the ready pods had more than their target, and the HPA's tolerance of a tenth, to do.
    ///
    /// While no trigger is active, nothing is to be done.
    public var secondsUnderTarget: Double
    /// How often replicas left 0.
    public var wakesFromZero: Int
    /// The longest unbroken stretch of ``secondsUnderTarget``.
    public var longestBacklogSeconds: Double
    /// When that stretch began, if there was any.
    public var longestBacklogStart: Timestamp?

    /// Sums a timeline up.
    public init(_ timeline: Timeline) {
        let changes = timeline.steps.filter { $0.before != $0.after }
        let end = timeline.simulation.range.end.timeIntervalSince1970
        let ends = timeline.points.dropFirst().map(\.time) + [end]
        var (seconds, under) = (0.0, 0.0)
        var backlog: (start: Double, length: Double) = (0, 0)
        var longest = backlog
        for (point, end) in zip(timeline.points, ends) {
            let length = end - point.time
            seconds += Double(point.replicas) * length
            guard point.ratio > 1 + Self.tolerance else {
                backlog.length = 0
                continue
            }
            under += length
            if backlog.length == 0 { backlog.start = point.time }
            backlog.length += length
            if backlog.length > longest.length { longest = backlog }
        }
        self.replicaHours = seconds / 3600
        self.scaleUps = changes.count { $0.after > $0.before }
        self.scaleDowns = changes.count - scaleUps
        self.peakReplicas = timeline.points.map(\.replicas).max() ?? timeline.simulation.startReplicas
        self.secondsUnderTarget = under
        self.wakesFromZero = changes.count { $0.before == 0 }
        self.longestBacklogSeconds = longest.length
        self.longestBacklogStart =
            longest.length > 0 ? Timestamp(Date(timeIntervalSince1970: longest.start)) : nil
    }
}
