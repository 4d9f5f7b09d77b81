/// The labels of one series, written down once, as the page has them.
///
/// They stand in the order of their names, so that equal labels are equal texts.
public struct MetricLabels: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// The longest value in bytes; what users write may be of any length.
    private static let valueLimit = 512

    /// `code="200",verb="GET"`; empty where there are no labels.
    let text: String

    /// Writes labels down; a value that is too long is cut.
    public init(_ labels: [String: String] = [:]) {
        self.init(labels.map { ($0.key, $0.value) })
    }

    /// Writes labels down; of two with one name the first one counts.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements)
    }

    /// Writes labels down.
    private init(_ pairs: [(name: String, value: String)]) {
        var text = ""
        var former: String?
        for (name, value) in pairs.sorted(by: { $0.name < $1.name }) where name != former {
            if former != nil { text += "," }
            text += name
            text += "=\""
            text += PrometheusText.escaped(Self.bounded(value), quotes: true)
            text += "\""
            former = name
        }
        self.text = text
    }

    /// A value of bearable length.
    private static func bounded(_ value: String) -> String {
        guard value.utf8.count > valueLimit else { return value }
        var bounded = ""
        for character in value {
            guard bounded.utf8.count + character.utf8.count <= valueLimit else { break }
            bounded.append(character)
        }
        return bounded
    }
}
