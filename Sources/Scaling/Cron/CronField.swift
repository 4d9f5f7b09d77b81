/// One of the five fields of a cron expression, in the order in which they are written.
public enum CronField: Int, CaseIterable, Equatable, Sendable {
    /// Minute of the hour, 0 to 59.
    case minute
    /// Hour of the day, 0 to 23.
    case hour
    /// Day of the month, 1 to 31.
    case dayOfMonth
    /// Month of the year, 1 to 12 or `jan` to `dec`.
    case month
    /// Day of the week, 0 (Sunday) to 6 or `sun` to `sat`; 7 is not Sunday here.
    case dayOfWeek

    /// The field's name as error messages spell it.
    public var name: String {
        switch self {
        case .minute: "minute"
        case .hour: "hour"
        case .dayOfMonth: "day of month"
        case .month: "month"
        case .dayOfWeek: "day of week"
        }
    }

    /// The numbers that the field accepts.
    public var range: ClosedRange<Int> {
        switch self {
        case .minute: 0...59
        case .hour: 0...23
        case .dayOfMonth: 1...31
        case .month: 1...12
        case .dayOfWeek: 0...6
        }
    }

    /// Three-letter names, lower case, the first of which stands for the lowest number; empty where there are none.
    var valueNames: [String] {
        switch self {
        case .minute, .hour, .dayOfMonth: []
        case .month: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        case .dayOfWeek: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        }
    }

    /// What the field accepts, for error messages.
    var allowed: String {
        let numbers = "\(range.lowerBound)-\(range.upperBound)"
        guard let first = valueNames.first, let last = valueNames.last else {
            return "\(numbers), *, lists, ranges, steps"
        }
        return "\(numbers) or \(first)-\(last), *, lists, ranges, steps"
    }

    /// The number that a value stands for: decimal digits, or a name in any case.
    func number(of text: Substring) -> Int? {
        if let index = valueNames.firstIndex(of: text.lowercased()) { return range.lowerBound + index }
        return Int(text)
    }
}
