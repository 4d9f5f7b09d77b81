/// A page of metrics, read as Prometheus reads it.
public struct ScrapedPage: Sendable {
    /// One line with a value.
    public struct Sample: Sendable, Hashable {
        /// The metric's name, with `_bucket` and its like.
        public let name: String
        /// By name, without escapes.
        public let labels: [String: String]
        /// The number.
        public let value: Double
    }

    /// All lines with values, as they stand.
    public let samples: [Sample]
    /// `counter`, `gauge` or `histogram` by the metric's name.
    public let types: [String: String]

    /// Reads a page; `nil` if a line is not as the format says, or a metric is declared twice.
    public init?(_ page: String) {
        var samples: [Sample] = []
        var types: [String: String] = [:]
        for line in page.split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                let words = line.split(separator: " ")
                guard words.count == 4, types.updateValue(String(words[3]), forKey: String(words[2])) == nil else {
                    return nil
                }
            } else if !line.hasPrefix("# HELP ") {
                guard let sample = Self.sample(line) else { return nil }
                samples.append(sample)
            }
        }
        self.samples = samples
        self.types = types
    }

    /// The samples of a name that have these labels, whatever else they have.
    public func all(_ name: String, _ labels: [String: String] = [:]) -> [Sample] {
        samples.filter { sample in
            sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value }
        }
    }

    /// The value of the one sample of a name that has these labels; `nil` if there is none, or more than one.
    public subscript(_ name: String, _ labels: [String: String]) -> Double? {
        let found = all(name, labels)
        return found.count == 1 ? found[0].value : nil
    }

    /// The value of the one sample of a name; `nil` if there is none, or more than one.
    public subscript(_ name: String) -> Double? { self[name, [:]] }

    /// `name{label="value",…} number`.
    private static func sample(_ line: Substring) -> Sample? {
        let name = line.prefix { $0 != "{" && $0 != " " }
        var rest = line.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            repeat {
                rest.removeFirst()
                let label = rest.prefix { $0 != "=" }
                rest = rest.dropFirst(label.count + 1)
                guard let value = quoted(&rest), labels.updateValue(value, forKey: String(label)) == nil else {
                    return nil
                }
            } while rest.first == ","
            guard rest.popFirst() == "}" else { return nil }
        }
        let text = rest.dropFirst()
        guard rest.first == " ", let value = Double(text == "+Inf" ? "inf" : text) else { return nil }
        return Sample(name: String(name), labels: labels, value: value)
    }

    /// A text between quotes, without its escapes.
    private static func quoted(_ rest: inout Substring) -> String? {
        guard rest.popFirst() == "\"" else { return nil }
        var text = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return text
            case "\\":
                guard let escaped = rest.popFirst() else { return nil }
                text.append(escaped == "n" ? "\n" : escaped)
            default: text.append(character)
            }
        }
        return nil
    }
}
