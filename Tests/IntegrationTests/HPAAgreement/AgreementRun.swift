import Foundation
import KubeModel
import Scaling
import TestKit

/// One series on its way: which of its steps the controller is told, and what our rules make of each look.
///
/// The controller asks for all metrics of an HPA in their order and has ended a look, its writes included, before it
/// begins the next look at the same HPA. So the first question of a look says that the effect of the former one is there,
/// and each look can be given what the rules, at the time of that question, say something certain about: where a window or
/// a period may end just now, all metrics fail instead, which changes nothing that is remembered.
struct AgreementRun: Sendable {
    /// What is to be lived through.
    let series: AgreementSeries
    /// Our rules in the controller's place.
    private var replay: AutoscalerReplay
    /// The step that is being told; past the end when the series is over.
    private var step = 0
    /// When the step was first told.
    private var stepBegan: Date?
    /// When the replicas were last changed.
    private var lastChange: Date?
    /// What this look is told.
    private var told: [[Int64]?] = []
    /// The looks so far, with times since 1970.
    private(set) var looks: [AutoscalerTrace.Look] = []

    /// How far a time may be from what the controller takes it to be, in seconds.
    ///
    /// It notes a recommendation just after the last answer, and a change after it has written the scale.
    static let uncertainty = 0.7

    /// Starts a series.
    init(_ series: AgreementSeries) {
        self.series = series
        self.replay = AutoscalerReplay(series.trace, replicas: series.replicas)
    }

    /// Whether all steps were told, and after them one look at which all metrics failed.
    var isOver: Bool { step > series.steps.count }

    /// The statuses that the HPA must have had, one after another, as far as they differ.
    var statuses: [AutoscalerStatus] { looks.map(\.status).withoutRepetitions }

    /// The trace of what was lived through.
    var trace: AutoscalerTrace {
        var trace = series.trace
        let began = looks.first?.at ?? 0
        trace.looks = looks.map { look in
            var look = look
            look.at = ((look.at - began) * 1000).rounded() / 1000
            return look
        }
        return trace
    }

    /// Answers a question for a metric.
    ///
    /// - Parameters:
    ///   - index: which one.
    ///   - now: when it was asked.
    ///   - seen: when a status of this HPA was first seen, if that was before.
    /// - Returns: the values, or nil for a failure.
    mutating func answer(_ index: Int, at now: Date, seen: Date?) -> [Int64]? {
        guard !isOver else { return nil }
        if index == 0 {
            catchUp(with: seen ?? now)
            told = reading(at: now)
        }
        if index == told.count - 1 { finishLook(at: now) }
        return told.indices.contains(index) ? told[index] : nil
    }

    /// Takes the looks at which the controller had no reason to ask: at 0 replicas, or beyond the bounds.
    private mutating func catchUp(with time: Date) {
        guard looks.isEmpty else { return }
        let bounds = replay.spec.minReplicas...replay.spec.maxReplicas
        if !bounds.contains(replay.replicas) { look([], at: time) }
        if let wakesTo = series.wakesTo { replay.replicas = wakesTo }
    }

    /// What a look that begins now is told.
    private mutating func reading(at now: Date) -> [[Int64]?] {
        if let stepBegan, isDone(since: stepBegan, now) {
            step += 1
            self.stepBegan = nil
        }
        let failing = series.trace.spec.metrics?.map { _ -> [Int64]? in nil } ?? []
        guard step < series.steps.count else { return failing }
        let wanted = series.steps[step].read
        guard isCertain(wanted, at: now) else { return failing }
        stepBegan = stepBegan ?? now
        return wanted
    }

    /// Whether a step has been told for long enough.
    private func isDone(since began: Date, _ now: Date) -> Bool {
        let step = series.steps[step]
        guard now.timeIntervalSince(began) >= step.lasting else { return false }
        guard step.settles else { return true }
        let behavior = replay.spec.behavior
        let periods = [behavior?.scaleUp, behavior?.scaleDown].compactMap { $0 }.flatMap(\.policies).map(\.period)
        let rest = (periods.max() ?? 0) + Self.uncertainty
        let isAtRest = lastChange.map { now.timeIntervalSince($0) > rest } ?? true
        return isAtRest && replay.status.able == "ReadyForNewScale" && replay.status.limited == "!DesiredWithinRange"
    }

    /// Whether the rules say the same a little earlier and a little later.
    private func isCertain(_ read: [[Int64]?], at now: Date) -> Bool {
        let statuses = [-Self.uncertainty, 0, Self.uncertainty]
            .map { shift in
                var replay = replay
                return replay.look(read, at: now.addingTimeInterval(shift))
            }
        return Set(statuses).count == 1
    }

    /// Lets the rules make of a look what they do.
    private mutating func finishLook(at now: Date) {
        let isClosing = step == series.steps.count
        look(told, at: now)
        if isClosing { step += 1 }
    }

    /// Takes one look.
    private mutating func look(_ read: [[Int64]?], at now: Date) {
        let from = replay.replicas
        let status = replay.look(read, at: now)
        if replay.replicas != from { lastChange = now }
        looks.append(.init(at: now.timeIntervalSince1970, read: read, from: from, status: status))
    }
}

extension Array where Element: Equatable {
    /// The elements without those that equal the one before them.
    var withoutRepetitions: [Element] {
        reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }
}
