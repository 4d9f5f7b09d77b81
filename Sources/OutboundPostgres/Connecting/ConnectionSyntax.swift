import Foundation
import Outbound

/// Reads the two ways to write a PostgreSQL connection string into one list of settings, the last of a name winning.
///
/// No error repeats any of the text: a password may stand anywhere in a string that is written wrongly.
///
/// - Source: PostgreSQL, "Connection Strings" in the chapter on libpq; where libpq and pgx differ, pgx, because
///   KEDA's users have written for it.
enum ConnectionSyntax {
    /// Reads either form; a text without `postgres://` or the like is a keyword list, also an empty one.
    static func settings(of text: String) throws(OutboundError) -> [String: String] {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.utf8.contains(0) else { throw refusal("holds a zero byte") }
        guard let colon = text.range(of: "://"), !text[..<colon.lowerBound].contains("=") else {
            return try keywords(text)
        }
        // SQLAlchemy names its driver after a plus sign: postgresql+psycopg2.
        let scheme = text[..<colon.lowerBound].lowercased().split(separator: "+", omittingEmptySubsequences: false)
        guard scheme.count <= 2, scheme[0] == "postgres" || scheme[0] == "postgresql" else {
            throw refusal("starts with a scheme other than postgres:// or postgresql://")
        }
        return try uri(Array(text[colon.upperBound...].utf8)[...])
    }

    /// An error that says what is wrong with the string.
    static func refusal(_ reason: String) -> OutboundError {
        OutboundError(.invalidRequest, "the connection string \(reason)")
    }
}
