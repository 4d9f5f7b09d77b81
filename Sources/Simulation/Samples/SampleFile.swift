internal import Foundation
internal import KubeModel

/// Samples of one trigger in the form `time,value`, a line for each.
///
/// Times are RFC 3339 or Unix seconds, rise, and are all of one form and one zone. A first line with names is passed
/// over. A sample holds until the next.
public struct SampleFile: Sendable {
    /// What may stand around a line.
    private static let margins = CharacterSet.whitespaces.union(CharacterSet(charactersIn: "\r\u{FEFF}"))
    /// What may stand around a cell.
    private static let quotes = CharacterSet.whitespaces.union(CharacterSet(charactersIn: "\""))

    /// The file as it was named.
    private let name: String
    /// How long a sample may hold, in seconds; `nil` for five times the file's usual step.
    private let longestHold: Double?
    /// What was read so far.
    private var series = Series()
    /// The line of each sample, from 1.
    private var lines: [Int] = []
    /// How the first time is written.
    private var form: Form?

    /// How a time is written.
    private enum Form: Equatable {
        /// Seconds since 1970.
        case unix
        /// RFC 3339 with this offset.
        case zone(String)
    }

    /// Reads a whole text.
    ///
    /// - Parameters:
    ///   - text: the file's.
    ///   - name: the file as it was named, for errors.
    ///   - range: every moment of which must have a sample.
    ///   - longestHold: how long a sample may hold; `nil` for five times the file's usual step.
    /// - Returns: the samples.
    /// - Throws: ``SimulationError`` that names file and line.
    public static func read(
        _ text: String,
        from name: String,
        over range: SimulatedRange,
        longestHold: Duration? = nil
    ) throws(SimulationError) -> Series {
        var file = SampleFile(name: name, longestHold: longestHold.map { $0 / .seconds(1) })
        var number = 0
        // By bytes: to Swift a carriage return with a newline is one character, which is no newline.
        for bytes in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let line = Substring(bytes).trimmingCharacters(in: Self.margins)
            if !line.isEmpty { try file.add(line, number) }
        }
        try file.check(range)
        return file.series
    }

    /// Starts a file.
    private init(name: String, longestHold: Double?) {
        self.name = name
        self.longestHold = longestHold
    }

    /// Adds a line.
    private mutating func add(_ line: String, _ number: Int) throws(SimulationError) {
        let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: Self.quotes) }
        guard cells.count == 2 else { throw problem(number, "must be time,value") }
        let (time, value) = (Self.time(cells[0]), Double(cells[1]))
        if lines.isEmpty, number == 1, time == nil, value == nil, cells[0].first?.isLetter == true { return }
        guard let (seconds, form) = time else {
            let isLocal = Self.time(cells[0] + "Z") != nil
            throw problem(
                number,
                isLocal
                    ? "the time has no zone: end it with Z for UTC, or with an offset such as +01:00"
                    : "the time is neither RFC 3339, such as 2026-11-21T09:00:00Z, nor Unix seconds"
            )
        }
        guard !cells[1].isEmpty else { throw problem(number, "a gap: there is no value") }
        guard let value, value.isFinite else { throw problem(number, "the value is no number") }
        if let first = self.form, first != form {
            throw problem(number, "the time is in another zone or form than in line \(lines[0]); write all in one")
        }
        if let last = series.times.last, seconds <= last {
            let what = seconds == last ? "the same time as" : "earlier than"
            throw problem(number, "out of order: \(what) line \(lines[lines.count - 1])")
        }
        self.form = form
        series.append(value, at: seconds)
        lines.append(number)
    }

    /// A time and how it is written; `nil` for what is none.
    private static func time(_ text: String) -> (seconds: Double, form: Form)? {
        if let seconds = Double(text) {
            return seconds.isFinite && abs(seconds) < 1e11 ? (seconds, .unix) : nil
        }
        guard text.utf8.count >= 20, let date = RFC3339.date(text) else { return nil }
        let isUTC = text.last == "Z" || text.last == "z"
        return (date.timeIntervalSince1970, .zone(isUTC ? "Z" : String(text.suffix(6))))
    }

    /// Looks for what is missing in a whole file.
    private func check(_ range: SimulatedRange) throws(SimulationError) {
        let (start, end) = (range.start.timeIntervalSince1970, range.end.timeIntervalSince1970)
        guard let first = series.times.first, let last = series.times.last else {
            throw SimulationError("\(name): it holds no sample")
        }
        guard first <= start else {
            throw problem(lines[0], "a gap: the first sample is later than --from, \(RFC3339.seconds(range.start))")
        }
        guard let limit = longestHold ?? usualLimit else { return }
        let hint = "a sample holds for \(Int(limit)) s at most; --max-gap lets it hold longer"
        for index in series.times.indices.dropFirst() where series.times[index] - series.times[index - 1] > limit {
            throw problem(
                lines[index],
                "a gap: nothing for \(Int(series.times[index] - series.times[index - 1])) s; \(hint)"
            )
        }
        guard end - last <= limit else {
            throw problem(lines[lines.count - 1], "a gap: nothing for the \(Int(end - last)) s up to --to; \(hint)")
        }
    }

    /// Five times the usual step: the lower median; `nil` for fewer than three steps, which tell nothing.
    private var usualLimit: Double? {
        let steps = zip(series.times.dropFirst(), series.times).map { $0 - $1 }.sorted()
        return steps.count < 3 ? nil : steps[(steps.count - 1) / 2] * 5
    }

    /// An error in a line.
    private func problem(_ line: Int, _ what: String) -> SimulationError {
        SimulationError("\(name):\(line): \(what)")
    }
}
