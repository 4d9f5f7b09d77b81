/// Finds what somebody may have meant.
public enum NearestName {
    /// The candidate that differs least, without regard to case.
    ///
    /// - Returns: `nil` if even that differs in over a third, or in over two of few letters.
    /// - Complexity: O(candidates × length²) for candidates of about the same length; others cost nothing.
    public static func find(_ name: String, among candidates: [String]) -> String? {
        let letters = Array(name.lowercased().utf8)
        let limit = letters.count < 4 ? 1 : max(2, letters.count / 3)
        let near = candidates.map { ($0, Array($0.lowercased().utf8)) }
            .filter {
                abs($0.1.count - letters.count) <= limit
            }
        let scored = near.map { ($0.0, distance(letters, $0.1)) }
        guard let best = scored.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }) else { return nil }
        return best.1 <= limit ? best.0 : nil
    }

    /// Letters to insert, drop or replace (Levenshtein).
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (i, letter) in one.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, against) in other.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (letter == against ? 0 : 1))
                diagonal = above
            }
        }
        return row[other.count]
    }
}
