public import Foundation
internal import ScalerKit
public import Scaling

/// What a cron trigger says over time, from the calendar alone.
public struct CronCalendar: Sendable {
    /// How often a window may change in one simulation: each minute of the longest range.
    private static let limit = SimulatedRange.longest * 1440

    /// The moments at which the window opens or closes.
    public let transitions: [CronWindow.Transition]
    /// The zone of the window.
    public let zone: TimeZone
    /// The pods that are wanted, as a trigger's value.
    let series: Series

    /// Works out a range.
    ///
    /// - Parameters:
    ///   - window: when pods are wanted.
    ///   - desired: how many.
    ///   - range: the moments of interest.
    public init(_ window: CronWindow, desired: Double, over range: SimulatedRange) {
        var transitions: [CronWindow.Transition] = []
        var series = Series()
        series.append(window.isOpen(at: range.start) ? desired : 0, at: range.start.timeIntervalSince1970)
        var moment = range.start
        while transitions.count < Self.limit, let next = window.nextTransition(after: moment), next.instant < range.end
        {
            transitions.append(next)
            series.append(next.opens ? desired : 0, at: next.instant.timeIntervalSince1970)
            moment = next.instant
        }
        self.transitions = transitions
        self.zone = (window.start.zone ?? window.zone).timeZone
        self.series = series
    }

    /// Reads a cron trigger's settings.
    ///
    /// - Throws: ``SimulationError`` for settings that no validation has passed.
    init(_ metadata: [String: String], label: String, over range: SimulatedRange) throws(SimulationError) {
        /// A setting without the space around it.
        func text(_ key: String) -> String {
            (metadata[key] ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        }
        guard let desired = Double(text("desiredReplicas")) else {
            throw SimulationError("\(label): desiredReplicas is no number")
        }
        do throws(CronError) {
            let window = try CronWindow(opens: text("start"), closes: text("end"), in: text("timezone"))
            self.init(window, desired: desired, over: range)
        } catch {
            throw SimulationError("\(label): \(error)")
        }
    }
}
