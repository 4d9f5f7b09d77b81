/// Parses the text of one field: `*`, `?`, `a`, `a-b`, each with an optional `/step`, in a comma separated list.
///
/// Empty list elements are dropped (`1,,2` is `1,2`) and `a/n` means "from a to the maximum", both as KEDA reads them.
/// Unlike KEDA, `*-5` is refused: there it silently means `*`.
///
/// - Source: robfig/cron v3, `parser.go`, the grammar that KEDA's cron trigger accepts.
struct CronFieldParser {
    /// The field that the text belongs to.
    let field: CronField

    /// Parses a whole field.
    ///
    /// - Throws: `malformed`, `notAValue`, `outOfRange`, `wrappedRange` or `badStep`.
    func parse(_ text: Substring) throws(CronError) -> CronFieldSet {
        var values = CronFieldSet.empty
        for element in text.split(separator: ",") {
            values.formUnion(try parseElement(element))
        }
        // Only commas: KEDA takes it and never fires, which nobody can have meant.
        guard values.bits != 0 else { throw failure(.malformed, text, "has no value") }
        return values
    }

    /// Parses one element of the list.
    private func parseElement(_ element: Substring) throws(CronError) -> CronFieldSet {
        let parts = element.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2 else { throw failure(.malformed, element, "has too many slashes") }
        let step = parts.count == 2 ? try parseStep(parts[1], of: element) : nil
        if parts[0] == "*" || parts[0] == "?" {
            return CronFieldSet(field.range, by: step ?? 1, hasStar: (step ?? 1) == 1)
        }
        let range = try parseRange(parts[0], of: element, isOpenEnded: step != nil)
        return CronFieldSet(range, by: step ?? 1, hasStar: false)
    }

    /// Parses `a` or `a-b`; a single number with a step reaches to the field's maximum.
    private func parseRange(
        _ text: Substring,
        of element: Substring,
        isOpenEnded: Bool
    ) throws(CronError) -> ClosedRange<Int> {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count <= 2 else { throw failure(.malformed, element, "has too many hyphens") }
        let low = try parseValue(bounds[0], of: element)
        guard bounds.count == 2 else {
            try check(low...low, of: element)
            return low...(isOpenEnded ? field.range.upperBound : low)
        }
        let high = try parseValue(bounds[1], of: element)
        guard low <= high else {
            try check(high...high, of: element)
            try check(low...low, of: element)
            throw failure(.wrappedRange, element, "ends before it begins", suggestion: unwrapped(low, high, element))
        }
        try check(low...high, of: element)
        return low...high
    }

    /// Parses a number or name.
    private func parseValue(_ text: Substring, of element: Substring) throws(CronError) -> Int {
        if let value = field.number(of: text) { return value }
        throw failure(.notAValue, element, "is not a value of this field", suggestion: nearestName(to: text))
    }

    /// Parses the number after a slash.
    private func parseStep(_ text: Substring, of element: Substring) throws(CronError) -> Int {
        guard let step = Int(text), step > 0 else {
            throw failure(.badStep, element, "needs a positive whole number after the slash", suggestion: "\"*/5\"")
        }
        return step
    }

    /// Refuses numbers outside the field's range.
    private func check(_ values: ClosedRange<Int>, of element: Substring) throws(CronError) {
        guard values.lowerBound >= field.range.lowerBound else {
            throw failure(.outOfRange, element, "is below the minimum \(field.range.lowerBound)")
        }
        guard values.upperBound <= field.range.upperBound else {
            let problem = "is above the maximum \(field.range.upperBound)"
            throw failure(.outOfRange, element, problem, suggestion: sundayAsZero(values, element))
        }
    }

    /// What to write for a Sunday that was written as 7, the commonest out-of-range value there is.
    private func sundayAsZero(_ values: ClosedRange<Int>, _ element: Substring) -> String? {
        guard field == .dayOfWeek, values.upperBound == 7, !element.contains("/") else { return nil }
        return values.lowerBound == 7 ? "\"0\" for Sunday" : "\"\(values.lowerBound)-6,0\" (Sunday is 0)"
    }

    /// What to write for a range that runs over the end of the field, such as `22-2`.
    private func unwrapped(_ low: Int, _ high: Int, _ element: Substring) -> String? {
        guard !element.contains("/") else { return nil }
        return "\"\(low)-\(field.range.upperBound),\(field.range.lowerBound)-\(high)\""
    }

    /// The short name that a long one (`sunday`) begins with, or why other dialects' letters fail.
    private func nearestName(to text: Substring) -> String? {
        if let name = field.valueNames.first(where: { text.lowercased().hasPrefix($0) }) { return "\"\(name)\"" }
        let isExtension = field == .dayOfMonth || field == .dayOfWeek
        let hasLetter = text.contains { "LlWw#".contains($0) }
        return isExtension && hasLetter ? "a plain day: L, W and # do not exist here" : nil
    }

    /// An error about this field.
    private func failure(
        _ code: CronError.Code,
        _ text: Substring,
        _ problem: String,
        suggestion: String? = nil
    ) -> CronError {
        CronError(code, field: field, text, problem, allowed: field.allowed, suggestion: suggestion)
    }
}
