/// The page that Prometheus reads.
///
/// - Source: Prometheus, "Exposition formats", text format 0.0.4.
public enum PrometheusText {
    /// What the page is, for the `Content-Type` header.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Writes the page: families by name, series by labels, so that equal states give equal pages.
    public static func page(_ families: [MetricFamily]) -> String {
        var page = ""
        for family in families.sorted(by: { $0.name < $1.name }) where !family.series.isEmpty {
            page += "# HELP \(family.name) \(escaped(family.help, quotes: false))\n"
            page += "# TYPE \(family.name) \(family.kind.rawValue)\n"
            for (labels, value) in family.series.map({ (sorted($0.labels), $0.value) })
                .sorted(by: { precedes($0.0, $1.0) })
            {
                switch value {
                case .number(let number): page += line(family.name, labels, number)
                case .distribution(let distribution): page += lines(family.name, labels, distribution)
                }
            }
        }
        return page
    }

    /// A label with its value.
    private typealias Label = (name: String, value: String)

    /// Labels by name.
    private static func sorted(_ labels: [String: String]) -> [Label] {
        labels.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The order of series.
    private static func precedes(_ one: [Label], _ other: [Label]) -> Bool {
        one.lexicographicallyPrecedes(other) { ($0.name, $0.value) < ($1.name, $1.value) }
    }

    /// One sample.
    private static func line(_ name: String, _ labels: [Label], _ value: Double) -> String {
        let text = labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",")
        return text.isEmpty ? "\(name) \(number(value))\n" : "\(name){\(text)} \(number(value))\n"
    }

    /// The samples of a histogram: buckets that include all smaller ones, the last without bound, then sum and count.
    private static func lines(_ name: String, _ labels: [Label], _ distribution: Distribution) -> String {
        var text = ""
        var total: UInt64 = 0
        for (bound, count) in zip(distribution.bounds, distribution.counts) {
            total += count
            text += line(name + "_bucket", labels + [("le", number(bound))], Double(total))
        }
        text += line(name + "_bucket", labels + [("le", "+Inf")], Double(distribution.count))
        text += line(name + "_sum", labels, distribution.sum)
        text += line(name + "_count", labels, Double(distribution.count))
        return text
    }

    /// A number as Go reads it; whole numbers without a fraction.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map(String.init) ?? String(value)
    }

    /// Text within a line: backslashes and line feeds escaped, and quotes inside label values.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
