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
            for series in family.series.sorted(by: { $0.labels.text < $1.labels.text }) {
                switch series.value {
                case .number(let number): append(family.name, series.labels.text, number, to: &page)
                case .distribution(let distribution): append(family.name, series.labels.text, distribution, to: &page)
                }
            }
        }
        return page
    }

    /// One sample.
    private static func append(_ name: String, _ labels: String, _ value: Double, to page: inout String) {
        page += name
        if !labels.isEmpty {
            page += "{"
            page += labels
            page += "}"
        }
        page += " "
        page += number(value)
        page += "\n"
    }

    /// The samples of a histogram: buckets that include all smaller ones, the last without bound, then sum and count.
    private static func append(_ name: String, _ labels: String, _ distribution: Distribution, to page: inout String) {
        let others = labels.isEmpty ? "" : labels + ","
        var total: UInt64 = 0
        for (bound, count) in zip(distribution.bounds, distribution.counts) {
            total += count
            append(name + "_bucket", "\(others)le=\"\(number(bound))\"", Double(total), to: &page)
        }
        append(name + "_bucket", "\(others)le=\"+Inf\"", Double(distribution.count), to: &page)
        append(name + "_sum", labels, distribution.sum, to: &page)
        append(name + "_count", labels, Double(distribution.count), to: &page)
    }

    /// A number as Go reads it; whole numbers without a fraction.
    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map(String.init) ?? String(value)
    }

    /// Text within a line: backslashes and line feeds escaped, and quotes inside label values.
    static func escaped(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 }) else { return text }
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
