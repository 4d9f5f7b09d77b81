import Foundation

/// Fields as HTML forms and query texts have them: `name=value` pairs joined by `&`.
///
/// - Source: Go's `net/url`, `QueryEscape` and `ParseQuery`.
public enum FormEncoding {
    /// One text as part of a pair: letters, digits and `-_.~` stay, a space becomes `+`.
    public static func encode(_ text: String) -> String {
        // Fails only for text that is not Unicode, which a String cannot hold.
        (text.addingPercentEncoding(withAllowedCharacters: unchanged) ?? "").replacing(" ", with: "+")
    }

    /// Pairs, in the order given.
    public static func encode(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { "\(encode($0.name))=\(encode($0.value))" }.joined(separator: "&")
    }

    /// The pairs in a text; `nil` if it is none.
    public static func decode(_ text: String) -> [(name: String, value: String)]? {
        var pairs: [(name: String, value: String)] = []
        for part in text.split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decodePart(halves[0]), let value = decodePart(halves.count > 1 ? halves[1] : "") else {
                return nil
            }
            pairs.append((name, value))
        }
        return pairs
    }

    /// One part of a pair, decoded.
    private static func decodePart(_ text: Substring) -> String? {
        PercentEncoding.decode(text, isForm: true)
    }

    /// What stays as it is; a space is replaced after.
    private static let unchanged = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~ "
    )
}
