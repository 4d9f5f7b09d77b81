/// Columns in line.
struct TextTable {
    /// A line for each row, without space at its end.
    let lines: [String]

    /// Puts rows in line; all have as many columns.
    init(_ rows: [[String]]) {
        let columns = rows.first?.indices ?? 0..<0
        let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
        self.lines = rows.map { row in
            var line = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
                .joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// All lines.
    var text: String { lines.joined(separator: "\n") }
}
